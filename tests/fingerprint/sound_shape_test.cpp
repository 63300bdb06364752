#include "wm/sound_shape.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <sndfile.h>

#include "audio/recordings.h"
#include "music.h"
#include "temporary_folder.h"

namespace wm {
namespace {

constexpr double kRate_hz = 16000;

std::vector<float> silence(double seconds) {
    return std::vector<float>(static_cast<std::size_t>(seconds * kRate_hz), 0.0F);
}

void append(std::vector<float>& to, const std::vector<float>& samples) {
    to.insert(to.end(), samples.begin(), samples.end());
}

SoundShape shape_of_samples(const std::vector<float>& samples) {
    const test::TemporaryFolder folder;
    test::Samples recording{static_cast<int>(kRate_hz), 1, {}, {}};
    for (const float value : samples) {
        recording.integers.push_back(static_cast<std::int32_t>(value * 32767) * 65536);
    }
    test::write_with_sndfile(folder / "x.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, recording);
    const Result<Fingerprint> fingerprint = fingerprint_file(folder / "x.wav");
    EXPECT_TRUE(fingerprint);
    return shape_of(*fingerprint);
}

TEST(SoundShape, SeesSilenceAtBothEndsAndInside) {
    std::vector<float> samples = silence(3);
    append(samples, test::plucked_music(10, 1));
    append(samples, silence(6));
    append(samples, test::plucked_music(10, 2));
    append(samples, silence(2));
    const SoundShape shape = shape_of_samples(samples);
    EXPECT_NEAR(shape.duration_s, 31, 0.2);
    EXPECT_NEAR(shape.silence_before_s, 3, 0.3);
    EXPECT_NEAR(shape.silence_after_s, 2, 0.6); // the last note rings
    EXPECT_NEAR(shape.longest_pause_s, 6, 0.6);
    EXPECT_NEAR(shape.pause_start_s, 13, 0.6);
}

TEST(SoundShape, SilenceIsSilentAsAWhole) {
    const SoundShape shape = shape_of_samples(silence(8));
    EXPECT_EQ(shape.silence_before_s, shape.duration_s);
    EXPECT_EQ(shape.loop_s, 0);
    EXPECT_EQ(shape_of(Fingerprint()).duration_s, 0);
}

TEST(SoundShape, FindsTheShortestPeriodOfALoop) {
    std::vector<float> samples;
    for (int k = 0; k < 8; ++k) {
        append(samples, test::plucked_music(5, 3));
    }
    const SoundShape shape = shape_of_samples(samples);
    EXPECT_NEAR(shape.loop_s, 5, 0.05);
    EXPECT_GT(shape.loop_share, 0.85);
}

TEST(SoundShape, MusicThatGoesOnIsNoLoop) {
    EXPECT_LT(shape_of_samples(test::plucked_music(40, 4)).loop_share, 0.5);
}

} // namespace
} // namespace wm
