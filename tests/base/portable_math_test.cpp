#include "base/portable_math.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace wm {
namespace {

TEST(PortableMath, ExpAndLogAgreeWithTheCLibrary) {
    for (double x = -600; x < 600; x += 0.37) {
        EXPECT_NEAR(portable_exp(x) / std::exp(x), 1, 1e-14) << x;
    }
    for (double x = 1e-250; x < 1e250; x *= 1.7) {
        EXPECT_NEAR(portable_log(x), std::log(x), 1e-14 * std::max(1.0, std::fabs(std::log(x)))) << x;
    }
    EXPECT_EQ(portable_exp(0), 1);
    EXPECT_EQ(portable_exp(-1e9), 0);
    EXPECT_EQ(portable_log(1), 0);
}

TEST(PortableMath, SinesOfTurnsAgreeWithTheCLibrary) {
    for (double turns = -3; turns < 3; turns += 0.00137) {
        EXPECT_NEAR(sin_of_turns(turns), std::sin(2 * std::numbers::pi * turns), 3e-15) << turns;
        EXPECT_NEAR(cos_of_turns(turns), std::cos(2 * std::numbers::pi * turns), 3e-15) << turns;
    }
    EXPECT_EQ(cos_of_turns(1e9), 1);
    EXPECT_EQ(sin_of_turns(0.25), 1);
}

TEST(PortableMath, TanhAndDecibels) {
    for (double x = -20; x < 20; x += 0.1) {
        EXPECT_NEAR(portable_tanh(x), std::tanh(x), 1e-15);
    }
    EXPECT_NEAR(amplitude_of_db(-6.020599913279624), 0.5, 1e-15);
    EXPECT_NEAR(db_of_amplitude(10), 20, 1e-13);
}

} // namespace
} // namespace wm
