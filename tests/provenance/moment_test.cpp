#include "wm/moment.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "expectations.h"

namespace wm {
namespace {

using test::expect_failure;

TEST(Moment, ReadsDaysAndSeconds) {
    EXPECT_EQ(parse_moment("1970-01-01")->unix_s, 0);
    EXPECT_TRUE(parse_moment("1970-01-01")->is_day);
    EXPECT_EQ(parse_moment("2026-10-01T00:00:00Z")->unix_s, 1'790'812'800);
    EXPECT_FALSE(parse_moment("2026-10-01T00:00:00Z")->is_day);
    EXPECT_TRUE(parse_moment("2024-02-29"));
    EXPECT_TRUE(parse_moment("9999-12-31T23:59:59Z"));
}

TEST(Moment, SaysWhatIsWrong) {
    expect_failure(parse_moment("2026-02-29"), ErrorCode::kFormat, {"no day 2026-02-29"});
    expect_failure(parse_moment("2026-13-01"), ErrorCode::kFormat, {"no day"});
    expect_failure(parse_moment("1969-12-31"), ErrorCode::kFormat, {"1970"});
    expect_failure(parse_moment("2026-01-01T24:00:00Z"), ErrorCode::kFormat, {"24:00:00"});
    for (const char* text :
         {"", "yesterday", "2026-1-1", "2026-01-01T00:00:00", "2026-01-01T00:00:00+02:00", "2026-01-01 "}) {
        expect_failure(parse_moment(text), ErrorCode::kFormat, {"is not a date", "2026-01-31"});
    }
}

RC_GTEST_PROP(Moment, IsReadBackAsItWasWritten, ()) {
    const bool is_day = *rc::gen::arbitrary<bool>();
    const auto time = *rc::gen::inRange<std::int64_t>(0, 253'402'300'800);
    const Moment moment{is_day ? time - time % 86'400 : time, is_day};
    RC_ASSERT(*parse_moment(format_moment(moment)) == moment);
}

TEST(Period, HoldsItsLastDayWhole) {
    const Period period{*parse_moment("2026-01-01"), *parse_moment("2026-12-31")};
    EXPECT_FALSE(period.contains(parse_moment("2025-12-31T23:59:59Z")->unix_s));
    EXPECT_TRUE(period.contains(parse_moment("2026-01-01T00:00:00Z")->unix_s));
    EXPECT_TRUE(period.contains(parse_moment("2026-12-31T23:59:59Z")->unix_s));
    EXPECT_FALSE(period.contains(parse_moment("2027-01-01T00:00:00Z")->unix_s));
    EXPECT_TRUE(Period().contains(0));
    const Period to_noon{std::nullopt, *parse_moment("2026-01-01T12:00:00Z")};
    EXPECT_TRUE(to_noon.contains(parse_moment("2026-01-01T11:59:59Z")->unix_s));
    EXPECT_FALSE(to_noon.contains(parse_moment("2026-01-01T12:00:00Z")->unix_s));
}

TEST(Period, MustNotEndBeforeItBegins) {
    EXPECT_TRUE(check_period({*parse_moment("2026-01-01"), *parse_moment("2026-01-01")}));
    expect_failure(check_period({*parse_moment("2026-01-02"), *parse_moment("2026-01-01")}), ErrorCode::kFormat,
                   {"2026-01-01", "before it begins on 2026-01-02"});
}

TEST(Period, OverlapsWhereASecondIsInBoth) {
    const Period january{*parse_moment("2026-01-01"), *parse_moment("2026-01-31")};
    const Period february{*parse_moment("2026-02-01"), *parse_moment("2026-02-28")};
    EXPECT_FALSE(overlap(january, february));
    EXPECT_TRUE(overlap(january, {*parse_moment("2026-01-31"), std::nullopt}));
    EXPECT_TRUE(overlap({}, february));
}

} // namespace
} // namespace wm
