#include "watermark/finding.h"

#include <utility>

#include <gtest/gtest.h>

namespace wm {
namespace {

Finding finding(std::size_t key_index, std::uint64_t payload, double log_p, double start_s, double end_s) {
    Finding result;
    result.key_index = key_index;
    result.payload = payload;
    result.log_p = log_p;
    result.start_s = start_s;
    result.end_s = end_s;
    return result;
}

TEST(Finding, TempoAndPitchThatChangeTogetherAreSpeed) {
    EXPECT_EQ((Geometry{1.05, 1.05}.speed()), 1.05);
    EXPECT_EQ((Geometry{1.05, 1.052}.speed()), 1.05);
    EXPECT_EQ((Geometry{1.05, 1.0}.speed()), 1.0);
    EXPECT_EQ((Geometry{1.0, 1.05}.speed()), 1.0);
    EXPECT_EQ(Geometry{}.speed(), 1.0);
}

TEST(Finding, TheSameMarkFoundAgainExtendsItsSpanAndKeepsTheStrongerEvidence) {
    std::vector<Finding> findings;
    merge_finding(findings, finding(0, 7, -50, 10, 20));
    merge_finding(findings, finding(0, 7, -80, 15, 30));
    merge_finding(findings, finding(0, 7, -60, 5, 12));
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].log_p, -80);
    EXPECT_EQ(findings[0].start_s, 5);
    EXPECT_EQ(findings[0].end_s, 30);
}

TEST(Finding, APlacedSpanStandsAgainstOneThatOnlyBoundsTheMark) {
    Finding bounds = finding(0, 7, -80, 0, 48);
    bounds.is_placed = false;
    const Finding placed = finding(0, 7, -50, 10, 20);
    for (const auto& [first, second] : {std::pair{bounds, placed}, std::pair{placed, bounds}}) {
        std::vector<Finding> findings;
        merge_finding(findings, first);
        merge_finding(findings, second);
        ASSERT_EQ(findings.size(), 1U);
        EXPECT_EQ(findings[0].log_p, -80);
        EXPECT_EQ(findings[0].start_s, 10);
        EXPECT_EQ(findings[0].end_s, 20);
        EXPECT_TRUE(findings[0].is_placed);
    }
}

TEST(Finding, OtherKeysAndOtherPayloadsStayApart) {
    std::vector<Finding> findings;
    merge_finding(findings, finding(0, 7, -50, 0, 1));
    merge_finding(findings, finding(1, 7, -50, 0, 1));
    merge_finding(findings, finding(0, 8, -50, 0, 1));
    EXPECT_EQ(findings.size(), 3U);
}

} // namespace
} // namespace wm
