#include <array>
#include <cmath>
#include <cstdint>

#include "kernel_test.h"

namespace wm {
namespace {

class EachKernelDither : public EachKernel {};

constexpr std::array<std::int32_t, 16> kStates = {1,  -1, 2,   77777, -123456789, 0x7FFFFFFF, 0x55555555, -99,
                                                  12, 13, -14, 15,    1600000000, 17,         -18,        19};

TEST_P(EachKernelDither, NoiseIsTheDifferenceOfTheHalvesOfXorshiftWords) {
    constexpr std::size_t kCount = 800;
    std::array<std::int32_t, 16> states = kStates;
    std::vector<float> noise(kCount);
    kernel().tpdf_noise(states.data(), kCount, noise.data());
    std::array<std::uint32_t, 16> words;
    std::copy(kStates.begin(), kStates.end(), words.begin());
    for (std::size_t k = 0; k < kCount; ++k) {
        std::uint32_t& word = words[k % 16];
        word ^= word << 13;
        word ^= word >> 17;
        word ^= word << 5;
        EXPECT_EQ(noise[k], (static_cast<float>(word >> 16) - static_cast<float>(word & 0xFFFF)) / 65536) << k;
    }
    for (std::size_t lane = 0; lane < 16; ++lane) {
        EXPECT_EQ(static_cast<std::uint32_t>(states[lane]), words[lane]);
    }
}

/// Left-justified integers over the whole range, full scale among them.
std::vector<std::int32_t> hosts(std::size_t count) {
    std::vector<std::int32_t> samples(count);
    for (std::size_t k = 0; k < count; ++k) {
        samples[k] = static_cast<std::int32_t>(static_cast<std::uint32_t>(k) * 2654435761U);
    }
    samples[count / 2] = INT32_MAX;
    samples[count / 3] = INT32_MIN;
    return samples;
}

/// Some are zero, most are small, some go beyond full scale.
std::vector<float> residuals(std::size_t count) {
    std::vector<float> samples = noise(count, 3);
    for (std::size_t k = 0; k < count; ++k) {
        samples[k] *= k % 7 == 0 ? 0.0F : k % 11 == 0 ? 3.0F : 0.01F;
    }
    return samples;
}

TEST_P(EachKernelDither, MarkedSamplesAreRoundedInStepsAndCutAndOthersStay) {
    constexpr std::size_t kCount = 1003;
    const std::vector<std::int32_t> host = hosts(kCount);
    const std::vector<float> residual = residuals(kCount);
    const std::vector<float> dither = noise(kCount, 4);
    for (const int bits : {8, 16, 20, 24}) {
        std::vector<std::int32_t> out(kCount);
        const std::size_t num_cut =
            kernel().add_dithered(host.data(), residual.data(), dither.data(), kCount, bits, out.data());
        const std::int64_t step = std::int64_t{1} << (32 - bits);
        std::size_t expected_cut = 0;
        for (std::size_t k = 0; k < kCount; ++k) {
            const float bounded = std::min(std::max(residual[k], -2.0F), 2.0F);
            const float wanted = bounded * std::ldexp(1.0F, bits - 1) + dither[k];
            const std::int64_t delta = residual[k] == 0.0F ? 0 : static_cast<std::int64_t>(std::round(wanted));
            const std::int64_t whole = (host[k] >> (32 - bits)) + delta;
            const std::int64_t high = (std::int64_t{1} << (bits - 1)) - 1;
            const std::int64_t cut = std::min(std::max(whole, -1 - high), high);
            expected_cut += cut == whole || cut == host[k] >> (32 - bits) ? 0 : 1;
            const std::int64_t below = host[k] & (step - 1);
            EXPECT_NEAR(static_cast<double>(out[k]), static_cast<double>(cut * step + below),
                        bits == 24 ? static_cast<double>(step) : 0.0) // a float of 24 bits and a half may round up
                << bits << " bits, " << k;
        }
        EXPECT_GT(num_cut, 0U);
        EXPECT_EQ(num_cut, expected_cut) << bits;
    }
}

TEST_P(EachKernelDither, MixesAnyNumberOfSamplesAsTheOracleDoesAndWritesNoFurther) {
    const std::vector<std::int32_t> host = hosts(64);
    const std::vector<float> residual = residuals(64);
    const std::vector<float> dither = noise(64, 5);
    for (std::size_t count = 0; count < 64; ++count) {
        std::vector<std::int32_t> out(65, 12345);
        std::vector<std::int32_t> expected(65, 12345);
        EXPECT_EQ(kernel().add_dithered(host.data(), residual.data(), dither.data(), count, 16, out.data()),
                  oracle().add_dithered(host.data(), residual.data(), dither.data(), count, 16, expected.data()));
        EXPECT_EQ(out, expected) << count;
    }
}

INSTANTIATE_TEST_SUITE_P(Kernels, EachKernelDither, testing::ValuesIn(runnable_kernels()), kernel_name);

} // namespace
} // namespace wm
