#include "evaluate/attacks/codec.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "audio/whole_audio.h"
#include "base/scratch_folder.h"
#include "evaluate/attacks/filter.h"
#include "evaluate/attacks/sndfile_codec.h"
#include "measures.h"
#include "signals.h"

namespace wm {
namespace {

/// Noise with most of its energy below 4 kHz, as music has.
Audio musical_noise(std::size_t num_channels, double duration_s) {
    Audio audio = low_pass(white_noise(num_channels, 0.1, duration_s), 3000);
    return equalise(std::move(audio), {EqShape::kHighShelf, 500, -12, 0.7});
}

TEST(Codecs, KeepLengthTimeAndLevel) {
    const Audio music = musical_noise(2, 3);
    for (const Codec codec : {Codec::kMp3, Codec::kAac, Codec::kOpus, Codec::kVorbis}) {
        const Result<Audio> after = encode_and_decode(music, codec, 128);
        ASSERT_TRUE(after.has_value()) << static_cast<int>(codec) << after.error().message;
        ASSERT_EQ(after->num_samples(), music.num_samples());
        ASSERT_EQ(after->num_channels(), 2U);
        EXPECT_EQ(delay_of(after->channels[0], music.channels[0], 2000), 0) << static_cast<int>(codec);
        EXPECT_EQ(delay_of(after->channels[1], music.channels[1], 50), 0) << static_cast<int>(codec);
        EXPECT_NEAR(db(rms_of(*after) / rms_of(music)), 0, 0.5) << static_cast<int>(codec);
        const std::size_t end = music.num_samples();
        EXPECT_NEAR(db(rms_between(*after, end - 2000, end) / rms_between(music, end - 2000, end)), 0, 1.5)
            << "the end is there";
    }
}

TEST(Codecs, KeepTimeAtOtherRatesToo) {
    Audio music = musical_noise(1, 2);
    for (const int rate_hz : {16000, 32000, 48000}) {
        music.sample_rate_hz = rate_hz; // the same samples, played at another speed
        for (const Codec codec : {Codec::kMp3, Codec::kAac, Codec::kOpus, Codec::kVorbis}) {
            const Result<Audio> after = encode_and_decode(music, codec, 48);
            ASSERT_TRUE(after.has_value()) << after.error().message;
            EXPECT_EQ(delay_of(after->channels[0], music.channels[0], 200), 0)
                << static_cast<int>(codec) << " at " << rate_hz;
        }
    }
}

TEST(Codecs, FewerBitsDistortMore) {
    const Audio music = musical_noise(2, 2);
    for (const Codec codec : {Codec::kMp3, Codec::kAac, Codec::kOpus, Codec::kVorbis}) {
        const double high = snr_db(music, *encode_and_decode(music, codec, 160));
        const double low = snr_db(music, *encode_and_decode(music, codec, 64));
        EXPECT_GT(high, low + 1) << static_cast<int>(codec);
    }
}

TEST(Codecs, ConvertTheRatesThatTheyLack) {
    const Audio tone = sine(1000, 0.3, 2, 96000);
    for (const Codec codec : {Codec::kMp3, Codec::kAac, Codec::kOpus, Codec::kVorbis}) {
        const Result<Audio> after = encode_and_decode(tone, codec, 96);
        ASSERT_TRUE(after.has_value()) << after.error().message;
        EXPECT_EQ(after->sample_rate_hz, 96000);
        EXPECT_EQ(after->num_samples(), tone.num_samples());
        EXPECT_NEAR(tone_frequency(after->channels[0], 96000), 1000, 1);
    }
    const Audio music = musical_noise(1, 2);
    const Result<Audio> thin = encode_and_decode(music, Codec::kMp3, 16);
    ASSERT_TRUE(thin.has_value()) << thin.error().message;
    EXPECT_EQ(thin->num_samples(), music.num_samples());
    EXPECT_EQ(delay_of(thin->channels[0], music.channels[0], 100), 0);
}

TEST(Codecs, Mp3sOfFewBitsAreCodedAtALowerSampleRateAsLameDoes) {
    const Audio music = musical_noise(2, 2);
    const double kept_rate_db = snr_db(music, *transcode_by_sndfile(music, Codec::kMp3, 48));
    EXPECT_GT(snr_db(music, *encode_and_decode(music, Codec::kMp3, 48)), kept_rate_db + 0.5);
}

TEST(Codecs, GiveTheSameEachTimeAndSayWhatTheyRefuse) {
    const Audio music = musical_noise(2, 1);
    for (const Codec codec : {Codec::kMp3, Codec::kAac, Codec::kOpus, Codec::kVorbis}) {
        EXPECT_EQ(encode_and_decode(music, codec, 64)->channels, encode_and_decode(music, codec, 64)->channels);
    }
    const Result<Audio> refused = encode_and_decode(white_noise(5, 0.1, 0.2), Codec::kMp3, 128);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
    EXPECT_NE(refused.error().message.find("5 channels"), std::string::npos);
}

/// What libsndfile encodes where libav is absent, at a rate that all of them have.
Audio music_at_48_khz(std::size_t num_channels, double duration_s) {
    Audio music = musical_noise(num_channels, duration_s);
    music.sample_rate_hz = 48000; // the same samples, played at another speed
    return music;
}

constexpr Codec kWithoutLibav[] = {Codec::kMp3, Codec::kOpus, Codec::kVorbis};

TEST(CodecsBySndfile, KeepLengthTimeAndLevel) {
    for (const std::size_t num_channels : {1U, 2U}) {
        const Audio music = music_at_48_khz(num_channels, 1.5);
        for (const Codec codec : kWithoutLibav) {
            const Result<Audio> after = transcode_by_sndfile(music, codec, 96);
            ASSERT_TRUE(after.has_value()) << after.error().message;
            ASSERT_EQ(after->num_samples(), music.num_samples());
            ASSERT_EQ(after->num_channels(), num_channels);
            EXPECT_EQ(after->sample_rate_hz, 48000);
            EXPECT_EQ(delay_of(after->channels.back(), music.channels.back(), 2000), 0) << name_of(codec);
            EXPECT_NEAR(db(rms_of(*after) / rms_of(music)), 0, 0.5) << name_of(codec);
            EXPECT_EQ(transcode_by_sndfile(music, codec, 96)->channels, after->channels) << name_of(codec);
        }
    }
}

TEST(CodecsBySndfile, TakeTheBitRateAskedFor) {
    const Result<ScratchFolder> folder = ScratchFolder::create();
    ASSERT_TRUE(folder.has_value());
    const std::string path = folder->path("coded");
    const Audio music = music_at_48_khz(2, 4);
    for (const Codec codec : kWithoutLibav) {
        for (const double bit_rate_kbps : {64.0, 128.0}) {
            ASSERT_TRUE(write_lossy(music, path, codec, bit_rate_kbps).has_value());
            const double kbps = 8e-3 * static_cast<double>(std::filesystem::file_size(path)) / music.duration_s();
            // Vorbis has qualities, and what they take jumps.
            EXPECT_NEAR(kbps / bit_rate_kbps, 1, codec == Codec::kVorbis ? 0.25 : 0.1)
                << name_of(codec) << " at " << bit_rate_kbps;
        }
    }
}

TEST(CodecsBySndfile, SayWhatTheyRefuse) {
    const auto refused = [](const Audio& audio, Codec codec, double bit_rate_kbps) {
        const Result<Audio> after = transcode_by_sndfile(audio, codec, bit_rate_kbps);
        EXPECT_FALSE(after.has_value());
        EXPECT_EQ(after.has_value() ? ErrorCode::kInternal : after.error().code, ErrorCode::kUnsupported);
        return after.has_value() ? "" : after.error().message;
    };
    const Audio music = music_at_48_khz(2, 1);
    EXPECT_NE(refused(music, Codec::kAac, 96).find("AAC needs libav"), std::string::npos);
    EXPECT_NE(refused(music, Codec::kVorbis, 16).find("poorest quality takes"), std::string::npos);
    EXPECT_NE(refused(music, Codec::kMp3, 400).find("out of its range"), std::string::npos);
    EXPECT_NE(refused(white_noise(5, 0.1, 0.2), Codec::kMp3, 128).find("5 channels"), std::string::npos);
}

} // namespace
} // namespace wm
