/// What is not samples survives in AIFF and Wave64 files too.

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "../temporary_folder.h"
#include "recordings.h"

namespace wm::test {
namespace {

std::string big(std::uint32_t value) {
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
            static_cast<char>(value)};
}

std::string aiff_chunk(std::string_view id, std::string_view payload) {
    return std::string(id) + big(static_cast<std::uint32_t>(payload.size())) + std::string(payload) +
           std::string(payload.size() & 1, '\0');
}

const std::string kNoOffset(8, '\0');

/// 16-bit mono at 44.1 kHz.
std::string comm(std::uint32_t num_samples) {
    return aiff_chunk("COMM", std::string("\0\x01", 2) + big(num_samples) + std::string("\0\x10", 2) +
                                  std::string("\x40\x0E\xAC\x44\0\0\0\0\0\0", 10));
}

std::string aiff_file(const std::string& chunks) {
    return "FORM" + big(static_cast<std::uint32_t>(chunks.size() + 4)) + "AIFF" + chunks;
}

std::string copy_bytes(const std::string& bytes, const std::string& name) {
    const TemporaryFolder folder;
    write_text(folder / ("in." + name), bytes);
    copy_or_fail(folder / ("in." + name), folder / ("out." + name), 0.01F);
    return read_text(folder / ("out." + name));
}

void expect_only_range_differs(const std::string& output, const std::string& input, std::size_t begin,
                               std::size_t size) {
    ASSERT_EQ(output.size(), input.size());
    EXPECT_TRUE(output.substr(0, begin) == input.substr(0, begin));
    EXPECT_TRUE(output.substr(begin + size) == input.substr(begin + size));
    EXPECT_NE(output.substr(begin, size), input.substr(begin, size));
}

TEST(AiffChunks, EveryChunkStaysByteForByteInOrder) {
    const std::string before = aiff_chunk("NAME", "odd") + comm(100) + aiff_chunk("MARK", "1234");
    const std::string after = aiff_chunk("ID3 ", "tag") + aiff_chunk("APPL", "wxyz!") + "tail";
    const std::string input = aiff_file(before + aiff_chunk("SSND", kNoOffset + std::string(200, '\x05')) + after);
    expect_only_range_differs(copy_bytes(input, "aiff"), input, 12 + before.size() + 16, 200);
}

TEST(AiffChunks, SamplesMayComeBeforeTheirDescriptionAndAtAnOffset) {
    const std::string ssnd = big(6) + big(0) + std::string(6 + 200, '\x05');
    const std::string input = aiff_file(aiff_chunk("SSND", ssnd) + comm(100));
    expect_only_range_differs(copy_bytes(input, "aiff"), input, 12 + 16 + 6, 200);
}

TEST(AiffChunks, SamplesBeyondTheStatedNumberStayUntouched) {
    const std::string input = aiff_file(comm(60) + aiff_chunk("SSND", kNoOffset + std::string(200, '\x05')));
    expect_only_range_differs(copy_bytes(input, "aiff"), input, 12 + 26 + 16, 120);
}

TEST(AiffChunks, ACutFileIsReadToItsEndAndWrittenWithTrueSizes) {
    const std::string whole = aiff_file(comm(100) + aiff_chunk("SSND", kNoOffset + std::string(200, '\x05')));
    const std::string output = copy_bytes(whole.substr(0, whole.size() - 100), "aiff");
    const std::string wanted = aiff_file(comm(50) + aiff_chunk("SSND", kNoOffset + std::string(100, '\x05')));
    ASSERT_EQ(output.size(), wanted.size());
    EXPECT_EQ(output.substr(0, wanted.size() - 100), wanted.substr(0, wanted.size() - 100));
}

std::string little64(std::uint64_t value) {
    std::string bytes;
    for (int i = 0; i < 8; ++i) {
        bytes += static_cast<char>(value >> (8 * i));
    }
    return bytes;
}

std::string w64_chunk(const std::string& id, const std::string& payload) {
    const std::string guid = id + std::string("\xF3\xAC\xD3\x11\x8C\xD1\x00\xC0\x4F\x8E\xDB\x8A", 12);
    return guid + little64(24 + payload.size()) + payload + std::string((8 - payload.size() % 8) % 8, '\0');
}

std::string w64_file(const std::string& chunks) {
    const std::string riff = "riff" + std::string("\x2E\x91\xCF\x11\xA5\xD6\x28\xDB\x04\xC1\x00\x00", 12);
    return riff + little64(40 + chunks.size()) + w64_chunk("wave", "").substr(0, 16) + chunks;
}

TEST(W64Chunks, EveryChunkStaysByteForByteInOrder) {
    const std::string before = w64_chunk("bext", std::string(603, 'x')) + w64_chunk("fmt ", fmt_payload(2, 48000, 16));
    const std::string after = w64_chunk("LIST", "odd") + w64_chunk("wxyz", "unknown");
    const std::string input = w64_file(before + w64_chunk("data", std::string(404, '\x05')) + after);
    expect_only_range_differs(copy_bytes(input, "w64"), input, 40 + before.size() + 24, 404);
}

TEST(W64Chunks, ACutFileIsReadToItsEndAndWrittenWithTrueSizes) {
    const std::string fmt = w64_chunk("fmt ", fmt_payload(2, 48000, 16));
    const std::string whole = w64_file(fmt + w64_chunk("data", std::string(400, '\x05')));
    const std::string output = copy_bytes(whole.substr(0, whole.size() - 200), "w64");
    const std::string wanted = w64_file(fmt + w64_chunk("data", std::string(200, '\x05')));
    ASSERT_EQ(output.size(), wanted.size());
    EXPECT_EQ(output.substr(0, wanted.size() - 200), wanted.substr(0, wanted.size() - 200));
}

} // namespace
} // namespace wm::test
