#include <algorithm>
#include <cmath>

#include "kernel_test.h"

namespace wm {
namespace {

class EachKernelPeak : public EachKernel {};

float simple_peak(const float* input, std::size_t count) {
    float highest = 0;
    for (std::size_t k = 0; k < count; ++k) {
        highest = std::max(highest, std::abs(input[k]));
    }
    return highest;
}

TEST_P(EachKernelPeak, IsThatOfASimpleLoop) {
    const std::vector<float> signal = noise(100, 9);
    for (std::size_t count = 0; count <= signal.size(); ++count) {
        EXPECT_EQ(kernel().peak(signal.data(), count), simple_peak(signal.data(), count)) << count;
    }
}

double simple_energy(const float* input, std::size_t count) {
    double sum = 0;
    for (std::size_t k = 0; k < count; ++k) {
        sum += static_cast<double>(input[k]) * static_cast<double>(input[k]);
    }
    return sum;
}

/// A block's bits must not depend on where in a call it stands.
TEST_P(EachKernelPeak, AndEnergyOfBlocksAreThoseOfASimpleLoopForEveryNumberOfBlocks) {
    constexpr std::size_t kMaxBlocks = 19;
    const std::vector<float> signal = noise(kMaxBlocks * kPeakBlock + 3, 9);
    for (std::size_t num_blocks = 0; num_blocks <= kMaxBlocks; ++num_blocks) {
        std::vector<float> peaks(num_blocks + 1, -1.0F);
        std::vector<float> energies(num_blocks + 1, -1.0F);
        kernel().block_levels(signal.data() + 3, num_blocks, peaks.data(), energies.data());
        for (std::size_t b = 0; b < num_blocks; ++b) {
            const float* block = signal.data() + 3 + b * kPeakBlock;
            float peak_alone = 0;
            float energy_alone = 0;
            oracle().block_levels(block, 1, &peak_alone, &energy_alone);
            EXPECT_EQ(peaks[b], simple_peak(block, kPeakBlock)) << b;
            EXPECT_EQ(energies[b], energy_alone) << b;
            EXPECT_NEAR(energies[b], simple_energy(block, kPeakBlock), 1e-5) << b;
        }
        EXPECT_EQ(peaks[num_blocks], -1.0F);
        EXPECT_EQ(energies[num_blocks], -1.0F);
    }
}

TEST_P(EachKernelPeak, BetweenSamplesFollowsTheDefinition) {
    const std::vector<float> signal = noise(83, 9);
    const std::vector<float> taps = noise(18, 10);
    for (const std::size_t count : {8U, 64U, 72U}) {
        double highest = 0;
        for (std::size_t k = 0; k < count; ++k) {
            double quarter = 0;
            double half = 0;
            double three_quarters = 0;
            for (std::size_t j = 0; j < 6; ++j) {
                const double before = signal[k + 5 - j];
                const double after = signal[k + 6 + j];
                quarter += taps[j] * (before + after) + taps[6 + j] * (before - after);
                three_quarters += taps[j] * (before + after) - taps[6 + j] * (before - after);
                half += taps[12 + j] * (before + after);
            }
            highest = std::max({highest, std::abs(quarter), std::abs(half), std::abs(three_quarters)});
        }
        const float found = kernel().interpolated_peak(signal.data(), taps.data(), count);
        EXPECT_NEAR(found, highest, 1e-6) << count;
        EXPECT_EQ(found, oracle().interpolated_peak(signal.data(), taps.data(), count)) << count;
    }
}

INSTANTIATE_TEST_SUITE_P(Kernels, EachKernelPeak, testing::ValuesIn(runnable_kernels()), kernel_name);

} // namespace
} // namespace wm
