#include "base/hex.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace wm {
namespace {

TEST(Hex, WritesTheFirstByteFirstInLowerCase) {
    EXPECT_EQ(to_hex(std::vector<std::uint8_t>{0x5f, 0x00, 0xa9}), "5f00a9");
    EXPECT_EQ(to_hex({}), "");
}

TEST(Hex, ReadsEitherCase) {
    std::array<std::uint8_t, 2> bytes{};
    ASSERT_TRUE(from_hex("aBCd", bytes));
    EXPECT_EQ(bytes, (std::array<std::uint8_t, 2>{0xab, 0xcd}));
}

TEST(Hex, RefusesWrongLengths) {
    std::array<std::uint8_t, 2> bytes{};
    for (const char* digits : {"", "ab", "abc", "abcde", "abcdef"}) {
        EXPECT_FALSE(from_hex(digits, bytes)) << digits;
    }
}

TEST(Hex, AcceptsTheSixteenDigitsAndNothingElse) {
    for (int c = 0; c < 256; ++c) {
        const auto character = static_cast<char>(c);
        const bool is_digit = c != 0 && std::string_view("0123456789abcdefABCDEF").find(character) != std::string::npos;
        std::array<std::uint8_t, 1> byte{};
        EXPECT_EQ(from_hex(std::string{'0', character}, byte), is_digit) << c;
        EXPECT_EQ(from_hex(std::string{character, '0'}, byte), is_digit) << c;
    }
}

RC_GTEST_PROP(Hex, ReadingUndoesWriting, (const std::vector<std::uint8_t>& bytes)) {
    std::vector<std::uint8_t> read(bytes.size());
    RC_ASSERT(from_hex(to_hex(bytes), read));
    RC_ASSERT(read == bytes);
}

} // namespace
} // namespace wm
