#include <numeric>

#include <gtest/gtest.h>

#include "index/segment_merge.h"
#include "index/segment_writer.h"
#include "memory_posting_store.h"

namespace wm {
namespace {

std::vector<Segment> segments_of(const std::vector<std::uint64_t>& sizes) {
    std::vector<Segment> segments;
    for (const std::uint64_t size : sizes) {
        segments.push_back({static_cast<std::int64_t>(segments.size()) + 1, size, 0, {}});
    }
    return segments;
}

TEST(PlanMerge, LeavesFewSegmentsAlone) {
    EXPECT_TRUE(plan_merge(segments_of({1, 1, 1, 1, 1, 1, 1, 1}), false).empty());
}

TEST(PlanMerge, TakesTheSmallOnesAndLeavesTheLargeOne) {
    const std::vector<Segment> chosen = plan_merge(segments_of({1'000'000, 10, 12, 9, 11, 10, 10, 10, 10}), false);
    EXPECT_EQ(chosen.size(), 8U);
    for (const Segment& segment : chosen) {
        EXPECT_LT(segment.num_postings, 100U);
    }
}

TEST(PlanMerge, TakesEverythingWhenAskedTo) {
    EXPECT_EQ(plan_merge(segments_of({7}), true).size(), 1U);
    EXPECT_EQ(plan_merge(segments_of({1'000'000, 10, 12}), true).size(), 3U);
}

TEST(PlanMerge, LeavesOutWhatOneSegmentCannotHold) {
    std::vector<Segment> live = segments_of({30, 10, 20});
    for (Segment& segment : live) {
        segment.tracks = {{kMostPositions / 2 - 1000, 0, 1}};
    }
    const std::vector<Segment> chosen = plan_merge(live, true);
    ASSERT_EQ(chosen.size(), 2U);
    EXPECT_EQ(chosen[0].num_postings + chosen[1].num_postings, 30U);
}

TEST(PlanMerge, RewritesAPostingALogarithmicNumberOfTimes) {
    std::vector<Segment> live;
    std::uint64_t num_written = 0;
    constexpr std::uint64_t kNumAdds = 1000;
    for (std::uint64_t k = 0; k < kNumAdds; ++k) {
        live.push_back({static_cast<std::int64_t>(k), 1, 0, {}});
        const std::vector<Segment> chosen = plan_merge(live, false);
        Segment merged;
        for (const Segment& segment : chosen) {
            merged.num_postings += segment.num_postings;
            std::erase_if(live, [&](const Segment& other) { return other.id == segment.id; });
        }
        if (!chosen.empty()) {
            merged.id = chosen.front().id;
            num_written += merged.num_postings;
            live.push_back(merged);
        }
        ASSERT_LE(live.size(), kMostLiveSegments);
    }
    EXPECT_LT(num_written, 20 * kNumAdds);
}

TEST(SegmentWriter, CutsLongListsToASampleOfAllTheirPlaces) {
    test::MemoryPostingStore store;
    Segment segment;
    segment.id = *store.begin_segment();
    std::vector<Posting> postings;
    for (std::uint32_t k = 0; k < 1000; ++k) {
        postings.push_back({5, k, 0, 20});
        postings.push_back({6 + k, k, 0, 20});
    }
    EXPECT_EQ(*write_rows(store, segment, 100, postings), 1100U);
    std::vector<std::uint32_t> positions;
    const std::uint32_t row = 5;
    ASSERT_TRUE(store.fetch(segment.id, std::span(&row, 1), [&](std::uint32_t, std::span<const std::uint8_t> bytes) {
        PostingRowReader reader(bytes, 5);
        PostingBlock block;
        std::vector<std::uint32_t> some;
        while (reader.next(block) && block.key == 5) {
            decode_positions(block, some);
            positions.insert(positions.end(), some.begin(), some.end());
        }
    }));
    ASSERT_EQ(positions.size(), 100U);
    EXPECT_NEAR(std::accumulate(positions.begin(), positions.end(), 0.0) / 100, 500, 120);
}

TEST(SegmentWriter, RowsGrowToAKilobyteAsFarAsThereArePostings) {
    EXPECT_EQ(key_bits_for(0), 17U);
    EXPECT_EQ(key_bits_for(100'000'000), 0U);
    EXPECT_GT(key_bits_for(10'000), key_bits_for(1'000'000));
}

} // namespace
} // namespace wm
