#include "evaluate/attacks/varispeed.h"

#include <gtest/gtest.h>

#include "measures.h"
#include "signals.h"

namespace wm {
namespace {

TEST(ConvertRate, KeepsTonesAndDuration) {
    const Audio tone = sine(1000, 0.5, 2);
    for (const int rate_hz : {8000, 16000, 48000, 96000}) {
        const Audio converted = convert_rate(tone, rate_hz);
        EXPECT_EQ(converted.sample_rate_hz, rate_hz);
        EXPECT_EQ(converted.num_samples(), static_cast<std::size_t>(2 * rate_hz));
        EXPECT_NEAR(db(tone_amplitude(converted.channels[0], 1000, rate_hz) / 0.5), 0, 0.001);
        EXPECT_NEAR(tone_frequency(converted.channels[0], rate_hz), 1000, 0.01);
    }
}

TEST(Resample, KeepsWhatTheLowerRateHoldsAndRemovesTheRest) {
    const auto gain_db = [](double frequency_hz) {
        const Audio after = resample_there_and_back(sine(frequency_hz, 0.5, 1), 8000);
        EXPECT_EQ(after.num_samples(), 44100U);
        return db(tone_amplitude(after.channels[0], frequency_hz, kTestRate_hz) / 0.5);
    };
    EXPECT_NEAR(gain_db(1000), 0, 0.001);
    EXPECT_NEAR(gain_db(3500), 0, 0.05);
    EXPECT_LT(gain_db(4100), -80);
    const Audio noise = white_noise(2, 0.1, 0.5);
    EXPECT_EQ(delay_of(resample_there_and_back(noise, 16000).channels[0], noise.channels[0], 30), 0);
}

TEST(Resample, LeavesNoImages) {
    const Audio after = resample_there_and_back(sine(3000, 0.5, 1), 8000);
    EXPECT_LT(db(tone_amplitude(after.channels[0], 5000, kTestRate_hz)), -85);
    EXPECT_GT(snr_db(sine(1000, 0.5, 1), resample_there_and_back(sine(1000, 0.5, 1), 32000)), 50) << "but for the ends";
}

TEST(Speed, ChangesPitchAndDurationTogether) {
    for (const double factor : {0.8, 0.99, 1.05, 1.25}) {
        const Audio after = change_speed(sine(1000, 0.5, 4), factor);
        EXPECT_NEAR(after.duration_s(), 4 / factor, 1e-4);
        EXPECT_NEAR(tone_frequency(after.channels[0], kTestRate_hz), 1000 * factor, 0.01);
    }
    EXPECT_LT(
        db(tone_amplitude(change_speed(sine(20000, 0.5, 1), 1.25).channels[0], kTestRate_hz - 25000, kTestRate_hz)),
        -80)
        << "what would alias is gone";
}

TEST(Wobble, SwingsByItsDepthAtItsRate) {
    const Audio after = wobble_speed(sine(2000, 0.5, 10), 0.01, 0.5, 7);
    EXPECT_EQ(after.num_samples(), 441000U);
    double lowest = 1e9;
    double highest = 0;
    for (std::size_t start = 44100; start + 8820 < 400000; start += 2205) {
        const std::vector<float> piece(after.channels[0].begin() + static_cast<std::ptrdiff_t>(start),
                                       after.channels[0].begin() + static_cast<std::ptrdiff_t>(start + 8820));
        const double frequency_hz = tone_frequency(piece, kTestRate_hz);
        lowest = std::min(lowest, frequency_hz);
        highest = std::max(highest, frequency_hz);
    }
    EXPECT_NEAR(highest, 2020, 0.5);
    EXPECT_NEAR(lowest, 1980, 0.5);
    EXPECT_NE(wobble_speed(sine(2000, 0.5, 1), 0.01, 0.5, 8).channels,
              wobble_speed(sine(2000, 0.5, 1), 0.01, 0.5, 7).channels);
}

TEST(TimeJitter, DeviatesByItsScale) {
    // The slope of a slow sine is known, so that the deviation can be read off the error.
    const Audio tone = sine(100, 1, 2);
    const Audio after = jitter_times(tone, 0.2, 1);
    double error = 0;
    double slope = 0;
    for (std::size_t i = 100; i + 100 < tone.num_samples(); ++i) {
        const double e = static_cast<double>(after.channels[0][i] - tone.channels[0][i]);
        const double s = static_cast<double>(tone.channels[0][i + 1] - tone.channels[0][i - 1]) / 2;
        error += e * e;
        slope += s * s;
    }
    EXPECT_NEAR(std::sqrt(error / slope), 0.2, 0.005);
}

} // namespace
} // namespace wm
