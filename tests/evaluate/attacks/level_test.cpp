#include "evaluate/attacks/level.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "audio/whole_audio.h"
#include "signals.h"

namespace wm {
namespace {

TEST(Gain, ChangesTheLevelByWhatItSays) {
    const Audio noise = white_noise(2, 0.1, 1);
    EXPECT_NEAR(20 * std::log10(rms_of(change_gain(noise, -7.5)) / rms_of(noise)), -7.5, 1e-5);
}

TEST(Polarity, ChangesTheSignOfTheChannelsNamed) {
    const Audio noise = white_noise(2, 0.1, 0.1);
    const Audio all = invert_polarity(noise, PolarityOf::kAllChannels);
    const Audio second = invert_polarity(noise, PolarityOf::kSecondChannel);
    EXPECT_EQ(all.channels[0][7], -noise.channels[0][7]);
    EXPECT_EQ(all.channels[1][7], -noise.channels[1][7]);
    EXPECT_EQ(second.channels[0], noise.channels[0]);
    EXPECT_EQ(second.channels[1][7], -noise.channels[1][7]);
    const Audio mono = white_noise(1, 0.1, 0.1);
    EXPECT_EQ(invert_polarity(mono, PolarityOf::kSecondChannel).channels[0][7], -mono.channels[0][7]);
}

TEST(Channels, MonoIsTheMeanAndSwapExchanges) {
    const Audio noise = white_noise(2, 0.1, 0.1);
    const Audio mono = mix_to_mono(noise);
    ASSERT_EQ(mono.num_channels(), 1U);
    EXPECT_FLOAT_EQ(mono.channels[0][9], (noise.channels[0][9] + noise.channels[1][9]) / 2);
    EXPECT_EQ(swap_channels(noise).channels[0], noise.channels[1]);
    EXPECT_EQ(swap_channels(swap_channels(noise)).channels, noise.channels);
}

TEST(Requantise, LeavesTheLevelsThatTheBitsHave) {
    const Audio coarse = requantise(sine(440, 1.0, 1), 4);
    const std::set<float> levels(coarse.channels[0].begin(), coarse.channels[0].end());
    EXPECT_EQ(levels.size(), 16U);
    for (const float level : levels) {
        EXPECT_EQ(level * 8, std::nearbyint(level * 8));
    }
}

TEST(QuantiseToLevels, SpansTheRecordingsOwnRange) {
    const Audio noise = sine(440, 0.3, 1);
    const Audio coarse = quantise_to_levels(noise, 8);
    const std::set<float> levels(coarse.channels[0].begin(), coarse.channels[0].end());
    EXPECT_EQ(levels.size(), 8U);
    EXPECT_NEAR(*levels.begin(), -0.3, 1e-4);
    EXPECT_NEAR(*levels.rbegin(), 0.3, 1e-4);
}

TEST(Clip, CutsThePeakByItsLevel) {
    const Audio tone = sine(440, 0.5, 1);
    const Audio cut = clip(tone, -6);
    EXPECT_NEAR(20 * std::log10(peak_of(cut) / peak_of(tone)), -6, 1e-4);
    EXPECT_EQ(cut.channels[0][1], tone.channels[0][1]) << "what lies below the level stays";
}

TEST(Tanh, KeepsThePeakAndFollowsItsCurve) {
    const Audio tone = sine(441, 0.5, 1);
    const Audio soft = saturate_tanh(tone, 3);
    EXPECT_NEAR(peak_of(soft), peak_of(tone), 1e-6);
    for (std::size_t i = 0; i < 200; ++i) {
        const double peak = static_cast<double>(peak_of(tone));
        EXPECT_NEAR(soft.channels[0][i],
                    peak * std::tanh(3 * static_cast<double>(tone.channels[0][i]) / peak) / std::tanh(3.0), 1e-6);
    }
}

TEST(Levels, SilenceStaysSilence) {
    const Audio silence{kTestRate_hz, {std::vector<float>(1000)}};
    EXPECT_EQ(saturate_tanh(silence, 3).channels, silence.channels);
    EXPECT_EQ(clip(silence, -6).channels, silence.channels);
    EXPECT_EQ(quantise_to_levels(silence, 8).channels, silence.channels);
}

} // namespace
} // namespace wm
