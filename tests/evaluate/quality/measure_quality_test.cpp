#include "wm/quality.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluate/quality/alignment.h"
#include "quality/pairs.h"

namespace wm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Audio music(double duration_s = 2) {
    return mixed(white_noise(2, 0.05, duration_s), white_noise(2, 0.03, duration_s, 2), 1);
}

std::string refusal(const Audio& reference, const Audio& marked) {
    const auto report = measure_quality(reference, marked);
    EXPECT_FALSE(report.has_value());
    EXPECT_EQ(report.error().code, ErrorCode::kUsage);
    return report.error().message;
}

TEST(Alignment, FindsDelaysToTheSample) {
    for (const std::size_t delay : {1U, 57U, 1105U, 11000U}) {
        EXPECT_EQ(find_delay(music(), delayed(music(), delay)), static_cast<std::int64_t>(delay));
        EXPECT_EQ(find_delay(delayed(music(), delay), music()), -static_cast<std::int64_t>(delay));
    }
}

TEST(Alignment, FindsNoneWhereThereIsNone) {
    EXPECT_EQ(find_delay(music(), music()), 0);
    EXPECT_EQ(find_delay(music(), white_noise(2, 0.1, 2, 9)), 0) << "unrelated";
    EXPECT_EQ(find_delay(sine(100, 0.5, 2), sine(100, 0.5, 2)), 0) << "the same after every period";
    EXPECT_EQ(find_delay(music(), mixed(music(), white_noise(2, 0.05, 2, 9), 1)), 0) << "0 dB SNR";
    const Audio silence{kTestRate_hz, std::vector<std::vector<float>>(2, std::vector<float>(2 * kTestRate_hz, 0.0F))};
    EXPECT_EQ(find_delay(silence, music()), 0);
    EXPECT_EQ(find_delay(music(), silence), 0);
}

TEST(MeasureQuality, TakesADelayOut) {
    const auto report = measure_quality(music(), delayed(music(), 1105));
    ASSERT_TRUE(report.has_value());
    EXPECT_EQ(report->delay_samples, 1105);
    EXPECT_TRUE(report->is_identical);
    EXPECT_THAT(report->warnings, ElementsAre(HasSubstr("1105 samples late"), HasSubstr("1105 samples that only one")));
    EXPECT_LT(measure_quality(music(), delayed(music(), 1105), {.align = false})->snr_db, 0);
}

TEST(MeasureQuality, RefusesWhatDoesNotGoTogether) {
    Audio other_rate = music();
    other_rate.sample_rate_hz = 48000;
    EXPECT_THAT(refusal(music(), other_rate), HasSubstr("44100 Hz, but the marked recording 48000 Hz"));
    EXPECT_THAT(refusal(music(), white_noise(1, 0.1, 2)), HasSubstr("2 channel(s), but the marked recording 1"));
    EXPECT_THAT(refusal(music(), music(1)), HasSubstr("share 1.000 s"));
    const Audio empty{kTestRate_hz, {{}, {}}};
    EXPECT_THAT(refusal(empty, empty), HasSubstr("share 0.000 s"));
}

TEST(MeasureQuality, SaysWhyThereIsNoGrade) {
    const Audio three = white_noise(3, 0.1, 2);
    const auto surround = measure_quality(three, mixed(three, white_noise(3, 0.1, 2, 5), 0.1));
    ASSERT_TRUE(surround.has_value());
    EXPECT_FALSE(surround->peaq.has_value());
    EXPECT_THAT(surround->no_peaq_reason, HasSubstr("one or two channels"));
    EXPECT_NEAR(surround->snr_db, 20, 0.1);
    EXPECT_THAT(measure_quality(music(0.3), music(0.3))->no_peaq_reason, HasSubstr("too little sound"));
}

/// EBU Tech 3341, case 1: a stereo sine of 1 kHz at -23 dBFS has -23 LUFS.
TEST(MeasureQuality, MeasuresLoudnessAndTruePeak) {
    Audio reference = sine(1000, std::pow(10, -23.0 / 20), 5);
    reference.channels.push_back(reference.channels[0]);
    const auto report = measure_quality(reference, mixed(reference, reference, 1));
    ASSERT_TRUE(report->loudness.has_value());
    EXPECT_NEAR(report->loudness->reference_lufs, -23, 0.1);
    EXPECT_NEAR(report->loudness->marked_lufs, -23 + 6.02, 0.1);
    EXPECT_NEAR(report->loudness->marked_peak_dbtp - report->loudness->reference_peak_dbtp, 6.02, 0.1);
    EXPECT_FALSE(measure_quality(reference, reference, {.loudness = false})->loudness.has_value());
}

/// Twice the amplitude is 6.02 dB in every bin above the floor.
TEST(MeasureQuality, MeasuresSpectralDistance) {
    const auto report = measure_quality(music(), mixed(music(), music(), 1));
    EXPECT_NEAR(report->log_spectral_distance_db, 6.02, 0.01);
}

TEST(MeasureQuality, StopsWhenAsked) {
    const auto report = measure_quality(music(), music(), {}, [](double) { return false; });
    ASSERT_FALSE(report.has_value());
    EXPECT_EQ(report.error().code, ErrorCode::kCancelled);
}

} // namespace
} // namespace wm
