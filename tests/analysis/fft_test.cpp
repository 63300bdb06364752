#include "analysis/fft.h"

#include <cmath>
#include <complex>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace wm {
namespace {

std::vector<ComplexLanes> random_lanes(std::size_t size, std::uint32_t seed) {
    std::vector<ComplexLanes> lanes(size);
    std::uint32_t state = seed;
    const auto next = [&state] {
        state = state * 1664525U + 1013904223U;
        return static_cast<float>(state >> 8) / 8388608.0F - 1.0F;
    };
    for (ComplexLanes& element : lanes) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            element.re[lane] = next();
            element.im[lane] = next();
        }
    }
    return lanes;
}

double energy(const std::vector<ComplexLanes>& lanes, std::size_t lane) {
    double sum = 0;
    for (const ComplexLanes& element : lanes) {
        sum += std::norm(std::complex<double>(element.re[lane], element.im[lane]));
    }
    return sum;
}

/// One bin by the definition, in double.
std::complex<double> dft_bin(const std::vector<ComplexLanes>& input, std::size_t lane, std::size_t bin) {
    std::complex<double> sum = 0;
    for (std::size_t j = 0; j < input.size(); ++j) {
        const double turns = static_cast<double>(j * bin % input.size()) / static_cast<double>(input.size());
        sum += std::complex<double>(input[j].re[lane], input[j].im[lane]) * std::polar(1.0, -2 * M_PI * turns);
    }
    return sum;
}

RC_GTEST_PROP(BatchFft, EverySizeFollowsTheDefinitionOfTheTransform, ()) {
    const auto size = *rc::gen::element<std::size_t>(1, 2, 7, 32, 60, 64, 100, 128, 441, 512, 1000, 1024);
    const std::vector<ComplexLanes> input = random_lanes(size, *rc::gen::arbitrary<std::uint32_t>());
    std::vector<ComplexLanes> output(size);
    BatchFft fft(size);
    fft.forward(input.data(), output.data());
    const auto lane = *rc::gen::inRange<std::size_t>(0, kLanes);
    const auto bin = *rc::gen::inRange<std::size_t>(0, size);
    const std::complex<double> found(output[bin].re[lane], output[bin].im[lane]);
    RC_ASSERT(std::abs(found - dft_bin(input, lane, bin)) < 2e-6 * static_cast<double>(size) + 1e-6);
}

RC_GTEST_PROP(BatchFft, InverseAfterForwardMultipliesBySize, ()) {
    const auto size = *rc::gen::element<std::size_t>(1, 30, 64, 256, 600, 2048, 4096, 16384);
    const std::vector<ComplexLanes> input = random_lanes(size, *rc::gen::arbitrary<std::uint32_t>());
    std::vector<ComplexLanes> spectrum(size);
    std::vector<ComplexLanes> output(size);
    BatchFft fft(size);
    fft.forward(input.data(), spectrum.data());
    fft.inverse(spectrum.data(), output.data());
    for (std::size_t k = 0; k < size; ++k) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            RC_ASSERT(std::abs(output[k].re[lane] / static_cast<float>(size) - input[k].re[lane]) < 2e-6F);
            RC_ASSERT(std::abs(output[k].im[lane] / static_cast<float>(size) - input[k].im[lane]) < 2e-6F);
        }
    }
}

RC_GTEST_PROP(BatchFft, KeepsTheEnergyOfEachLane, ()) {
    const auto size = *rc::gen::element<std::size_t>(64, 90, 512, 1024, 4096);
    const std::vector<ComplexLanes> input = random_lanes(size, *rc::gen::arbitrary<std::uint32_t>());
    std::vector<ComplexLanes> output(size);
    BatchFft(size).forward(input.data(), output.data());
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const double ratio = energy(output, lane) / (energy(input, lane) * static_cast<double>(size));
        RC_ASSERT(std::abs(ratio - 1) < 1e-5);
    }
}

TEST(BatchFft, TurnsAConstantIntoBinZeroAlone) {
    for (const std::size_t size : {60U, 1024U}) {
        std::vector<ComplexLanes> input(size);
        std::vector<ComplexLanes> output(size);
        for (ComplexLanes& element : input) {
            element.re[4] = 0.5F;
        }
        BatchFft(size).forward(input.data(), output.data());
        EXPECT_FLOAT_EQ(output[0].re[4], 0.5F * static_cast<float>(size));
        for (std::size_t k = 1; k < size; ++k) {
            EXPECT_NEAR(std::hypot(output[k].re[4], output[k].im[4]), 0, 1e-5) << size << " bin " << k;
        }
    }
}

} // namespace
} // namespace wm
