#include "evaluate/statistics/rates.h"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace wm {
namespace {

/// Golden numbers of this file: scipy 1.10's binomtest(...).proportion_ci("wilson"), binomtest(...).pvalue, norm.ppf.
TEST(Rates, WilsonIntervalsAgreeWithScipy) {
    struct Known {
        std::size_t successes, trials;
        double low, high;
    };
    for (const Known& known : {Known{0, 10, 0, 0.27753279986288926}, Known{10, 10, 0.7224672001371109, 1},
                               Known{7, 20, 0.1811918241010821, 0.5671457233147637},
                               Known{981, 1000, 0.9705155440876868, 0.9878031142492091},
                               Known{1, 3, 0.06149194472039626, 0.7923403991979523}}) {
        const Rate rate = count_rate(known.successes, known.trials);
        EXPECT_NEAR(rate.low, known.low, 1e-12);
        EXPECT_NEAR(rate.high, known.high, 1e-12);
    }
}

TEST(Rates, NothingCountedSaysNothing) {
    const Rate rate = count_rate(0, 0);
    EXPECT_EQ(rate.low, 0);
    EXPECT_EQ(rate.high, 1);
}

RC_GTEST_PROP(Rates, IntervalsHoldTheShareAndMirror, ()) {
    const auto trials = *rc::gen::inRange<std::size_t>(1, 10000);
    const auto successes = *rc::gen::inRange<std::size_t>(0, trials + 1);
    const Rate rate = count_rate(successes, trials);
    const Rate mirrored = count_rate(trials - successes, trials);
    RC_ASSERT(rate.low >= 0 && rate.low <= rate.share && rate.share <= rate.high && rate.high <= 1);
    RC_ASSERT(std::abs(rate.low + mirrored.high - 1) < 1e-12);
}

TEST(Rates, McNemarAgreesWithScipy) {
    EXPECT_EQ(mcnemar_p_value(0, 0), 1);
    EXPECT_EQ(mcnemar_p_value(3, 3), 1);
    EXPECT_NEAR(mcnemar_p_value(1, 9), 0.021484375, 1e-12);
    EXPECT_NEAR(mcnemar_p_value(10, 2), 0.03857421875, 1e-12);
    EXPECT_NEAR(mcnemar_p_value(40, 15), 0.0010158471941252854, 1e-12);
    EXPECT_NEAR(mcnemar_p_value(0, 100) / 1.5777218104420236e-30, 1, 1e-9);
}

TEST(Rates, ProbitAgreesWithScipy) {
    EXPECT_NEAR(probit(1e-9), -5.9978070150076865, 1e-8);
    EXPECT_NEAR(probit(0.001), -3.090232306167813, 1e-9);
    EXPECT_NEAR(probit(0.0227), -2.0009293881015724, 1e-9);
    EXPECT_NEAR(probit(0.5), 0, 1e-9);
    EXPECT_NEAR(probit(0.9), 1.2815515655446004, 1e-9);
}

} // namespace
} // namespace wm
