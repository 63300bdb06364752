#include "wm/fingerprint.h"

#include <cstdio>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sndfile.h>

#include "audio/recordings.h"
#include "music.h"
#include "temporary_folder.h"

namespace wm {
namespace {

/// A fingerprint of the right shape, its peaks drawn at random.
Fingerprint random_fingerprint() {
    Fingerprint fingerprint;
    fingerprint.num_frames = *rc::gen::inRange<std::uint32_t>(0, 400);
    for (std::uint32_t row = 0; row * 32 < fingerprint.num_frames; ++row) {
        for (int octave = 0; octave < 5; ++octave) {
            const int count = *rc::gen::inRange(0, 6);
            for (int rank = 0; rank < count; ++rank) {
                const auto time = *rc::gen::inRange<std::uint32_t>(0, 64);
                const auto step = *rc::gen::inRange(0, 252);
                fingerprint.peaks.push_back({row * 64 + time, static_cast<std::uint16_t>(octave * 252 + step),
                                             static_cast<std::uint8_t>(rank)});
            }
        }
    }
    return fingerprint;
}

RC_GTEST_PROP(FingerprintBytes, DecodeToWhatWasEncoded, ()) {
    const Fingerprint fingerprint = random_fingerprint();
    const Result<Fingerprint> decoded = decode_fingerprint(encode_fingerprint(fingerprint));
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(*decoded == fingerprint);
}

RC_GTEST_PROP(FingerprintBytes, AnyChangedByteIsNoticed, ()) {
    std::vector<std::uint8_t> bytes = encode_fingerprint(random_fingerprint());
    const auto place = *rc::gen::inRange<std::size_t>(0, bytes.size());
    bytes[place] = static_cast<std::uint8_t>(bytes[place] ^ *rc::gen::inRange(1, 256));
    RC_ASSERT(!decode_fingerprint(bytes).has_value());
}

TEST(FingerprintBytes, ACutOrForeignOrNewerFingerprintIsRefusedByName) {
    std::vector<std::uint8_t> bytes = encode_fingerprint({});
    EXPECT_TRUE(decode_fingerprint(bytes));
    EXPECT_EQ(decode_fingerprint(std::span(bytes).first(10)).error().code, ErrorCode::kFormat);
    EXPECT_EQ(decode_fingerprint(std::vector<std::uint8_t>(100, 'x')).error().code, ErrorCode::kFormat);
    bytes[4] = 2;
    EXPECT_EQ(decode_fingerprint(bytes).error().code, ErrorCode::kUnsupported);
}

test::Samples recording(double seconds, int num_channels) {
    test::Samples samples{44100, num_channels, {}, {}};
    for (const float value : test::plucked_music(seconds, 2, 44100)) {
        for (int channel = 0; channel < num_channels; ++channel) {
            samples.integers.push_back(static_cast<std::int32_t>(value * 32767) * 65536);
        }
    }
    return samples;
}

TEST(FingerprintFile, MonoAndItsStereoCopyAreTheSame) {
    const test::TemporaryFolder folder;
    test::write_with_sndfile(folder / "mono.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, recording(5, 1));
    test::write_with_sndfile(folder / "stereo.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, recording(5, 2));
    const Result<Fingerprint> mono = fingerprint_file(folder / "mono.wav");
    ASSERT_TRUE(mono) << mono.error().message;
    EXPECT_GT(mono->peaks.size(), 50U);
    EXPECT_NEAR(mono->duration_s(), 5, 0.02);
    EXPECT_EQ(*mono, *fingerprint_file(folder / "stereo.flac"));
}

TEST(FingerprintFile, ATenthOfASecondHasNoFrames) {
    const test::TemporaryFolder folder;
    test::write_with_sndfile(folder / "short.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, recording(0.1, 1));
    const Result<Fingerprint> fingerprint = fingerprint_file(folder / "short.wav");
    ASSERT_TRUE(fingerprint);
    EXPECT_EQ(fingerprint->num_frames, 0U);
    EXPECT_EQ(fingerprint->duration_s(), 0);
}

TEST(FingerprintFile, SaysWhatIsWrong) {
    EXPECT_EQ(fingerprint_file("/nowhere/x.wav").error().code, ErrorCode::kIo);
    const test::TemporaryFolder folder;
    test::write_with_sndfile(folder / "long.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, recording(5, 1));
    const Result<Fingerprint> stopped = fingerprint_file(folder / "long.wav", [](double) { return false; });
    EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
}

std::string bits_of_process(const std::string& kernel) {
    FILE* pipe = popen(("WM_KERNEL='" + kernel + "' '" WM_PRINT_FINGERPRINT_BITS "'").c_str(), "r");
    std::string output;
    char buffer[256];
    while (pipe != nullptr && fgets(buffer, sizeof buffer, pipe) != nullptr) {
        output += buffer;
    }
    EXPECT_EQ(pclose(pipe), 0);
    return output;
}

/// The fingerprints on this machine, by every kernel, are those of the machine where the golden file was made.
TEST(GoldenFingerprint, EveryKernelGivesTheGoldenBits) {
    const std::string golden = test::read_text(WM_GOLDEN_FILE);
    ASSERT_FALSE(golden.empty());
    for (const std::string kernel : {"scalar", "baseline", "avx2"}) {
        const std::string bits = bits_of_process(kernel);
        EXPECT_EQ(bits.substr(bits.find('\n') + 1), golden) << kernel;
    }
}

} // namespace
} // namespace wm
