/// FLAC files keep their metadata blocks, and keep the chunks of other containers for `flac` to restore.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sndfile.h>

#include "../temporary_folder.h"
#include "recordings.h"

namespace wm::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// The metadata blocks of the FLAC stream at `offset`: type byte without the last-block flag, then the payload.
std::vector<std::string> blocks_of(const std::string& file, std::size_t offset = 0) {
    std::vector<std::string> blocks;
    EXPECT_EQ(file.substr(offset, 4), "fLaC");
    offset += 4;
    for (bool is_last = false; !is_last && offset + 4 <= file.size();) {
        const auto byte = [&](std::size_t i) {
            return static_cast<std::size_t>(static_cast<unsigned char>(file[offset + i]));
        };
        is_last = (byte(0) & 0x80) != 0;
        const std::size_t size = byte(1) << 16 | byte(2) << 8 | byte(3);
        blocks.push_back(static_cast<char>(byte(0) & 0x7F) + file.substr(offset + 4, size));
        offset += 4 + size;
    }
    return blocks;
}

/// Without what describes the stream itself.
std::vector<std::string> kept_blocks(std::vector<std::string> blocks) {
    std::erase_if(blocks, [](const std::string& block) { return block[0] == 0 || block[0] == 3; });
    return blocks;
}

class FlacMetadata : public testing::Test {
protected:
    FlacMetadata() {
        write_with_sndfile(folder_ / "in.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16,
                           make_noise(SF_FORMAT_PCM_16, 2, 44100, 20000));
        write_text(folder_ / "cue", "FILE \"x\" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n");
        write_text(folder_ / "picture", "not quite a picture");
        run_command("flac -s -f --seekpoint=10x --padding=333 -T TITLE=Song -T ISRC=USRC17607839 --cuesheet=" +
                    (folder_ / "cue") + " --picture='3|image/png||1x1x24|" + (folder_ / "picture") + "' -o " +
                    (folder_ / "in.flac") + " " + (folder_ / "in.wav") + " 2>/dev/null");
    }

    TemporaryFolder folder_;
};

TEST_F(FlacMetadata, EveryBlockButTheStreamsOwnStaysByteForByteInOrder) {
    const auto warnings = copy_or_fail(folder_ / "in.flac", folder_ / "out.flac", 0.01F);
    const auto before = blocks_of(read_text(folder_ / "in.flac"));
    const auto after = blocks_of(read_text(folder_ / "out.flac"));
    ASSERT_GE(before.size(), 6U); // STREAMINFO, SEEKTABLE, tags, cue sheet, picture, padding
    EXPECT_EQ(kept_blocks(after), kept_blocks(before));
    EXPECT_NE(after.front(), before.front()); // the samples' MD5 is new
    EXPECT_THAT(warnings, Not(Contains(HasSubstr("not carried"))));
    run_command("flac -s -t " + (folder_ / "out.flac"));
}

TEST_F(FlacMetadata, AnId3TagBeforeTheStreamStays) {
    const std::string tag = std::string("ID3\x04\0\0\0\0\0\x16", 10) + "GEOB..application/c2pa";
    write_text(folder_ / "tagged.flac", tag + read_text(folder_ / "in.flac"));
    const auto warnings = copy_or_fail(folder_ / "tagged.flac", folder_ / "out.flac");
    const std::string output = read_text(folder_ / "out.flac");
    EXPECT_EQ(output.substr(0, tag.size()), tag);
    EXPECT_EQ(kept_blocks(blocks_of(output, tag.size())), kept_blocks(blocks_of(read_text(folder_ / "in.flac"))));
    EXPECT_EQ(read_with_wm(folder_ / "out.flac"), read_with_wm(folder_ / "in.flac"));
    EXPECT_THAT(warnings, Contains(HasSubstr("C2PA manifest is kept")));
}

TEST_F(FlacMetadata, BlocksThatAnotherContainerCannotHoldAreListed) {
    const auto warnings = copy_or_fail(folder_ / "in.flac", folder_ / "out.wav");
    for (const char* name : {"VORBIS_COMMENT", "CUESHEET", "PICTURE"}) {
        EXPECT_THAT(warnings, Contains(HasSubstr(name)));
    }
}

TEST_F(FlacMetadata, AnEmptyRecordingIsReadAndRefusedAsOutput) {
    const std::string raw =
        " --force-raw-format --endian=little --sign=signed --channels=2 --bps=16 --sample-rate=44100 ";
    run_command("flac -s" + raw + "-o " + (folder_ / "empty.flac") + " /dev/null");
    EXPECT_THAT(read_with_wm(folder_ / "empty.flac").integers, IsEmpty());
    const auto copied = copy_recording(folder_ / "empty.flac", folder_ / "out.flac");
    ASSERT_FALSE(copied);
    EXPECT_EQ(copied.error().code, ErrorCode::kUnsupported);
}

struct ForeignForm {
    const char* extension;
    int sf_format;
};

/// The forms that flac 1.4.2 restores; it gives 24-bit files a longer 'fmt ' chunk than older programs wrote.
class ForeignMetadata : public testing::TestWithParam<ForeignForm> {};

TEST_P(ForeignMetadata, FlacRestoresTheSourceByteForByte) {
    const TemporaryFolder folder;
    const std::string input = folder / (std::string("in.") + GetParam().extension);
    const std::string restored = folder / (std::string("restored.") + GetParam().extension);
    write_with_sndfile(input, GetParam().sf_format,
                       make_noise(GetParam().sf_format & SF_FORMAT_SUBMASK, 2, 44100, 5000));
    EXPECT_THAT(copy_or_fail(input, folder / "out.flac"), IsEmpty());
    run_command("flac -s -d --keep-foreign-metadata -o " + restored + " " + (folder / "out.flac") + " 2>/dev/null");
    EXPECT_TRUE(read_text(restored) == read_text(input));
}

INSTANTIATE_TEST_SUITE_P(EveryForm, ForeignMetadata,
                         testing::Values(ForeignForm{"wav", SF_FORMAT_WAVEX | SF_FORMAT_PCM_24},
                                         ForeignForm{"rf64", SF_FORMAT_RF64 | SF_FORMAT_PCM_24},
                                         ForeignForm{"w64", SF_FORMAT_W64 | SF_FORMAT_PCM_16},
                                         ForeignForm{"aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_24}),
                         [](const auto& form) { return std::string(form.param.extension); });

TEST(ForeignMetadata, ChunksOnBothSidesOfTheSamplesAreRestored) {
    const TemporaryFolder folder;
    const std::string input = riff_file(
        riff_chunk("bext", std::string(603, 'b')) + riff_chunk("fmt ", fmt_payload(2, 44100, 16)) +
        riff_chunk("data", std::string(4000, '\x07')) + riff_chunk("LIST", "INFO") + riff_chunk("wxyz", "odd"));
    write_text(folder / "in.wav", input);
    copy_or_fail(folder / "in.wav", folder / "out.flac");
    run_command("flac -s -d --keep-foreign-metadata -o " + (folder / "back.wav") + " " + (folder / "out.flac") +
                " 2>/dev/null");
    EXPECT_TRUE(read_text(folder / "back.wav") == input);
}

TEST(ForeignMetadata, ChunksOfAFloatFileAreListedInstead) {
    const TemporaryFolder folder;
    write_text(folder / "in.wav", riff_file(riff_chunk("fmt ", fmt_payload(1, 44100, 32, 3)) +
                                            riff_chunk("data", std::string(400, '\0')) + riff_chunk("axml", "<x/>")));
    const auto warnings = copy_or_fail(folder / "in.wav", folder / "out.flac");
    EXPECT_THAT(warnings, Contains(HasSubstr("chunk 'axml'")));
    EXPECT_THAT(warnings, Contains(HasSubstr("FLAC holds 24 bits")));
}

} // namespace
} // namespace wm::test
