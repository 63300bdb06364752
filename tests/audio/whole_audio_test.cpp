#include "wm/audio.h"

#include <cmath>

#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace wm {
namespace {

class WholeAudio : public ::testing::Test {
protected:
    static Audio two_tones() {
        Audio audio{32000, std::vector<std::vector<float>>(2, std::vector<float>(70000))};
        for (std::size_t i = 0; i < 70000; ++i) {
            audio.channels[0][i] = static_cast<float>(std::sin(0.05 * static_cast<double>(i)));
            audio.channels[1][i] = 0.5F * audio.channels[0][i];
        }
        return audio;
    }

    test::TemporaryFolder folder_;
};

TEST_F(WholeAudio, ComesBackWithinHalfAStep) {
    const Audio audio = two_tones();
    for (const char* name : {"a.wav", "a.w64", "a.rf64", "a.aiff", "a.flac"}) {
        ASSERT_TRUE(write_audio(audio, folder_ / name, {SampleDepth::kPcm24, true}).has_value()) << name;
        const Result<Audio> back = read_audio(folder_ / name);
        ASSERT_TRUE(back.has_value()) << name;
        EXPECT_EQ(back->sample_rate_hz, 32000);
        ASSERT_EQ(back->num_samples(), audio.num_samples());
        for (std::size_t i = 0; i < audio.num_samples(); i += 97) {
            EXPECT_NEAR(back->channels[1][i], audio.channels[1][i], 0x1p-24);
        }
    }
}

TEST_F(WholeAudio, FloatsComeBackExactly) {
    Audio audio = two_tones();
    audio.channels[0][5] = 3.5F;
    ASSERT_EQ(write_audio(audio, folder_ / "f.wav", {SampleDepth::kFloat32, true}), 0.0);
    EXPECT_EQ(read_audio(folder_ / "f.wav")->channels, audio.channels);
}

TEST_F(WholeAudio, BeyondFullScaleEverythingIsScaledAlike) {
    Audio audio = two_tones();
    for (std::vector<float>& channel : audio.channels) {
        for (float& sample : channel) {
            sample *= 2;
        }
    }
    const Result<double> gain_db = write_audio(audio, folder_ / "loud.wav");
    ASSERT_TRUE(gain_db.has_value());
    EXPECT_NEAR(*gain_db, 20 * std::log10(0.999 / 2), 0.001);
    const Result<Audio> back = read_audio(folder_ / "loud.wav");
    EXPECT_NEAR(back->channels[1][31], audio.channels[1][31] * 0.999 / 2, 0x1p-15);
}

TEST_F(WholeAudio, TheSameAudioGivesTheSameBytes) {
    ASSERT_TRUE(write_audio(two_tones(), folder_ / "1.wav", {SampleDepth::kFloat32, true}).has_value());
    ASSERT_TRUE(write_audio(two_tones(), folder_ / "2.wav", {SampleDepth::kFloat32, true}).has_value());
    EXPECT_EQ(test::read_text(folder_ / "1.wav"), test::read_text(folder_ / "2.wav"));
}

TEST_F(WholeAudio, RefusesWhatCannotBeWrittenAndLeavesNothing) {
    EXPECT_EQ(write_audio(two_tones(), folder_ / "a.mp3").error().code, ErrorCode::kUsage);
    EXPECT_EQ(write_audio(two_tones(), folder_ / "a.flac", {SampleDepth::kFloat32, true}).error().code,
              ErrorCode::kUsage);
    EXPECT_EQ(write_audio(Audio{44100, {{}}}, folder_ / "a.wav").error().code, ErrorCode::kUnsupported);
    EXPECT_EQ(write_audio(two_tones(), folder_ / "no/a.wav").error().code, ErrorCode::kIo);
    EXPECT_EQ(read_audio(folder_ / "a.wav").error().code, ErrorCode::kIo);
}

} // namespace
} // namespace wm
