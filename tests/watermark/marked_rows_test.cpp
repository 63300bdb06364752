#include "watermark/marked_rows.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace wm {
namespace {

/// Rows of noise of deviation 1, with `level` more from `first` to `end`.
std::vector<float> rows(std::size_t count, std::size_t first, std::size_t end, float level, std::uint32_t seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> noise;
    std::vector<float> correlations(count);
    for (std::size_t r = 0; r < count; ++r) {
        correlations[r] = noise(random) + (r >= first && r < end ? level : 0.0F);
    }
    return correlations;
}

TEST(MarkedRows, AreTheWholeSpanWhenItIsMarkedThroughout) {
    const RowRange range = marked_rows(std::vector<float>(300, 2.0F));
    EXPECT_EQ(range.first, 0U);
    EXPECT_EQ(range.end, 300U);
}

TEST(MarkedRows, AreExactWithoutNoise) {
    std::vector<float> correlations(512, 0.0F);
    std::fill(correlations.begin() + 100, correlations.begin() + 131, 1.0F);
    const RowRange range = marked_rows(correlations);
    EXPECT_EQ(range.first, 100U);
    EXPECT_EQ(range.end, 131U);
}

/// A mark at the threshold after 10 s has about 0.6 deviations a row; here twice that.
TEST(MarkedRows, AreWithinASecondInNoise) {
    constexpr std::size_t kSecond = 43;
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
        const std::size_t first = 20 + seed;
        const RowRange range = marked_rows(rows(700, first, first + 430, 1.2F, seed));
        EXPECT_LT(range.first, first + kSecond) << seed;
        EXPECT_GT(range.first + kSecond, first) << seed;
        EXPECT_LT(range.end, first + 430 + kSecond) << seed;
        EXPECT_GT(range.end + kSecond, first + 430) << seed;
    }
}

TEST(MarkedRows, AreTheWholeSpanWhereNothingStandsOut) {
    const RowRange range = marked_rows(std::vector<float>(50, -1.0F));
    EXPECT_EQ(range.first, 0U);
    EXPECT_EQ(range.end, 50U);
    EXPECT_EQ(marked_rows({}).end, 0U);
}

} // namespace
} // namespace wm
