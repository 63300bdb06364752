#include "evaluate/attacks/noise.h"

#include <gtest/gtest.h>

#include "audio/whole_audio.h"
#include "evaluate/attacks/filter.h"
#include "measures.h"
#include "signals.h"

namespace wm {
namespace {

/// The power of an octave around `center_hz`, in dB.
double octave_db(const Audio& audio, double center_hz) {
    return db(rms_of(band_pass(audio, center_hz / std::sqrt(2.0), center_hz * std::sqrt(2.0))));
}

TEST(Noise, TheSnrIsTheSnr) {
    const Audio music = sine(440, 0.3, 2);
    for (const NoiseColor color : {NoiseColor::kWhite, NoiseColor::kPink, NoiseColor::kBrown}) {
        for (const double wanted_db : {-5.0, 10.0, 40.0}) {
            EXPECT_NEAR(snr_db(music, add_noise(music, color, wanted_db, 3)), wanted_db, 1e-3);
        }
    }
}

TEST(Noise, ColorsHaveTheirSlopes) {
    const Audio shape = white_noise(1, 1, 20, 9);
    // An octave has twice the bandwidth of the one below: white rises by 3 dB, pink stays, brown falls by 3 dB.
    const auto rise_db = [&](NoiseColor color) {
        const Audio noise = make_noise(color, shape, 4);
        return (octave_db(noise, 8000) - octave_db(noise, 125)) / 6;
    };
    EXPECT_NEAR(rise_db(NoiseColor::kWhite), 3.01, 0.1);
    EXPECT_NEAR(rise_db(NoiseColor::kPink), 0, 0.1);
    EXPECT_NEAR(rise_db(NoiseColor::kBrown), -3.01, 0.1);
}

TEST(Noise, IsIndependentBetweenChannelsAndSeeds) {
    const Audio shape = white_noise(2, 1, 2);
    const Audio noise = make_noise(NoiseColor::kPink, shape, 1);
    double correlation = 0;
    for (std::size_t i = 0; i < noise.num_samples(); ++i) {
        correlation += static_cast<double>(noise.channels[0][i]) * static_cast<double>(noise.channels[1][i]);
    }
    EXPECT_LT(std::fabs(correlation) / static_cast<double>(noise.num_samples()), 0.1);
    EXPECT_EQ(make_noise(NoiseColor::kPink, shape, 1).channels, noise.channels);
    EXPECT_NE(make_noise(NoiseColor::kPink, shape, 2).channels, noise.channels);
}

TEST(NoiseFloor, HasItsOwnLevelWhateverTheRecordings) {
    const Audio silence{kTestRate_hz, {std::vector<float>(88200, 0.0F)}};
    EXPECT_NEAR(rms_of(add_noise_floor(silence, NoiseColor::kPink, 0.001, 1)), 0.001, 2e-5);
}

TEST(MixIn, RepeatsAndResamplesTheOtherAtTheSnr) {
    const Audio music = white_noise(2, 0.2, 3, 1);
    const Audio tone = sine(1000, 0.01, 0.5, 16000);
    const Audio mixed = mix_in(music, tone, 6, 11);
    EXPECT_NEAR(snr_db(music, mixed), 6, 1e-3);
    Audio added = mixed;
    for (std::size_t c = 0; c < 2; ++c) {
        for (std::size_t i = 0; i < added.num_samples(); ++i) {
            added.channels[c][i] -= music.channels[c][i];
        }
    }
    // 500 periods in half a second: repeating it stays a tone of 1 kHz at the new rate.
    EXPECT_NEAR(tone_frequency(added.channels[0], kTestRate_hz), 1000, 0.5);
    EXPECT_EQ(mix_in(music, tone, 6, 11).channels, mixed.channels);
    EXPECT_NE(mix_in(music, tone, 6, 12).channels, mixed.channels);
}

TEST(MixIn, SilenceAndNothingChangeNothing) {
    const Audio music = white_noise(1, 0.2, 0.1);
    EXPECT_EQ(mix_in(music, Audio{kTestRate_hz, {std::vector<float>(100, 0.0F)}}, 0, 1).channels, music.channels);
    EXPECT_EQ(mix_in(music, Audio{kTestRate_hz, {{}}}, 0, 1).channels, music.channels);
}

} // namespace
} // namespace wm
