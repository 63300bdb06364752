#include "wm/notice.h"

#include <array>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace wm {
namespace {

using testing::HasSubstr;

constexpr std::array kAiUses = {Use::kDataMining, Use::kAiInference, Use::kAiTraining, Use::kAiGenerativeTraining};

/// Any notice at all.
PublicNotice draw_notice() {
    PublicNotice notice;
    for (const Use use : kAiUses) {
        if (const int choice = *rc::gen::inRange(-1, 3); choice >= 0) {
            notice.training_mining[use] = {static_cast<Choice>(choice), ""};
        }
    }
    if (const int share = *rc::gen::inRange(-1, 3); share >= 0) {
        notice.contains_ai = static_cast<AiShare>(share);
    }
    notice.issuer = *rc::gen::arbitrary<std::uint32_t>();
    return notice;
}

RC_GTEST_PROP(Notice, UnpackingUndoesPacking, ()) {
    const PublicNotice notice = draw_notice();
    RC_ASSERT(unpack_notice(pack_notice(notice)).value() == notice);
}

RC_GTEST_PROP(Notice, UpToThreeFlippedBitsAreRefused, ()) {
    const std::uint64_t payload = pack_notice(draw_notice());
    std::uint64_t flipped = 0;
    for (int k = *rc::gen::inRange(1, 4); k > 0; --k) {
        flipped |= std::uint64_t{1} << *rc::gen::inRange(0, 64);
    }
    RC_ASSERT(!unpack_notice(payload ^ flipped));
}

RC_GTEST_PROP(Notice, NoPayloadHasTwoSpellings, (std::uint64_t payload)) {
    const Result<PublicNotice> notice = unpack_notice(payload);
    RC_ASSERT((!notice || pack_notice(*notice) == payload));
}

RC_GTEST_PROP(Notice, TheStrictestOfTwoIsNoFreerThanEitherInAnyOrder, ()) {
    const PublicNotice a = draw_notice();
    const PublicNotice b = draw_notice();
    const PublicNotice strict = strictest(a, b);
    RC_ASSERT(strict == strictest(b, a));
    for (const PublicNotice& one : {a, b}) {
        for (const auto& [use, consent] : one.training_mining) {
            RC_ASSERT(strict.training_mining.at(use).use >= consent.use);
        }
        RC_ASSERT((strict.contains_ai >= one.contains_ai));
    }
}

/// The CRC written a second way, so that versions which this library does not write can be made.
std::uint64_t with_check(std::uint64_t upper) {
    std::uint32_t remainder = 0xffff;
    for (int k = 0; k < 6; ++k) {
        remainder ^= static_cast<std::uint32_t>(upper >> (56 - 8 * k) & 0xff) << 8;
        for (int bit = 0; bit < 8; ++bit) {
            remainder = remainder << 1 ^ ((remainder & 0x8000) != 0 ? 0x11021 : 0);
        }
    }
    return upper | (remainder & 0xffff);
}

TEST(Notice, HasTheLayoutThatFormatsMdSays) {
    PublicNotice notice;
    notice.training_mining[Use::kAiTraining] = {Choice::kNotAllowed, ""};
    notice.training_mining[Use::kDataMining] = {Choice::kAllowed, ""};
    notice.contains_ai = AiShare::kNone;
    notice.issuer = 0x12345678;
    EXPECT_EQ(pack_notice(notice), with_check(0x14c4'1234'5678'0000U));
}

TEST(Notice, IsRefusedWhenItsVersionOrAReservedBitIsUnknown) {
    EXPECT_TRUE(unpack_notice(with_check(0x1000'0000'0000'0000U)).has_value());
    for (const std::uint64_t upper : {std::uint64_t{0}, 0x2000'0000'0000'0000U, 0xf000'0000'0000'0000U,
                                      0x1001'0000'0000'0000U, 0x1002'0000'0000'0000U}) {
        const Result<PublicNotice> notice = unpack_notice(with_check(upper));
        ASSERT_FALSE(notice) << upper;
        EXPECT_EQ(notice.error().code, ErrorCode::kUnsupported);
    }
}

TEST(Notice, ReadsDeclarationsWithAndWithoutPrefix) {
    const auto notice =
        parse_notice({"ai_training=notAllowed", "cawg.data_mining=constrained", "containsAI=Partly"}, "A");
    ASSERT_TRUE(notice) << notice.error().message;
    EXPECT_EQ(notice->training_mining.at(Use::kAiTraining).use, Choice::kNotAllowed);
    EXPECT_EQ(notice->training_mining.at(Use::kDataMining).use, Choice::kConstrained);
    EXPECT_EQ(notice->training_mining.size(), 2U);
    EXPECT_EQ(notice->contains_ai, AiShare::kPartly);
    // printf A | sha256sum
    EXPECT_EQ(format_issuer(notice->issuer), "559aead0");
    EXPECT_EQ(describe_notice(*notice),
              "cawg.data_mining constrained, cawg.ai_training notAllowed, containsAI Partly, issuer 559aead0");
}

TEST(Notice, NamesTheNearestOfAWrongWord) {
    const std::map<std::string, std::string> wrong = {
        {"ai_trainin=notAllowed", "ai_training"},
        {"ai_training=notallowed", "notAllowed"},
        {"containsAi=None", "containsAI"},
        {"containsAI=none", "None"},
        {"stream=allowed", "\"stream\""},
        {"ai_training", "ai_training=notAllowed"},
        {"=allowed", "known are"},
        {"", "declares nothing"},
    };
    for (const auto& [declaration, word] : wrong) {
        const auto notice = parse_notice({declaration});
        ASSERT_FALSE(notice) << declaration;
        EXPECT_EQ(notice.error().code, ErrorCode::kUsage);
        EXPECT_THAT(notice.error().message, HasSubstr(word)) << declaration;
    }
}

TEST(Notice, DeclaresNothingTwice) {
    EXPECT_FALSE(parse_notice({"ai_training=allowed", "cawg.ai_training=notAllowed"}));
    EXPECT_FALSE(parse_notice({"containsAI=None", "containsAI=All"}));
    EXPECT_FALSE(parse_notice({}));
}

TEST(Notice, HasAnUndeclaredIssuerOnlyWithoutAName) {
    EXPECT_EQ(issuer_code(""), 0U);
    EXPECT_NE(issuer_code("A"), issuer_code("B"));
}

} // namespace
} // namespace wm
