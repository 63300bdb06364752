#include "fingerprint/mono_resampler.h"

#include <gtest/gtest.h>

#include "music.h"

namespace wm {
namespace {

std::vector<float> resampled(const std::vector<float>& input, int rate_hz, std::size_t block_samples) {
    MonoResampler resampler(rate_hz);
    std::vector<float> output;
    for (std::size_t start = 0; start < input.size(); start += block_samples) {
        resampler.push(input.data() + start, std::min(block_samples, input.size() - start), output);
    }
    resampler.finish(output);
    return output;
}

float peak_of_middle(const std::vector<float>& samples) {
    float peak = 0;
    for (std::size_t k = samples.size() / 4; k < samples.size() * 3 / 4; ++k) {
        peak = std::max(peak, std::abs(samples[k]));
    }
    return peak;
}

class EachRate : public testing::TestWithParam<int> {};

TEST_P(EachRate, ASineStaysWhatItIsAndWhereItIs) {
    const int rate_hz = GetParam();
    const auto num_samples = static_cast<std::size_t>(rate_hz / 4);
    const std::vector<float> output = resampled(test::sine(1000, rate_hz, num_samples), rate_hz, 1000);
    ASSERT_EQ(output.size(),
              (num_samples * 16000 + static_cast<std::size_t>(rate_hz) - 1) / static_cast<std::size_t>(rate_hz));
    const std::vector<float> expected = test::sine(1000, 16000, output.size());
    for (std::size_t k = 200; k + 200 < output.size(); ++k) {
        ASSERT_NEAR(output[k], expected[k], 0.004) << k;
    }
}

TEST_P(EachRate, DoesNotDependOnTheSizeOfTheBlocks) {
    const int rate_hz = GetParam();
    const std::vector<float> input = test::plucked_music(0.3, 5, rate_hz);
    EXPECT_EQ(resampled(input, rate_hz, 7), resampled(input, rate_hz, input.size()));
}

INSTANTIATE_TEST_SUITE_P(Rates, EachRate,
                         testing::Values(8000, 11025, 16000, 22050, 32000, 44100, 48000, 96000, 192000));

TEST(MonoResampler, WhatWouldAliasIsGone) {
    // 11 kHz would come back at 5 kHz, inside the bands of a fingerprint.
    EXPECT_LT(peak_of_middle(resampled(test::sine(11000, 44100, 11025), 44100, 11025)), 0.5 * 0.005);
    EXPECT_LT(peak_of_middle(resampled(test::sine(11000, 96000, 24000), 96000, 24000)), 0.5 * 0.005);
}

TEST(MonoResampler, GivesNothingForNothing) {
    EXPECT_TRUE(resampled({}, 44100, 1).empty());
    EXPECT_EQ(resampled({0.5F}, 44100, 1).size(), 1U);
}

} // namespace
} // namespace wm
