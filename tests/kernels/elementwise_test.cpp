#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "kernel_test.h"

namespace wm {
namespace {

class EachKernelElementwise : public EachKernel {};

/// Bit equality, and as much output as asked for, at every count up to a few vectors and at offsets that are not aligned.
TEST_P(EachKernelElementwise, PlainArrayKernelsHaveTheBitsOfTheOracleAtEveryCount) {
    const std::vector<float> input = noise(300, 3);
    const std::vector<float> taps = noise(15, 4);
    for (std::size_t count = 0; count <= 100; ++count) {
        const float* from = input.data() + count % 7;
        std::vector<float> expected(count + 1, 9.0F);
        std::vector<float> output(count + 1, 9.0F);
        const auto compare = [&](const char* what) {
            EXPECT_EQ(std::memcmp(output.data(), expected.data(), output.size() * sizeof(float)), 0) << what << count;
        };
        oracle().log2(from, count, expected.data());
        kernel().log2(from, count, output.data());
        compare("log2 ");
        oracle().exp2(from, count, expected.data());
        kernel().exp2(from, count, output.data());
        compare("exp2 ");
        oracle().symmetric_fir(from, taps.data(), taps.size(), count, expected.data());
        kernel().symmetric_fir(from, taps.data(), taps.size(), count, output.data());
        compare("symmetric_fir ");
        EXPECT_EQ(output[count], 9.0F);
        EXPECT_EQ(kernel().peak(from, count), oracle().peak(from, count)) << count;
    }
}

TEST_P(EachKernelElementwise, PolyphaseFirTakesEachOutputsPhaseAndPlace) {
    constexpr std::size_t kTaps = 16;
    constexpr std::size_t kCount = 64;
    const std::vector<float> input = noise(400, 6);
    for (const auto& [up, down, phase] : {std::array<std::size_t, 3>{3, 7, 2}, {160, 441, 57}, {2, 1, 1}, {1, 5, 0}}) {
        const std::vector<float> taps = noise(up * kTaps, 7);
        std::vector<float> output(kCount);
        std::vector<float> expected(kCount);
        kernel().polyphase_fir(input.data(), taps.data(), kTaps, up, down, phase, kCount, output.data());
        oracle().polyphase_fir(input.data(), taps.data(), kTaps, up, down, phase, kCount, expected.data());
        EXPECT_EQ(output, expected);
        for (std::size_t k = 0; k < kCount; ++k) {
            const std::size_t place = phase + k * down;
            double sum = 0;
            for (std::size_t j = 0; j < kTaps; ++j) {
                sum += static_cast<double>(taps[place % up * kTaps + j]) * input[place / up + j];
            }
            EXPECT_NEAR(output[k], sum, 1e-5) << up << '/' << down << ' ' << k;
        }
    }
}

TEST_P(EachKernelElementwise, UnpackedPowerIsThePowerOfWhatUnpackGives) {
    constexpr std::size_t kSize = 128;
    constexpr std::size_t kFirst = 5;
    constexpr std::size_t kCount = 50;
    const std::vector<ComplexLanes> z = noise_lanes(kSize, 5);
    std::vector<ComplexLanes> spectra[2] = {std::vector<ComplexLanes>(kSize / 2 + 1),
                                            std::vector<ComplexLanes>(kSize / 2 + 1)};
    kernel().unpack(z.data(), kSize, spectra[0].data(), spectra[1].data());
    std::vector<RealLanes> powers[2] = {std::vector<RealLanes>(kCount), std::vector<RealLanes>(kCount)};
    kernel().unpacked_power(z.data(), kSize, kFirst, kCount, powers[0].data(), powers[1].data());
    for (int half = 0; half < 2; ++half) {
        for (std::size_t k = 0; k < kCount; ++k) {
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                const ComplexLanes& bin = spectra[half][kFirst + k];
                EXPECT_NEAR(powers[half][k].value[lane], bin.re[lane] * bin.re[lane] + bin.im[lane] * bin.im[lane],
                            1e-5);
            }
        }
    }
}

TEST_P(EachKernelElementwise, SpectrumKernelsHaveTheBitsOfTheOracle) {
    constexpr std::size_t kSize = 128;
    constexpr std::size_t kBins = kSize / 2 + 1;
    const std::vector<ComplexLanes> z = noise_lanes(kSize, 5);
    const auto run = [&](const Kernels& k) {
        std::vector<RealLanes> power(kSize);
        std::vector<ComplexLanes> a(kBins);
        std::vector<ComplexLanes> b(kBins);
        std::vector<ComplexLanes> scaled = z;
        std::vector<ComplexLanes> packed(kSize);
        k.packed_power(z.data(), kSize, power.data());
        k.power_add(z.data(), kSize, power.data());
        k.packed_scale(power.data(), kSize, scaled.data());
        k.unpack(z.data(), kSize, a.data(), b.data());
        k.pack(a.data(), b.data(), kSize, packed.data());
        std::vector<float> all;
        for (const auto* lanes : {&a, &b, &scaled, &packed}) {
            for (const ComplexLanes& value : *lanes) {
                all.insert(all.end(), std::begin(value.re), std::end(value.re));
                all.insert(all.end(), std::begin(value.im), std::end(value.im));
            }
        }
        for (const RealLanes& value : power) {
            all.insert(all.end(), std::begin(value.value), std::end(value.value));
        }
        return all;
    };
    const std::vector<float> expected = run(oracle());
    const std::vector<float> output = run(kernel());
    EXPECT_EQ(std::memcmp(output.data(), expected.data(), output.size() * sizeof(float)), 0);
}

TEST_P(EachKernelElementwise, Log2IsAccurate) {
    for (int step = -1259; step < 1279; ++step) {
        const float input = std::exp2(static_cast<float>(step) * 0.1F + 0.037F);
        float output = 0;
        kernel().log2(&input, 1, &output);
        const double expected = std::log2(static_cast<double>(input));
        EXPECT_NEAR(output, expected, 2e-7 * std::max(1.0, std::abs(expected))) << input;
    }
    for (int step = -300; step <= 300; ++step) {
        const float input = 1.0F + static_cast<float>(step) * 0.00003F;
        float output = 0;
        kernel().log2(&input, 1, &output);
        EXPECT_NEAR(output, std::log2(static_cast<double>(input)), 4e-7 * std::abs(output)) << input;
    }
}

TEST_P(EachKernelElementwise, Log2OfWhatHasNoLogarithmIsDefined) {
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    const float input[] = {0.0F, -0.0F, -1.0F, 1e-42F, std::numeric_limits<float>::quiet_NaN(), kInfinity, -kInfinity};
    float output[7];
    kernel().log2(input, 7, output);
    const float expected[] = {-126, -126, -126, -126, -126, 128, -126};
    for (int k = 0; k < 7; ++k) {
        EXPECT_EQ(output[k], expected[k]) << k;
    }
}

TEST_P(EachKernelElementwise, Exp2IsAccurateAndClamped) {
    for (int step = -12600; step <= 12700; ++step) {
        const float input = static_cast<float>(step) * 0.01F;
        float output = 0;
        kernel().exp2(&input, 1, &output);
        const double expected = std::exp2(static_cast<double>(input));
        EXPECT_NEAR(output, expected, 3e-7 * expected) << input;
    }
    const float input[] = {-1000.0F, 1000.0F, std::numeric_limits<float>::quiet_NaN(), 3.0F};
    float output[4];
    kernel().exp2(input, 4, output);
    EXPECT_EQ(output[0], std::ldexp(1.0F, -126));
    EXPECT_EQ(output[1], std::ldexp(1.0F, 127));
    EXPECT_EQ(output[2], std::ldexp(1.0F, -126));
    EXPECT_EQ(output[3], 8.0F);
}

INSTANTIATE_TEST_SUITE_P(Kernels, EachKernelElementwise, testing::ValuesIn(runnable_kernels()), kernel_name);

} // namespace
} // namespace wm
