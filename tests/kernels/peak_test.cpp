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

TEST_P(EachKernelPeak, OfBlocksIsThatOfASimpleLoopForEveryNumberOfBlocks) {
    constexpr std::size_t kMaxBlocks = 19;
    const std::vector<float> signal = noise(kMaxBlocks * kPeakBlock + 3, 9);
    for (std::size_t num_blocks = 0; num_blocks <= kMaxBlocks; ++num_blocks) {
        std::vector<float> peaks(num_blocks + 1, -1.0F);
        kernel().block_peaks(signal.data() + 3, num_blocks, peaks.data());
        for (std::size_t b = 0; b < num_blocks; ++b) {
            EXPECT_EQ(peaks[b], simple_peak(signal.data() + 3 + b * kPeakBlock, kPeakBlock)) << b;
        }
        EXPECT_EQ(peaks[num_blocks], -1.0F);
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
