#include "base/random_stream.h"

#include <array>

#include <gtest/gtest.h>

namespace wm {
namespace {

TEST(RandomStream, IsTheSameForTheSameSeedOnly) {
    RandomStream first(7);
    RandomStream again(7);
    RandomStream other(8);
    const std::uint64_t word = first.word();
    EXPECT_EQ(again.word(), word);
    EXPECT_NE(other.word(), word);
    EXPECT_NE(derived_seed(7, "noise"), derived_seed(7, "crop"));
    EXPECT_NE(derived_seed(7, "noise"), derived_seed(8, "noise"));
}

TEST(RandomStream, GaussianHasTheMomentsItShould) {
    RandomStream random(1);
    constexpr int kCount = 200000;
    std::array<double, 4> moments = {};
    for (int i = 0; i < kCount; ++i) {
        const double x = random.gaussian();
        moments[0] += x / kCount;
        moments[1] += x * x / kCount;
        moments[2] += x * x * x / kCount;
        moments[3] += x * x * x * x / kCount;
    }
    // Five standard deviations of each mean: sqrt(1, 2, 15, 96) / sqrt(200,000).
    EXPECT_NEAR(moments[0], 0, 0.012);
    EXPECT_NEAR(moments[1], 1, 0.016);
    EXPECT_NEAR(moments[2], 0, 0.044);
    EXPECT_NEAR(moments[3], 3, 0.11);
}

TEST(RandomStream, BelowCoversItsRangeEvenly) {
    RandomStream random(3);
    std::array<int, 7> counts = {};
    for (int i = 0; i < 70000; ++i) {
        ++counts.at(random.below(7));
    }
    for (const int count : counts) {
        EXPECT_NEAR(count, 10000, 500);
    }
}

} // namespace
} // namespace wm
