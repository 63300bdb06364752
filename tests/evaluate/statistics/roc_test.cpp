#include "evaluate/statistics/roc.h"

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace wm {
namespace {

/// The area by its definition: pairs won, ties counting half.
double won_pairs(const std::vector<double>& marked, const std::vector<double>& null) {
    double won = 0;
    for (const double a : marked) {
        for (const double b : null) {
            won += a > b ? 1 : a == b ? 0.5 : 0;
        }
    }
    return won / static_cast<double>(marked.size() * null.size());
}

TEST(Roc, AreaAgreesWithScipysMannWhitneyStatistic) {
    EXPECT_NEAR(make_roc({3, 5, 5, 7, 2, 9, 4.5}, {1, 2, 5, 0.5, 4}).area, 0.8142857142857143, 1e-12);
}

RC_GTEST_PROP(Roc, AreaIsTheShareOfPairsWon, ()) {
    const auto scores = rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(
        rc::gen::map(rc::gen::inRange(-5, 6), [](int score) { return static_cast<double>(score); })));
    const std::vector<double> marked = *scores;
    const std::vector<double> null = *scores;
    const Roc roc = make_roc(marked, null);
    RC_ASSERT(std::abs(roc.area - won_pairs(marked, null)) < 1e-9);
    RC_ASSERT(roc.points.front().true_positive_rate == 0 && roc.points.back().true_positive_rate == 1);
    RC_ASSERT(std::is_sorted(roc.points.begin(), roc.points.end(), [](const RocPoint& a, const RocPoint& b) {
        return a.false_positive_rate < b.false_positive_rate || a.true_positive_rate < b.true_positive_rate;
    }));
}

TEST(Roc, ReadsTheRateAtABoundOnFalseAlarms) {
    std::vector<double> null(1000, 0.0);
    std::fill_n(null.begin(), 10, 5.0);
    const Roc roc = make_roc({1, 5, 6, 7}, null);
    EXPECT_EQ(true_positive_rate_at(roc, 0.001, null.size()), 0.5);
    EXPECT_EQ(true_positive_rate_at(roc, 0.01, null.size()), 1); // the threshold may be 1: 10 of 1000 lie above
    EXPECT_EQ(true_positive_rate_at(roc, 0.0001, null.size()), std::nullopt) << "a thousand trials cannot tell";
}

TEST(Roc, NoScoreIsNoDetection) {
    constexpr double kNone = -std::numeric_limits<double>::infinity();
    const Roc roc = make_roc({kNone, 3}, std::vector<double>(100, kNone));
    EXPECT_EQ(true_positive_rate_at(roc, 0.01, 100), 0.5);
    EXPECT_NEAR(roc.area, 0.75, 1e-12);
}

TEST(Roc, ThinsButKeepsTheEnds) {
    std::vector<double> marked;
    std::vector<double> null;
    for (int k = 0; k < 1000; ++k) {
        marked.push_back(k + 0.5);
        null.push_back(k);
    }
    const std::vector<RocPoint> points = make_roc(marked, null).points;
    const std::vector<RocPoint> few = thinned(points, 50);
    EXPECT_EQ(few.size(), 50U);
    EXPECT_EQ(few.back().true_positive_rate, 1);
    EXPECT_EQ(few.front().false_positive_rate, 0);
    EXPECT_EQ(thinned(few, 50).size(), 50U);
}

} // namespace
} // namespace wm
