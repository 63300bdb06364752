/// One suite over every store: the same calls give the same segments, rows and ranked candidates.

#include <functional>

#include <gtest/gtest.h>

#include "index/index_schema.h"
#include "index/segment_merge.h"
#include "index/segment_writer.h"
#include "index/sqlite_posting_store.h"
#include "index/votes.h"
#include "memory_posting_store.h"
#include "random_peaks.h"
#include "temporary_folder.h"

namespace wm {
namespace {

struct OpenStore {
    test::TemporaryFolder folder;
    std::unique_ptr<PostingStore> store;
};

std::unique_ptr<OpenStore> open_sqlite() {
    auto open = std::make_unique<OpenStore>();
    const Result<Database> database = Database::open(open->folder / "x.index", kIndexKind, OpenMode::kCreate);
    EXPECT_TRUE(database) << database.error().message;
    open->store = *SqlitePostingStore::open(*database);
    return open;
}

std::unique_ptr<OpenStore> open_memory() {
    auto open = std::make_unique<OpenStore>();
    open->store = std::make_unique<test::MemoryPostingStore>();
    return open;
}

/// Writes and publishes a segment of one random recording.
Segment add_recording(PostingStore& store, std::uint32_t seed) {
    const Fingerprint recording = test::random_recording(seed);
    Segment segment;
    segment.id = *store.begin_segment();
    segment.tracks = {{0, recording.num_frames, seed}};
    std::vector<Posting> postings;
    for (const Triple& triple : find_triples(recording.peaks, kStoredTriples)) {
        postings.push_back(posting_of(triple, 0));
    }
    segment.key_bits = key_bits_for(postings.size());
    segment.num_postings = *write_rows(store, segment, 1000, postings);
    EXPECT_TRUE(store.publish(segment, {}));
    return segment;
}

Result<void> run_slice(double, const std::function<Result<void>()>& slice) {
    return slice();
}

/// Track and place of the best candidate for ten seconds of a recording.
std::pair<std::int64_t, int> best_candidate(PostingStore& store, std::uint32_t seed) {
    std::vector<SpectralPeak> peaks;
    for (SpectralPeak peak : test::random_recording(seed).peaks) {
        if (peak.time >= 1280 && peak.time < 1280 + 1250) {
            peak.time -= 1280;
            peaks.push_back(peak);
        }
    }
    VoteCounter votes(find_triples(peaks, kStoredTriples), {0, 0}, {5, 0, 0, 0, 0}, 625);
    Candidate best;
    const std::vector<Segment> segments = *store.live_segments();
    for (const Segment& segment : segments) {
        EXPECT_TRUE(votes.count(store, segment));
        for (const Candidate& candidate : votes.candidates(segment)) {
            best = candidate.num_votes > best.num_votes ? candidate : best;
        }
    }
    return {best.track, static_cast<int>(std::lround(best.alignment.offset))};
}

class EachStore : public testing::TestWithParam<std::unique_ptr<OpenStore> (*)()> {
protected:
    std::unique_ptr<OpenStore> open_ = GetParam()();
    PostingStore& store_ = *open_->store;
};

TEST_P(EachStore, GivesBackItsSegmentsOnceTheyArePublished) {
    const std::int64_t unpublished = *store_.begin_segment();
    const Segment segment = add_recording(store_, 7);
    EXPECT_NE(unpublished, segment.id);
    ASSERT_EQ(store_.live_segments()->size(), 1U);
    EXPECT_EQ(store_.live_segments()->front(), segment);
}

TEST_P(EachStore, RanksTheRightRecordingFirstBeforeAndAfterAMerge) {
    std::vector<Segment> segments;
    for (std::uint32_t seed = 1; seed <= 10; ++seed) {
        segments.push_back(add_recording(store_, seed));
    }
    EXPECT_EQ(best_candidate(store_, 4), std::pair(std::int64_t{4}, 640));
    const Result<Segment> merged = merge_segments(
        store_, segments, [](std::int64_t track) { return track != 9; }, run_slice);
    ASSERT_TRUE(merged);
    std::vector<std::int64_t> replaced;
    for (const Segment& segment : segments) {
        replaced.push_back(segment.id);
    }
    ASSERT_TRUE(store_.publish(*merged, replaced));
    while (*store_.sweep()) {
    }
    EXPECT_EQ(store_.live_segments()->size(), 1U);
    EXPECT_EQ(store_.live_segments()->front().tracks.size(), 9U);
    for (const std::uint32_t seed : {1U, 4U, 10U}) {
        EXPECT_EQ(best_candidate(store_, seed), std::pair(std::int64_t{seed}, 640));
    }
    EXPECT_NE(best_candidate(store_, 9).first, 9) << "a removed recording's postings are gone";
}

TEST_P(EachStore, SweepsWhatADeadWriterLeft) {
    const std::int64_t torn = *store_.begin_segment();
    const std::vector<std::uint8_t> bytes(20, 1);
    ASSERT_TRUE(store_.put(torn, 3, bytes));
    const Segment live = add_recording(store_, 2);
    while (*store_.sweep()) {
    }
    std::size_t num_rows = 0;
    ASSERT_TRUE(store_.scan(torn, 0, 1000, [&](std::uint32_t, std::span<const std::uint8_t>) { ++num_rows; }));
    EXPECT_EQ(num_rows, 0U);
    EXPECT_EQ(best_candidate(store_, 2).first, 2);
    EXPECT_EQ(store_.live_segments()->front(), live);
}

INSTANTIATE_TEST_SUITE_P(Stores, EachStore, testing::Values(&open_sqlite, &open_memory));

} // namespace
} // namespace wm
