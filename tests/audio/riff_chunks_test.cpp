/// What is not samples survives in RIFF files: chunks, padding, order, trailing bytes; and what changes, changes alone.

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../temporary_folder.h"
#include "recordings.h"

namespace wm::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kUnknownSize(4, '\xFF');

std::string little64(std::uint64_t value) {
    std::string bytes;
    for (int i = 0; i < 8; ++i) {
        bytes += static_cast<char>(value >> (8 * i));
    }
    return bytes;
}

/// Far from full scale, so that nothing clips.
std::string samples_of(std::size_t num_bytes) {
    std::string bytes;
    for (std::size_t i = 0; i < num_bytes; ++i) {
        bytes += static_cast<char>((i * 37 + i / 64) & 0x3F);
    }
    return bytes;
}

/// A 'bext' payload with a description and a coding history.
std::string bext_payload(const std::string& history) {
    std::string payload(602, '\0');
    payload.replace(0, 7, "A scene");
    return payload + history;
}

const std::string kBefore = riff_chunk("JUNK", "odd length!") + riff_chunk("bext", bext_payload("A=PCM\r\n")) +
                            riff_chunk("fmt ", fmt_payload(2, 48000, 16)) + riff_chunk("iXML", "<BWFXML/>") +
                            riff_chunk("empt", "");
const std::string kAfter = riff_chunk("axml", "<odd>") + riff_chunk("LIST", "INFOINAM\x04\0\0\0abc") +
                           riff_chunk("id3 ", "ID3\x04") + riff_chunk("cue ", std::string(28, '\x01')) +
                           riff_chunk("smpl", std::string(36, '\x02')) + riff_chunk("chna", "12345") +
                           riff_chunk("wxyz", "unknown") + riff_chunk("LIST", "INFO");

class RiffChunks : public testing::Test {
protected:
    /// Copies `bytes` with a residual; returns the output.
    std::string copy(const std::string& bytes, const std::string& output_name = "out.wav",
                     const WriterOptions& options = {}) {
        write_text(folder_ / "in.wav", bytes);
        warnings_ = copy_or_fail(folder_ / "in.wav", folder_ / output_name, 0.01F, options);
        return read_text(folder_ / output_name);
    }

    TemporaryFolder folder_;
    std::vector<std::string> warnings_;
};

/// Checks that two files differ in the samples, and only there.
void expect_only_samples_differ(const std::string& output, const std::string& input, const std::string& samples) {
    ASSERT_EQ(output.size(), input.size());
    const std::size_t begin = input.find(samples);
    ASSERT_NE(begin, std::string::npos);
    EXPECT_TRUE(output.substr(0, begin) == input.substr(0, begin));
    EXPECT_TRUE(output.substr(begin + samples.size()) == input.substr(begin + samples.size()));
    EXPECT_NE(output.substr(begin, samples.size()), samples);
}

TEST_F(RiffChunks, EveryChunkStaysByteForByteInOrder) {
    const std::string samples = samples_of(4000);
    const std::string input = riff_file(kBefore + riff_chunk("data", samples) + kAfter);
    expect_only_samples_differ(copy(input), input, samples);
    EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(RiffChunks, BytesAfterTheRiffStay) {
    const std::string samples = samples_of(400);
    const std::string input = riff_file(kBefore + riff_chunk("data", samples) + kAfter) + "ID3v1 or other bytes";
    expect_only_samples_differ(copy(input), input, samples);
}

TEST_F(RiffChunks, PaddingStaysEvenWhenItIsNotZero) {
    const std::string samples = samples_of(401);
    std::string data = riff_chunk("data", samples);
    data.back() = 'x';
    const std::string input = riff_file(riff_chunk("fmt ", fmt_payload(1, 48000, 8)) + data + kAfter);
    expect_only_samples_differ(copy(input), input, samples);
}

TEST_F(RiffChunks, MissingPaddingAtTheEndStaysMissing) {
    const std::string samples = samples_of(401);
    std::string input = riff_file(riff_chunk("fmt ", fmt_payload(1, 48000, 8)) + riff_chunk("data", samples));
    input.pop_back();
    expect_only_samples_differ(copy(input), input, samples);
}

TEST_F(RiffChunks, AnIncompleteLastMomentStays) {
    const std::string whole = samples_of(400);
    const std::string input =
        riff_file(riff_chunk("fmt ", fmt_payload(2, 48000, 16)) + riff_chunk("data", whole + "abc") + kAfter);
    expect_only_samples_differ(copy(input), input, whole);
}

TEST_F(RiffChunks, Rf64KeepsItsLongSizesAndTable) {
    const std::string samples = samples_of(400);
    const std::string long_chunk = "axml" + kUnknownSize + "<long>";
    const std::string fmt = riff_chunk("fmt ", fmt_payload(2, 48000, 16));
    const std::string table = "axml" + little64(6) + std::string("data") + little64(0);
    const std::string ds64 =
        riff_chunk("ds64", little64(0) + little64(400) + little64(100) + std::string("\x02\0\0\0", 4) + table);
    const std::string input =
        "RF64" + kUnknownSize + "WAVE" + ds64 + long_chunk + fmt + "data" + kUnknownSize + samples + kAfter;
    expect_only_samples_differ(copy(input), input, samples);
    EXPECT_EQ(read_with_wm(folder_ / "out.wav").integers.size(), 200U);
}

TEST_F(RiffChunks, SizesThatAPipeLeftOpenAreReadToTheEndAndWrittenTrue) {
    const std::string samples = samples_of(401); // one byte is no whole moment
    const std::string fmt = riff_chunk("fmt ", fmt_payload(2, 48000, 16));
    const std::string whole = samples_of(400);
    const std::string wanted = riff_file(fmt + kBefore.substr(0, 20) + riff_chunk("data", whole));
    for (const std::string& size : {kUnknownSize, std::string(4, '\0'), std::string("\0\xF0\xFF\x7F", 4)}) {
        const std::string output = copy("RIFF" + size + "WAVE" + fmt + kBefore.substr(0, 20) + "data" + size + samples);
        ASSERT_EQ(output.size(), wanted.size());
        EXPECT_EQ(output.substr(0, output.size() - 400), wanted.substr(0, wanted.size() - 400));
    }
}

TEST_F(RiffChunks, ACutFileIsReadToItsEndAndWrittenWithTrueSizes) {
    const std::string fmt = riff_chunk("fmt ", fmt_payload(2, 48000, 16));
    const std::string input = riff_file(fmt + riff_chunk("data", samples_of(4000))).substr(0, 44 + 1000);
    const std::string output = copy(input);
    EXPECT_EQ(output.substr(0, 44), riff_file(fmt + riff_chunk("data", samples_of(1000))).substr(0, 44));
    EXPECT_EQ(read_with_wm(folder_ / "out.wav").integers.size(), 500U);
}

TEST_F(RiffChunks, AnEmptyRecordingWithChunksBehindItIsNotMistakenForAPipes) {
    const std::string input =
        riff_file(riff_chunk("fmt ", fmt_payload(2, 48000, 16)) + riff_chunk("data", "") + kAfter);
    EXPECT_EQ(copy(input), input);
    EXPECT_THAT(read_with_wm(folder_ / "out.wav").integers, IsEmpty());
}

TEST_F(RiffChunks, ANewRf64FileTakesOverEveryChunkOfAWav) {
    const std::string samples = samples_of(400);
    const std::string output = copy(riff_file(kBefore + riff_chunk("data", samples) + kAfter), "out.rf64");
    for (const std::string& chunk : {riff_chunk("JUNK", "odd length!"), riff_chunk("bext", bext_payload("A=PCM\r\n")),
                                     riff_chunk("iXML", "<BWFXML/>"), riff_chunk("empt", "")}) {
        EXPECT_NE(output.find(chunk), std::string::npos);
    }
    EXPECT_TRUE(output.ends_with(kAfter));
    EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(RiffChunks, CodingHistoryIsAddedToBextAndNothingElseChanges) {
    const std::string data = riff_chunk("data", std::string(400, '\0'));
    write_text(folder_ / "in.wav", riff_file(kBefore + data + kAfter));
    const auto warnings = copy_or_fail(folder_ / "in.wav", folder_ / "out.wav", 0, {.coding_history = "A=PCM,T=wm"});
    const std::string grown = riff_chunk("bext", bext_payload("A=PCM\r\nA=PCM,T=wm\r\n"));
    std::string wanted = kBefore;
    const std::string old = riff_chunk("bext", bext_payload("A=PCM\r\n"));
    wanted.replace(wanted.find(old), old.size(), grown);
    EXPECT_TRUE(read_text(folder_ / "out.wav") == riff_file(wanted + data + kAfter));
    EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(RiffChunks, CodingHistoryReachesABextBehindTheSamples) {
    const std::string fmt = riff_chunk("fmt ", fmt_payload(2, 48000, 16));
    const std::string data = riff_chunk("data", std::string(400, '\0'));
    write_text(folder_ / "in.wav", riff_file(fmt + data + riff_chunk("bext", bext_payload("")) + kAfter));
    copy_or_fail(folder_ / "in.wav", folder_ / "out.wav", 0, {.coding_history = "new"});
    EXPECT_TRUE(read_text(folder_ / "out.wav") ==
                riff_file(fmt + data + riff_chunk("bext", bext_payload("new\r\n")) + kAfter));
}

TEST_F(RiffChunks, CodingHistoryWithoutBextIsReported) {
    copy(small_wav(100), "out.wav", {.coding_history = "new"});
    EXPECT_THAT(warnings_, Contains(HasSubstr("no usable 'bext'")));
    copy(small_wav(100), "out.flac", {.coding_history = "new"});
    EXPECT_THAT(warnings_, Contains(HasSubstr("coding history was not written")));
}

TEST_F(RiffChunks, AManifestAndChecksumsAreKeptAndReportedAsInvalid) {
    const std::string samples = samples_of(400);
    const std::string tail = riff_chunk("C2PA", "manifest") + riff_chunk("MD5 ", std::string(16, 'x'));
    const std::string input =
        riff_file(riff_chunk("fmt ", fmt_payload(2, 48000, 16)) + riff_chunk("data", samples) + tail);
    expect_only_samples_differ(copy(input), input, samples);
    EXPECT_THAT(warnings_, ElementsAre(HasSubstr("C2PA manifest is kept"), HasSubstr("'MD5 ' is kept")));
    copy(input, "out.aiff");
    EXPECT_THAT(warnings_, Contains(HasSubstr("not carried over: the C2PA manifest")));
}

TEST_F(RiffChunks, ChunksThatANewContainerCannotHoldAreListed) {
    const std::string input = riff_file(kBefore + riff_chunk("data", samples_of(400)) + kAfter);
    copy(input, "out.w64");
    for (const char* id : {"bext", "iXML", "axml", "LIST", "id3 ", "cue ", "smpl", "chna", "wxyz"}) {
        EXPECT_THAT(warnings_, Contains(HasSubstr(std::string("chunk '") + id + "'")));
    }
    const std::string aiff = copy(input, "out.aiff");
    EXPECT_NE(aiff.find(std::string("ID3 \0\0\0\x04ID3\x04", 12)), std::string::npos); // the tag is carried
    EXPECT_THAT(warnings_, testing::Not(Contains(HasSubstr("'id3 '"))));
}

} // namespace
} // namespace wm::test
