#include "watermark/geometry_tally.h"

#include <gtest/gtest.h>

#include "base/random_stream.h"

namespace wm {
namespace {

constexpr std::size_t kNumGeometries = 500;

/// The best of many places in five windows of nothing, about 2.8 +- 0.4 each.
GeometryTally tally_of_noise(float extra, std::size_t geometry) {
    GeometryTally tally(2, kNumGeometries);
    RandomStream random(5);
    for (std::size_t window = 0; window < 5; ++window) {
        for (std::size_t k = 0; k < kNumGeometries; ++k) {
            const float luck = static_cast<float>(random.uniform(2.1, 3.5));
            tally.note(1, k, luck + (k == geometry ? extra + (window == 3 ? 1.5F : 0.0F) : 0.0F));
            tally.note(1, k, 1.0F); // another place of the window, not as good
        }
        tally.end_window();
    }
    return tally;
}

TEST(GeometryTally, NothingStandsOutOfNothing) {
    EXPECT_TRUE(tally_of_noise(0.0F, kNumGeometries).leads(1).empty());
    EXPECT_TRUE(tally_of_noise(0.0F, kNumGeometries).leads(0).empty());
}

TEST(GeometryTally, WhatIsALittleBetterInEveryWindowStandsOut) {
    const std::vector<GeometryTally::Lead> leads = tally_of_noise(0.8F, 123).leads(1);
    ASSERT_EQ(leads.size(), 1U);
    EXPECT_EQ(leads[0].geometry, 123U);
    EXPECT_EQ(leads[0].window, 3U);
}

} // namespace
} // namespace wm
