#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sndfile.h>
#include <xxhash.h>

#include "../temporary_folder.h"
#include "recordings.h"
#include "wm/audio_hash.h"

namespace wm::test {
namespace {

constexpr std::size_t kNumSamples = 70000; // more than one block

std::string hash_of(const std::string& path) {
    const auto hash = hash_audio_file(path);
    EXPECT_TRUE(hash) << hash.error().message;
    return hash.value_or("");
}

TEST(AudioHash, EqualSamplesHaveOneHashInEveryContainerAndDepthThatHoldsThem) {
    const TemporaryFolder folder;
    const Samples samples = make_noise(SF_FORMAT_PCM_16, 2, 44100, kNumSamples);
    write_with_sndfile(folder / "a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, samples);
    const std::string hash = hash_of(folder / "a.wav");
    EXPECT_EQ(hash.size(), 32U);
    EXPECT_EQ(hash.find_first_not_of("0123456789abcdef"), std::string::npos);
    for (const int format :
         {SF_FORMAT_WAV | SF_FORMAT_PCM_24, SF_FORMAT_WAV | SF_FORMAT_PCM_32, SF_FORMAT_AIFF | SF_FORMAT_PCM_16,
          SF_FORMAT_W64 | SF_FORMAT_PCM_16, SF_FORMAT_FLAC | SF_FORMAT_PCM_16, SF_FORMAT_FLAC | SF_FORMAT_PCM_24,
          SF_FORMAT_CAF | SF_FORMAT_PCM_16}) {
        write_with_sndfile(folder / "b", format, samples);
        EXPECT_EQ(hash_of(folder / "b"), hash) << std::hex << format;
    }
    Samples reals{44100, 2, {}, {}};
    for (const std::int32_t sample : samples.integers) {
        reals.reals.push_back(sample * 0x1p-31);
    }
    write_with_sndfile(folder / "b", SF_FORMAT_WAV | SF_FORMAT_FLOAT, reals);
    EXPECT_EQ(hash_of(folder / "b"), hash);
}

TEST(AudioHash, OneSampleTheRateAndTheChannelsCount) {
    const TemporaryFolder folder;
    Samples samples = make_noise(SF_FORMAT_PCM_16, 2, 44100, kNumSamples);
    write_with_sndfile(folder / "a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, samples);
    const std::string hash = hash_of(folder / "a.wav");
    Samples changed = samples;
    changed.integers.back() ^= 0x10000;
    Samples faster = samples;
    faster.sample_rate_hz = 48000;
    Samples mono = samples;
    mono.num_channels = 1;
    for (const Samples& other : {changed, faster, mono}) {
        write_with_sndfile(folder / "b.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, other);
        EXPECT_NE(hash_of(folder / "b.wav"), hash);
    }
}

TEST(AudioHash, IsXxh3OfTheFormatThatTheHeaderStates) {
    const TemporaryFolder folder;
    const Samples samples = make_noise(SF_FORMAT_PCM_16, 2, 44100, kNumSamples);
    write_with_sndfile(folder / "a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, samples);
    std::string hashed("\x44\xAC\0\0\x02\0\0\0", 8); // 44100 Hz, 2 channels
    for (const std::int32_t sample : samples.integers) {
        const double value = sample * 0x1p-31;
        hashed.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    const XXH128_hash_t expected = XXH3_128bits(hashed.data(), hashed.size());
    EXPECT_EQ(hash_of(folder / "a.wav"), fmt::format("{:016x}{:016x}", expected.high64, expected.low64));
}

TEST(AudioHash, TheHashOfThisRecordingNeverChanges) {
    const TemporaryFolder folder;
    write_text(folder / "a.wav", small_wav(1000));
    EXPECT_EQ(hash_of(folder / "a.wav"), "416a4cb4139532d981df580f654dccc8");
}

} // namespace
} // namespace wm::test
