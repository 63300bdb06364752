/// Lossy and foreign recordings, made by the usual encoders, decode to what ffmpeg decodes, and become WAV or FLAC.

#include <algorithm>
#include <cmath>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sndfile.h>

#include "../temporary_folder.h"
#include "recordings.h"

namespace wm::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

struct LossyForm {
    const char* name;
    const char* file;
    const char* command; ///< from in.wav to the file, in its folder
};

void PrintTo(const LossyForm& form, std::ostream* out) {
    *out << form.name;
}

constexpr LossyForm kLossyForms[] = {
    {"mp3", "a.mp3", "lame --quiet -b 128 in.wav a.mp3"},
    {"opus", "a.opus", "opusenc --quiet --bitrate 96 in.wav a.opus"},
    {"vorbis", "a.ogg", "oggenc -Q -q 4 -o a.ogg in.wav"},
    {"aac", "a.aac", "ffmpeg -v error -i in.wav -b:a 128k a.aac"},
    {"m4a", "a.m4a", "ffmpeg -v error -i in.wav -b:a 128k a.m4a"},
    {"webm", "a.webm", "ffmpeg -v error -i in.wav -c:a libopus a.webm"},
    {"mkv", "a.mkv", "ffmpeg -v error -i in.wav -c:a aac a.mkv"},
    {"video", "a.mp4", "ffmpeg -v error -f lavfi -i color=s=64x64:d=4 -i in.wav -c:v mpeg4 -c:a aac -shortest a.mp4"},
    {"adpcm", "a.wav", "ffmpeg -v error -i in.wav -c:a adpcm_ima_wav a.wav"},
    {"mulaw", "a.wav", "ffmpeg -v error -i in.wav -c:a pcm_mulaw a.wav"},
};

constexpr int kNumSeconds = 4;

/// A few seconds of a stereo tone with an octave between the channels.
Samples make_tone() {
    Samples samples{44100, 2, {}, {}};
    for (int i = 0; i < kNumSeconds * 44100; ++i) {
        for (const double frequency_hz : {440.0, 880.0}) {
            samples.integers.push_back(
                static_cast<std::int32_t>(0.3 * 0x1p31 * std::sin(2 * M_PI * frequency_hz * i / 44100)) & ~0xFFFF);
        }
    }
    return samples;
}

/// The level of a frequency in one channel of interleaved samples, full scale 1.
double level_at(const Samples& samples, std::size_t channel, double frequency_hz) {
    double real = 0;
    double imaginary = 0;
    const std::size_t num_samples = samples.integers.size() / 2;
    for (std::size_t i = 0; i < num_samples; ++i) {
        const double phase = 2 * M_PI * frequency_hz * static_cast<double>(i) / samples.sample_rate_hz;
        const double sample = samples.integers[2 * i + channel] * 0x1p-31;
        real += sample * std::cos(phase);
        imaginary += sample * std::sin(phase);
    }
    return 2 * std::hypot(real, imaginary) / static_cast<double>(num_samples);
}

class LossyInput : public testing::TestWithParam<LossyForm> {
protected:
    LossyInput() {
        write_with_sndfile(folder_ / "in.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, make_tone());
        run_command("cd " + folder_.path() + " && " + GetParam().command + " 2>/dev/null");
    }

    TemporaryFolder folder_;
};

TEST_P(LossyInput, BecomesWavAndFlacOf24BitsWithTheSameSamples) {
    copy_or_fail(folder_ / GetParam().file, folder_ / "out.wav");
    copy_or_fail(folder_ / GetParam().file, folder_ / "out.flac");
    const Samples wav = read_with_sndfile(folder_ / "out.wav", true);
    EXPECT_EQ(wav, read_with_sndfile(folder_ / "out.flac", true));
    const auto reader = AudioReader::open(folder_ / "out.wav");
    ASSERT_TRUE(reader);
    EXPECT_EQ((*reader)->spec().encoding, Encoding::kPcm24);
    EXPECT_NEAR(static_cast<double>((*reader)->spec().num_samples) / wav.sample_rate_hz, kNumSeconds, 0.1);
    EXPECT_NEAR(level_at(wav, 0, 440), 0.3, 0.03);
    EXPECT_NEAR(level_at(wav, 1, 880), 0.3, 0.03);
    EXPECT_LT(level_at(wav, 0, 880), 0.03);
}

TEST_P(LossyInput, ReadsTheSameAgainAfterRewinding) {
    auto reader = AudioReader::open(folder_ / GetParam().file);
    ASSERT_TRUE(reader) << reader.error().message;
    AudioBlock first;
    AudioBlock again;
    ASSERT_TRUE((*reader)->read(first, 20000));
    ASSERT_TRUE((*reader)->rewind());
    ASSERT_TRUE((*reader)->read(again, 20000));
    EXPECT_EQ(first.num_samples, 20000U);
    EXPECT_EQ(first.integers, again.integers);
    EXPECT_EQ(first.reals, again.reals);
}

TEST_P(LossyInput, ReadsTheSameInSmallPieces) {
    auto whole = AudioReader::open(folder_ / GetParam().file);
    ASSERT_TRUE(whole) << whole.error().message;
    AudioBlock block;
    const std::size_t num_samples = (*whole)->read(block, 1 << 20).value();
    const Samples pieces = read_with_wm(folder_ / GetParam().file); // a thousand at a time
    EXPECT_EQ(pieces.integers.size() + pieces.reals.size(), 2 * num_samples);
    EXPECT_TRUE(std::equal(pieces.integers.begin(), pieces.integers.end(), block.integers.begin()));
    EXPECT_TRUE(std::equal(pieces.reals.begin(), pieces.reals.end(), block.reals.begin()));
}

TEST_P(LossyInput, CutShortIsReadToItsEnd) {
    const std::string whole = read_text(folder_ / GetParam().file);
    const std::string path = folder_ / "cut";
    write_text(path, whole.substr(0, whole.size() * 3 / 4));
    const auto reader = AudioReader::open(path);
    const std::string file = GetParam().file;
    if (file.ends_with(".m4a") || file.ends_with(".mp4")) { // their index comes last
        ASSERT_FALSE(reader);
        EXPECT_EQ(reader.error().code, ErrorCode::kFormat);
        return;
    }
    const Samples samples = read_with_wm(path);
    const std::size_t count = samples.integers.size() + samples.reals.size();
    const std::size_t whole_count = 2 * kNumSeconds * 44100;
    EXPECT_GT(count, whole_count / 3);
    EXPECT_LT(count, whole_count * 9 / 10);
}

INSTANTIATE_TEST_SUITE_P(EveryForm, LossyInput, testing::ValuesIn(kLossyForms),
                         [](const auto& form) { return std::string(form.param.name); });

TEST(LosslessInput, AlacAndOthersAreExact) {
    const TemporaryFolder folder;
    const Samples samples = make_noise(SF_FORMAT_PCM_24, 2, 48000, 20000);
    write_with_sndfile(folder / "in.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_24, samples);
    for (const char* name : {"alac.m4a", "wavpack.wv", "tta.tta", "flac.mka", "pcm.caf", "pcm.au"}) {
        const std::string output = folder / name;
        const bool is_alac = output.ends_with(".m4a");
        run_command("ffmpeg -v error -i " + (folder / "in.wav") + " -c:a " +
                    (is_alac                    ? "alac -sample_fmt s32p"
                     : output.ends_with(".wv")  ? "wavpack"
                     : output.ends_with(".tta") ? "tta"
                     : output.ends_with(".mka") ? "flac"
                     : output.ends_with(".caf") ? "pcm_s24le"
                                                : "pcm_s24be") +
                    " -bits_per_raw_sample 24 " + output);
        EXPECT_EQ(read_with_wm(output), samples) << name;
        copy_or_fail(output, folder / "out.wav");
        EXPECT_EQ(read_with_sndfile(folder / "out.wav", true), samples) << name;
    }
}

TEST(LossyInput, TagsAndOtherStreamsThatStayBehindAreListed) {
    const TemporaryFolder folder;
    write_with_sndfile(folder / "in.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, make_tone());
    run_command("lame --quiet --tt Song --ta Artist " + (folder / "in.wav") + " " + (folder / "a.mp3"));
    run_command("ffmpeg -v error -f lavfi -i color=s=16x16:d=1 -i " + (folder / "in.wav") +
                " -metadata title=Song -c:v mpeg4 -c:a aac -shortest " + (folder / "a.mp4"));
    const auto from_mp3 = copy_or_fail(folder / "a.mp3", folder / "out.wav");
    EXPECT_THAT(from_mp3, Contains(HasSubstr("tag 'title'")));
    EXPECT_THAT(from_mp3, Contains(HasSubstr("tag 'artist'")));
    const auto from_mp4 = copy_or_fail(folder / "a.mp4", folder / "out.wav");
    EXPECT_THAT(from_mp4, Contains(HasSubstr("tag 'title'")));
    EXPECT_THAT(from_mp4, Contains(HasSubstr("1 other streams")));
    EXPECT_THAT(from_mp4, Not(Contains(HasSubstr("major_brand"))));
}

TEST(LossyInput, AManifestInAnMp4BoxIsReported) {
    const TemporaryFolder folder;
    write_with_sndfile(folder / "in.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, make_tone());
    run_command("ffmpeg -v error -i " + (folder / "in.wav") + " " + (folder / "a.m4a"));
    EXPECT_THAT(copy_or_fail(folder / "a.m4a", folder / "out.wav"), Not(Contains(HasSubstr("C2PA"))));
    const std::string box("\0\0\0\x20uuid\xD8\xFE\xC3\xD6\x1B\x0E\x48\x3C\x92\x97\x58\x28\x87\x7E\xC4\x81manifest", 32);
    write_text(folder / "b.m4a", read_text(folder / "a.m4a") + box);
    EXPECT_THAT(copy_or_fail(folder / "b.m4a", folder / "out.wav"), Contains(HasSubstr("C2PA")));
}

} // namespace
} // namespace wm::test
