/// Input that is not what it says it is: each gets its error code and a message that names the file.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../temporary_folder.h"
#include "recordings.h"

namespace wm::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::string kFmt = riff_chunk("fmt ", fmt_payload(2, 44100, 16));
const std::string kData = riff_chunk("data", std::string(400, '\x05'));

class BadInput : public testing::Test {
protected:
    /// Opens a file of these bytes, which must fail with `code` and a message that contains `words` and the file's name.
    void expect_error(const std::string& bytes, ErrorCode code, const std::string& words) {
        const std::string path = folder_ / "bad.wav";
        write_text(path, bytes);
        expect_error_at(path, code, words);
    }

    static void expect_error_at(const std::string& path, ErrorCode code, const std::string& words) {
        const auto reader = AudioReader::open(path);
        ASSERT_FALSE(reader) << words;
        EXPECT_EQ(reader.error().code, code) << reader.error().message;
        EXPECT_THAT(reader.error().message, AllOf(HasSubstr(words), HasSubstr(path)));
    }

    TemporaryFolder folder_;
};

TEST_F(BadInput, MissingFilesAndFoldersAreIoErrors) {
    expect_error_at(folder_ / "missing.wav", ErrorCode::kIo, "No such file");
    expect_error_at(folder_.path(), ErrorCode::kIo, "folder");
    expect_error_at("/dev/null", ErrorCode::kIo, "device");
}

TEST_F(BadInput, AFileThatMayNotBeReadIsAnIoError) {
    const std::string path = folder_ / "private.wav";
    write_text(path, small_wav(10));
    ASSERT_EQ(::chmod(path.c_str(), 0), 0);
    ASSERT_EQ(::chmod(folder_.path().c_str(), 0755), 0);
    constexpr uid_t kNobody = 65534;
    const uid_t user = ::geteuid();
    if (user == 0) { // root may read everything
        ASSERT_EQ(::seteuid(kNobody), 0);
    }
    expect_error_at(path, ErrorCode::kIo, "Permission denied");
    ASSERT_EQ(::seteuid(user), 0);
}

TEST_F(BadInput, AnEmptyFileSaysSo) {
    expect_error("", ErrorCode::kFormat, "is empty");
}

TEST_F(BadInput, TextNamedWavIsNoRecording) {
    expect_error("Dear Sir or Madam,\n\nthe recording is in the other folder.\n", ErrorCode::kFormat, "no recording");
}

TEST_F(BadInput, AHeaderCutAtAnyByteIsAFormatError) {
    const std::string whole = riff_file(kFmt + kData);
    for (std::size_t size = 1; size < 12 + kFmt.size() + 8; ++size) {
        write_text(folder_ / "cut.wav", whole.substr(0, size));
        const auto reader = AudioReader::open(folder_ / "cut.wav");
        ASSERT_FALSE(reader) << size;
        EXPECT_EQ(reader.error().code, ErrorCode::kFormat) << reader.error().message;
    }
}

TEST_F(BadInput, AFlacHeaderCutAtAnyByteIsAFormatError) {
    write_with_sndfile(folder_ / "whole.flac", 0x170002, make_noise(0x0002, 2, 44100, 5000)); // FLAC, 16 bits
    const std::string whole = read_text(folder_ / "whole.flac");
    for (std::size_t size = 1; size < 80; ++size) {
        write_text(folder_ / "cut.flac", whole.substr(0, size));
        const auto reader = AudioReader::open(folder_ / "cut.flac");
        ASSERT_FALSE(reader) << size;
        EXPECT_EQ(reader.error().code, ErrorCode::kFormat) << reader.error().message;
    }
}

TEST_F(BadInput, ACutFlacFileIsReadToItsEnd) {
    const Samples samples = make_noise(0x0002, 2, 44100, 50000);
    write_with_sndfile(folder_ / "whole.flac", 0x170002, samples);
    const std::string whole = read_text(folder_ / "whole.flac");
    write_text(folder_ / "cut.flac", whole.substr(0, whole.size() / 2));
    const Samples read = read_with_wm(folder_ / "cut.flac");
    ASSERT_GT(read.integers.size(), 20000U);
    ASSERT_LT(read.integers.size(), 60000U);
    EXPECT_TRUE(std::equal(read.integers.begin(), read.integers.end(), samples.integers.begin()));
}

TEST_F(BadInput, ChunksThatLieAboutTheirSizeAreNamed) {
    std::string lying = riff_file(riff_chunk("JUNK", "1234") + kFmt + kData);
    lying[16] = '\x7F';
    lying[19] = '\x7F';
    expect_error(lying, ErrorCode::kFormat, "chunk 'JUNK' at byte 12 claims");
    expect_error(riff_file("fmt " + std::string("\xFF\0\0\0", 4) + fmt_payload(2, 44100, 16)), ErrorCode::kFormat,
                 "chunk 'fmt '");
    expect_error(riff_file(riff_chunk("fmt ", "short") + kData), ErrorCode::kFormat, "only 5 bytes");
}

TEST_F(BadInput, MissingChunksAreNamed) {
    expect_error(riff_file(kData), ErrorCode::kFormat, "no 'fmt ' chunk");
    expect_error(riff_file(kFmt), ErrorCode::kFormat, "no 'data' chunk");
    expect_error("RIFF" + std::string("\x04\0\0\0", 4) + "AVI ", ErrorCode::kFormat, "no WAVE audio");
    expect_error("FORM" + std::string("\0\0\0\x04", 4) + "AIFF", ErrorCode::kFormat, "no 'COMM' chunk");
}

TEST_F(BadInput, RatesOutsideTheRangeAreUnsupported) {
    for (const std::uint32_t rate_hz : {0U, 1U, 7999U, 192001U, 10000000U, 0xFFFFFFFFU}) {
        const std::string fmt = riff_chunk("fmt ", fmt_payload(2, rate_hz, 16));
        expect_error(riff_file(fmt + kData), ErrorCode::kUnsupported, "sample rate of " + std::to_string(rate_hz));
    }
}

TEST_F(BadInput, ChannelCountsOutsideTheRangeAreUnsupported) {
    for (const int num_channels : {0, 9, 300, 65535}) {
        const std::string fmt = riff_chunk("fmt ", fmt_payload(num_channels, 44100, 16));
        expect_error(riff_file(fmt + kData), ErrorCode::kUnsupported, std::to_string(num_channels) + " channels");
    }
}

TEST_F(BadInput, SampleWidthsOutsideTheRangeAreUnsupported) {
    for (const int bits : {0, 40, 64}) {
        expect_error(riff_file(riff_chunk("fmt ", fmt_payload(2, 44100, bits)) + kData), ErrorCode::kUnsupported,
                     std::to_string(bits) + "-bit integer");
    }
    expect_error(riff_file(riff_chunk("fmt ", fmt_payload(2, 44100, 16, 3)) + kData), ErrorCode::kUnsupported,
                 "16-bit float");
}

TEST_F(BadInput, OneSampleAndNoSamplesAreRead) {
    for (const std::size_t num_samples : {0U, 1U}) {
        write_text(folder_ / "short.wav", small_wav(num_samples));
        EXPECT_EQ(read_with_wm(folder_ / "short.wav").integers.size(), 2 * num_samples);
        const auto reader = AudioReader::open(folder_ / "short.wav");
        EXPECT_EQ((*reader)->spec().num_samples, static_cast<std::int64_t>(num_samples));
        copy_or_fail(folder_ / "short.wav", folder_ / "out.wav");
        EXPECT_EQ(read_text(folder_ / "out.wav"), small_wav(num_samples));
    }
}

TEST_F(BadInput, NanAndInfinityOfAFloatFileStayInIt) {
    const std::string specials("\0\0\xC0\x7F\0\0\x80\x7F\0\0\x80\xFF\0\0\0\x80", 16); // NaN, +-infinity, -0
    const std::string input =
        riff_file(riff_chunk("fmt ", fmt_payload(1, 44100, 32, 3)) + riff_chunk("data", specials));
    write_text(folder_ / "in.wav", input);
    copy_or_fail(folder_ / "in.wav", folder_ / "out.wav");
    EXPECT_EQ(read_text(folder_ / "out.wav"), input);
}

TEST_F(BadInput, ARecordingThatNamesOtherFilesOpensNoneOfThem) {
    write_text(folder_ / "real.wav", small_wav(44100));
    expect_error("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n" + (folder_ / "real.wav") + "\n#EXT-X-ENDLIST\n",
                 ErrorCode::kFormat, "no recording");
    expect_error("ffconcat version 1.0\nfile real.wav\n", ErrorCode::kFormat, "no recording");
}

TEST_F(BadInput, AVideoWithoutSoundSaysSo) {
    run_command("ffmpeg -v error -f lavfi -i color=s=16x16:d=0.2 -c:v mpeg4 " + (folder_ / "mute.mp4"));
    expect_error_at(folder_ / "mute.mp4", ErrorCode::kFormat, "no audio stream");
}

} // namespace
} // namespace wm::test
