#include "evaluate/attacks/stretch.h"

#include <limits>

#include <gtest/gtest.h>

#include "audio/whole_audio.h"
#include "measures.h"
#include "signals.h"

namespace wm {
namespace {

TEST(Stretch, ChangesTheDurationAndNotThePitch) {
    const Audio tone = sine(440, 0.5, 5);
    for (const double factor : {0.75, 0.95, 1.02, 1.1, 1.5}) {
        const Result<Audio> after = stretch_time(tone, factor);
        ASSERT_TRUE(after.has_value());
        EXPECT_NEAR(after->duration_s(), 5 * factor, 1e-4);
        EXPECT_NEAR(tone_frequency(after->channels[0], kTestRate_hz), 440, 1);
        EXPECT_NEAR(db(rms_of(*after) / rms_of(tone)), 0, 0.3);
    }
}

TEST(Stretch, ItsLibraryLeavesSmallNumbersAlone) {
    const volatile double smallest = std::numeric_limits<double>::denorm_min();
    EXPECT_GT(3 * smallest, 0);
}

TEST(Stretch, EventsMoveInProportion) {
    // A burst of a tenth of a second in the middle of noise far below it.
    Audio audio = white_noise(1, 0.001, 10);
    for (std::size_t i = 220500; i < 224910; ++i) {
        audio.channels[0][i] *= 300;
    }
    const Result<Audio> after = stretch_time(audio, 1.2);
    ASSERT_TRUE(after.has_value());
    std::size_t first = 0;
    while (first < after->num_samples() && std::fabs(after->channels[0][first]) < 0.2F) {
        ++first;
    }
    EXPECT_NEAR(static_cast<double>(first) / kTestRate_hz, 6.0, 0.08);
}

TEST(Pitch, ChangesThePitchAndNotTheDuration) {
    const Audio tone = sine(440, 0.5, 5);
    for (const double semitones : {-2.0, -0.5, 1.0, 2.0, 7.0}) {
        const Result<Audio> after = shift_pitch(tone, semitones);
        ASSERT_TRUE(after.has_value());
        EXPECT_EQ(after->num_samples(), tone.num_samples());
        const double cents = 1200 * std::log2(tone_frequency(after->channels[0], kTestRate_hz) / 440);
        EXPECT_NEAR(cents, 100 * semitones, 5);
        EXPECT_NEAR(db(rms_of(*after) / rms_of(tone)), 0, 0.3);
    }
}

TEST(Stretch, IsTheSameEachTimeAndRefusesTooManyChannels) {
    const Audio noise = white_noise(2, 0.1, 1);
    EXPECT_EQ(stretch_time(noise, 1.1)->channels, stretch_time(noise, 1.1)->channels);
    EXPECT_EQ(stretch_time(white_noise(17, 0.1, 0.1), 1.1).error().code, ErrorCode::kUnsupported);
}

} // namespace
} // namespace wm
