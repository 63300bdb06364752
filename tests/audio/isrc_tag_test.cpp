#include "audio/isrc_tag.h"

#include <gtest/gtest.h>

#include "audio/flac_layout.h"

namespace wm {
namespace {

constexpr const char* kCode = "USRC17607839";

std::string code_in(const std::string& file, const ContainerLayout& layout = {}) {
    const MemorySource source({reinterpret_cast<const std::uint8_t*>(file.data()), file.size()});
    const Result<std::string> code = read_isrc_tag(source, layout);
    EXPECT_TRUE(code) << code.error().message;
    return code.value_or("an error");
}

/// An ID3v2.3 tag with one frame, whose text is in the encoding of that number.
std::string id3_tag(const std::string& name, char encoding, const std::string& text) {
    const auto frame_size = static_cast<char>(text.size() + 1);
    const std::string frame = name + std::string(3, '\0') + frame_size + std::string(2, '\0') + encoding + text;
    return std::string("ID3\x03\0\0\0\0\0", 9) + static_cast<char>(frame.size()) + frame;
}

std::string utf16(const std::string& text) {
    std::string wide = "\xff\xfe";
    for (const char c : text) {
        wide += c;
        wide += '\0';
    }
    return wide;
}

/// A layout with all of the file in one chunk.
ContainerLayout one_chunk(const std::string& id, const std::string& file) {
    ContainerLayout layout;
    layout.chunks = {{id, 0, 0, file.size()}};
    return layout;
}

TEST(IsrcTag, IsReadFromAnId3Tag) {
    EXPECT_EQ(code_in(id3_tag("TSRC", 0, kCode)), kCode);
    EXPECT_EQ(code_in(id3_tag("TSRC", 3, "us-rc1-76-07839")), kCode);
    EXPECT_EQ(code_in(id3_tag("TSRC", 1, utf16(kCode))), kCode);
    EXPECT_EQ(code_in(id3_tag("TIT2", 0, kCode)), "");
}

TEST(IsrcTag, IsReadFromTheCommentsOfAFlacFile) {
    const std::string comment = std::string("\0\0\0\0\x01\0\0\0\x11\0\0\0", 12) + "isrc=" + kCode;
    const std::string file = "fLaC" + make_flac_block_header(FlacBlockType::kStreamInfo, kFlacStreamInfoBytes, false) +
                             std::string(kFlacStreamInfoBytes, '\0') +
                             make_flac_block_header(FlacBlockType::kVorbisComment, comment.size(), true) + comment;
    EXPECT_EQ(code_in(file), kCode);
}

TEST(IsrcTag, IsReadFromTheChunksOfAWaveFile) {
    const std::string axml = std::string("<dc:identifier>ISRC:") + kCode + "</dc:identifier>";
    EXPECT_EQ(code_in(axml, one_chunk("axml", axml)), kCode);
    const std::string tag = "x" + id3_tag("TSRC", 0, kCode);
    EXPECT_EQ(code_in(tag, one_chunk("id3 ", tag)), kCode);
    EXPECT_EQ(code_in(axml, one_chunk("LIST", axml)), "") << "INFO's ISRC names a source";
}

TEST(IsrcTag, IsNothingWhereItIsCutShortOrMissing) {
    for (const std::string& file :
         {std::string(), std::string("ID3"), id3_tag("TSRC", 0, "USRC1760"), id3_tag("TSRC", 0, ""),
          id3_tag("TSRC", 0, kCode).substr(0, 20), std::string("fLaC"), std::string(kCode)}) {
        EXPECT_EQ(code_in(file), "");
    }
}

} // namespace
} // namespace wm
