#include "wm/id.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace wm {
namespace {

TEST(Id, IsWrittenAsSixteenLowerCaseDigits) {
    EXPECT_EQ(format_id(0x5f3a9c0212ab77e1), "5f3a9c0212ab77e1");
    EXPECT_EQ(format_id(0xab), "00000000000000ab");
}

TEST(Id, IsReadInEitherCase) {
    EXPECT_EQ(parse_id("5F3A9C0212ab77e1").value(), 0x5f3a9c0212ab77e1U);
}

TEST(Id, IsRefusedUnlessItIsSixteenDigits) {
    for (const char* text : {"", "5f3a9c0212ab77e", "5f3a9c0212ab77e10", "0x3a9c0212ab77e1", "5f3a9c0212ab77g1",
                             " 5f3a9c0212ab77e", "+5f3a9c0212ab77e", "random"}) {
        const Result<std::uint64_t> id = parse_id(text);
        ASSERT_FALSE(id) << text;
        EXPECT_EQ(id.error().code, ErrorCode::kUsage);
        EXPECT_NE(id.error().message.find(text), std::string::npos);
    }
}

RC_GTEST_PROP(Id, ReadingUndoesWriting, (std::uint64_t id)) {
    RC_ASSERT(parse_id(format_id(id)).value() == id);
}

TEST(Id, RandomIdsVaryInEveryBit) {
    std::uint64_t ever_set = 0;
    std::uint64_t ever_clear = 0;
    // A fair bit stays the same over 100 draws with probability 2^-99.
    for (int k = 0; k < 100; ++k) {
        const std::uint64_t id = random_id();
        ever_set |= id;
        ever_clear |= ~id;
    }
    EXPECT_EQ(ever_set, ~std::uint64_t{0});
    EXPECT_EQ(ever_clear, ~std::uint64_t{0});
}

} // namespace
} // namespace wm
