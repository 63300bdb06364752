#include <cmath>
#include <complex>
#include <cstring>

#include <kissfft/kiss_fft.h>

#include "kernel_test.h"
#include "kernels/fft_tables.h"
#include "kernels/unit_root.h"

namespace wm {
namespace {

class EachKernelFft : public EachKernel {};

constexpr std::size_t kSizes[] = {64, 128, 256, 512, 1024, 2048, 4096, 16384};

std::vector<std::complex<double>> kiss(const std::vector<ComplexLanes>& input, std::size_t lane, bool inverse) {
    const int size = static_cast<int>(input.size());
    kiss_fft_cfg config = kiss_fft_alloc(size, inverse ? 1 : 0, nullptr, nullptr);
    std::vector<kiss_fft_cpx> in(input.size());
    std::vector<kiss_fft_cpx> out(input.size());
    for (std::size_t k = 0; k < input.size(); ++k) {
        in[k] = {input[k].re[lane], input[k].im[lane]};
    }
    kiss_fft(config, in.data(), out.data());
    kiss_fft_free(config);
    std::vector<std::complex<double>> spectrum;
    spectrum.reserve(out.size());
    for (const kiss_fft_cpx& bin : out) {
        spectrum.emplace_back(bin.r, bin.i);
    }
    return spectrum;
}

bool same_bits(const std::vector<ComplexLanes>& a, const std::vector<ComplexLanes>& b) {
    return std::memcmp(a.data(), b.data(), a.size() * sizeof(ComplexLanes)) == 0;
}

TEST_P(EachKernelFft, AgreesWithKissFftInBothDirections) {
    for (const std::size_t size : kSizes) {
        const FftTables tables(size);
        const std::vector<ComplexLanes> input = noise_lanes(size);
        for (const bool inverse : {false, true}) {
            std::vector<ComplexLanes> output(size);
            (inverse ? kernel().fft_inverse : kernel().fft_forward)(tables.plan(), input.data(), output.data());
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                const auto expected = kiss(input, lane, inverse);
                double error = 0;
                double energy = 0;
                for (std::size_t k = 0; k < size; ++k) {
                    const std::complex<double> bin(output[k].re[lane], output[k].im[lane]);
                    error += std::norm(bin - expected[k]);
                    energy += std::norm(expected[k]);
                }
                EXPECT_LT(std::sqrt(error / energy), 1e-6) << size << " lane " << lane;
            }
        }
    }
}

TEST_P(EachKernelFft, HasTheBitsOfTheScalarOracle) {
    for (const std::size_t size : kSizes) {
        const FftTables tables(size);
        const std::vector<ComplexLanes> input = noise_lanes(size, 7);
        std::vector<ComplexLanes> expected(size);
        std::vector<ComplexLanes> output(size);
        oracle().fft_forward(tables.plan(), input.data(), expected.data());
        kernel().fft_forward(tables.plan(), input.data(), output.data());
        EXPECT_TRUE(same_bits(output, expected)) << "forward " << size;
        oracle().fft_inverse(tables.plan(), input.data(), expected.data());
        kernel().fft_inverse(tables.plan(), input.data(), output.data());
        EXPECT_TRUE(same_bits(output, expected)) << "inverse " << size;
    }
}

TEST_P(EachKernelFft, TurnsAnImpulseIntoAFlatSpectrumExactly) {
    const FftTables tables(256);
    std::vector<ComplexLanes> input(256);
    std::vector<ComplexLanes> output(256);
    input[0].re[3] = 2;
    kernel().fft_forward(tables.plan(), input.data(), output.data());
    for (const ComplexLanes& bin : output) {
        EXPECT_EQ(bin.re[3], 2.0F);
        EXPECT_EQ(bin.im[3], 0.0F);
        EXPECT_EQ(bin.re[2], 0.0F);
    }
}

TEST_P(EachKernelFft, PutsACosineOnItsTwoBins) {
    constexpr std::size_t kSize = 1024;
    constexpr std::size_t kBin = 37;
    const FftTables tables(kSize);
    std::vector<ComplexLanes> input(kSize);
    std::vector<ComplexLanes> output(kSize);
    for (std::size_t j = 0; j < kSize; ++j) {
        input[j].re[5] = static_cast<float>(unit_root(static_cast<std::int64_t>(j * kBin), kSize).cos);
    }
    kernel().fft_forward(tables.plan(), input.data(), output.data());
    for (std::size_t k = 0; k < kSize; ++k) {
        const float expected = k == kBin || k == kSize - kBin ? kSize / 2 : 0;
        EXPECT_NEAR(output[k].re[5], expected, 1e-3) << k;
        EXPECT_NEAR(output[k].im[5], 0, 1e-3) << k;
    }
}

INSTANTIATE_TEST_SUITE_P(Kernels, EachKernelFft, testing::ValuesIn(runnable_kernels()), kernel_name);

TEST(UnitRoot, IsWithinOneUlpOfLibm) {
    for (std::int64_t k = -2000; k <= 2000; ++k) {
        const double angle = 2 * 3.14159265358979323846 * static_cast<double>(k) / 1000;
        EXPECT_NEAR(unit_root(k, 1000).cos, std::cos(angle), 4e-15) << k;
        EXPECT_NEAR(unit_root(k, 1000).sin, std::sin(angle), 4e-15) << k;
    }
    EXPECT_EQ(unit_root(1, 4).cos, 0.0);
    EXPECT_EQ(unit_root(1, 2).cos, -1.0);
    EXPECT_EQ(unit_root(3, 4).sin, -1.0);
}

TEST(FftTables, KnowsItsSizes) {
    EXPECT_TRUE(has_fft_kernel(64));
    EXPECT_TRUE(has_fft_kernel(16384));
    EXPECT_FALSE(has_fft_kernel(32));
    EXPECT_FALSE(has_fft_kernel(1000));
    EXPECT_FALSE(has_fft_kernel(32768));
}

} // namespace
} // namespace wm
