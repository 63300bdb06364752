#include "watermark/accept.h"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace wm {
namespace {

double anywhere(int low, int high) {
    return *rc::gen::inRange(low * 1000, high * 1000) / 1000.0;
}

TEST(Accept, TheBoundHasItsHandComputedValues) {
    // pilot 8, payload 15: s = (64 + 225) / 2 = 144.5; ln(145.5) = 4.980176; 64 ln 2 = 44.361420
    EXPECT_NEAR(log_false_positive_bound({8.0, 15.0}, 0.0), 44.361420 + 4.980176 - 144.5, 1e-5);
    EXPECT_NEAR(log_false_positive_bound({8.0, 15.0}, std::log(1e6)), 44.361420 + 4.980176 + 13.815511 - 144.5, 1e-5);
    EXPECT_EQ((ReadingEvidence{8.0, 15.0}.energy()), 144.5);
    EXPECT_EQ((ReadingEvidence{8.0, 15.0}.statistic()), 17.0);
}

TEST(Accept, TheThresholdHasItsHandComputedValue) {
    // s - ln(1 + s) = 64 ln 2 + ln 1e6 + ln 1e9 = 78.900196 holds at s = 83.334993; T = sqrt(2 s)
    EXPECT_NEAR(threshold_statistic(std::log(1e-9), std::log(1e6)), std::sqrt(2.0 * 83.334993), 1e-6);
}

TEST(Accept, NegativeStatisticsAreNoEvidence) {
    EXPECT_EQ((ReadingEvidence{-20.0, -30.0}.energy()), 0.0);
    EXPECT_EQ((ReadingEvidence{-20.0, 5.0}.energy()), 12.5);
    EXPECT_EQ(log_false_positive_bound({-20.0, -30.0}, 0.0), 0.0);
}

RC_GTEST_PROP(Accept, MoreEvidenceNeverRaisesTheBoundAndMoreHypothesesNeverLowerIt, ()) {
    const ReadingEvidence evidence{anywhere(-5, 20), anywhere(-5, 30)};
    const double log_hypotheses = anywhere(0, 40);
    const double bound = log_false_positive_bound(evidence, log_hypotheses);
    RC_ASSERT(bound <= 0.0);
    RC_ASSERT(log_false_positive_bound({evidence.pilot + anywhere(0, 3), evidence.payload}, log_hypotheses) <= bound);
    RC_ASSERT(log_false_positive_bound({evidence.pilot, evidence.payload + anywhere(0, 3)}, log_hypotheses) <= bound);
    RC_ASSERT(log_false_positive_bound(evidence, log_hypotheses + anywhere(0, 9)) >= bound);
}

RC_GTEST_PROP(Accept, TheBoundIsReachedExactlyAtTheThresholdHoweverTheEvidenceIsShared, ()) {
    const double log_bound = -anywhere(7, 35);
    const double log_hypotheses = anywhere(0, 40);
    const double threshold = threshold_statistic(log_bound, log_hypotheses);
    const double angle = anywhere(0, 1);
    const ReadingEvidence at{threshold * std::sin(angle), threshold * std::cos(angle)};
    RC_ASSERT(std::abs(at.statistic() - threshold) < 1e-9);
    RC_ASSERT(std::abs(log_false_positive_bound(at, log_hypotheses) - log_bound) < 1e-6);
}

} // namespace
} // namespace wm
