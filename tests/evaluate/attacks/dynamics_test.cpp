#include "evaluate/attacks/dynamics.h"

#include <gtest/gtest.h>

#include "audio/whole_audio.h"
#include "evaluate/attacks/level.h"
#include "measures.h"
#include "signals.h"

namespace wm {
namespace {

/// Level out for level in, both RMS in dB against full scale, of a steady tone.
template <class Attack>
double level_out_db(double level_in_db, Attack attack) {
    const Audio tone = sine(1000, std::pow(10, level_in_db / 20) * std::sqrt(2.0), 1);
    const Audio after = attack(tone);
    return db(rms_between(after, after.num_samples() / 2, after.num_samples()));
}

constexpr DynamicsOptions kFourToOne{-20, 4, 5, 50, 0, 0, false};

TEST(Compressor, FollowsItsGainCurve) {
    const auto attack = [](const Audio& audio) { return compress(audio, kFourToOne); };
    EXPECT_NEAR(level_out_db(-40, attack), -40, 0.01);
    EXPECT_NEAR(level_out_db(-21, attack), -21, 0.1);
    EXPECT_NEAR(level_out_db(-12, attack), -18, 0.1);
    EXPECT_NEAR(level_out_db(-4, attack), -16, 0.1);
    DynamicsOptions with_makeup = kFourToOne;
    with_makeup.makeup_db = 5;
    EXPECT_NEAR(level_out_db(-12, [&](const Audio& audio) { return compress(audio, with_makeup); }), -13, 0.1);
}

TEST(Compressor, TheKneeBendsAndMeetsTheLines) {
    DynamicsOptions soft = kFourToOne;
    soft.knee_db = 10;
    const auto attack = [&](const Audio& audio) { return compress(audio, soft); };
    EXPECT_NEAR(level_out_db(-26, attack), -26, 0.05);
    // In the middle of the knee x^2 / (2 * width) = 25 / 20 dB above the line, three quarters of it taken away.
    EXPECT_NEAR(level_out_db(-20, attack), -20 - 0.75 * 1.25, 0.1);
    EXPECT_NEAR(level_out_db(-12, attack), -18, 0.1);
}

TEST(Compressor, AttackAndReleaseAreItsTimeConstants) {
    // From -40 to -8 dB after a second and back after another: 12 dB over the threshold, 9 dB to take away.
    Audio steps = sine(1000, std::pow(10, -40.0 / 20) * std::sqrt(2.0), 3);
    const double factor = std::pow(10, 32.0 / 20);
    for (std::size_t i = 44100; i < 88200; ++i) {
        steps.channels[0][i] *= static_cast<float>(factor);
    }
    DynamicsOptions slow = kFourToOne;
    slow.attack_ms = 50;
    slow.release_ms = 200;
    const Audio after = compress(steps, slow);
    const auto change_db = [&](double time_s) {
        const auto first = static_cast<std::size_t>(time_s * kTestRate_hz);
        return db(rms_between(after, first, first + 441) / rms_between(steps, first, first + 441));
    };
    EXPECT_NEAR(change_db(1.05), -9 * (1 - std::exp(-1)), 0.6); // the detector adds a few ms
    EXPECT_NEAR(change_db(1.9), -9, 0.05);
    EXPECT_NEAR(change_db(2.2), -9 * std::exp(-1), 0.8);
}

TEST(Compressor, RelativeLevelsIgnoreTheRecordingsOwn) {
    DynamicsOptions relative = kFourToOne;
    relative.is_relative = true;
    const Audio noise = white_noise(2, 0.05, 0.5);
    const Audio quiet_first = compress(change_gain(noise, -30), relative);
    const Audio quiet_after = change_gain(compress(noise, relative), -30);
    EXPECT_GT(snr_db(quiet_after, quiet_first), 80);
}

TEST(Expander, FollowsItsGainCurve) {
    const auto attack = [](const Audio& audio) { return expand_downward(audio, {-20, 2, 5, 50, 0, 0, false}); };
    EXPECT_NEAR(level_out_db(-10, attack), -10, 0.05);
    EXPECT_NEAR(level_out_db(-30, attack), -40, 0.1);
    EXPECT_NEAR(level_out_db(-60,
                             [](const Audio& audio) {
                                 return expand_downward(audio, {-20, 4, 5, 50, 0, 0, false});
                             }),
                -120, 0.3);
}

TEST(FoldDown, TakesAwayMoreThanCameOnTop) {
    const auto attack = [](const Audio& audio) { return fold_down(audio, {-20, 2, 5, 50, 0, 0, false}); };
    EXPECT_NEAR(level_out_db(-30, attack), -30, 0.05);
    EXPECT_NEAR(level_out_db(-12, attack), -20, 0.1);
}

TEST(Limiter, NoSampleExceedsTheCeilingAndQuietPartsStay) {
    Audio noise = white_noise(2, 0.02, 2);
    for (std::size_t i = 40000; i < 40100; ++i) {
        noise.channels[0][i] *= 30;
    }
    const Audio limited = limit(noise, -12, 50, false);
    EXPECT_LE(db(peak_of(limited)), -12 + 1e-4);
    EXPECT_GT(db(peak_of(limited)), -13) << "no more than needed";
    EXPECT_EQ(limited.channels[1][100], noise.channels[1][100]);
    // Both channels share the gain, so that the picture does not move.
    EXPECT_LT(std::fabs(limited.channels[1][40050]), 0.6F * std::fabs(noise.channels[1][40050]));
    EXPECT_NEAR(limited.channels[1][80000], noise.channels[1][80000], 1e-6F) << "released again";
    EXPECT_NEAR(db(peak_of(limit(noise, -6, 50, true)) / peak_of(noise)), -6, 1e-3);
}

TEST(Loudness, ReachesItsTargetUnderItsCeiling) {
    const Audio noise = white_noise(2, 0.02, 5);
    EXPECT_NEAR(loudness_of(normalise_loudness(noise, -23, -1)), -23, 0.02);
    const Audio loud = normalise_loudness(noise, -8, -6);
    EXPECT_LE(db(peak_of(loud)), -6 + 1e-4);
    const Audio silence{kTestRate_hz, {std::vector<float>(44100, 0.0F)}};
    EXPECT_EQ(normalise_loudness(silence, -16, -1).channels, silence.channels);
}

} // namespace
} // namespace wm
