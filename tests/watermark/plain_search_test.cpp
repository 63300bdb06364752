#include "watermark/plain_search.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fixed_key.h"
#include "marking.h"

namespace wm {
namespace {

using test::excerpt;
using test::Planar;

constexpr std::uint64_t kPayload = 0x00000000deadbeefU;
const double kLogBound = std::log(1e-9);

const std::vector<ChipLayout>& layouts() {
    static const std::vector<ChipLayout> instance{ChipLayout(test::fixed_key(51)), ChipLayout(test::fixed_key(52))};
    return instance;
}

/// Marked under the second of the two keys.
const Planar& marked_music() {
    static const Planar instance =
        test::marked(test::synthesize_music(51, kTileRate_hz, 2, 24.0), layouts()[1], kPayload);
    return instance;
}

PlainSearch searched(const Planar& audio, std::size_t part = 30000) {
    PlainSearch search(audio.size(), layouts(), kLogBound);
    for (std::size_t done = 0; done < audio[0].size(); done += part) {
        const Planar piece = excerpt(audio, done, part);
        search.push(test::pointers(piece).data(), piece[0].size());
    }
    search.finish();
    return search;
}

TEST(PlainSearch, FindsTheMarkInEveryExcerptOfTenSeconds) {
    for (std::size_t trial = 0; trial < 12; ++trial) {
        const std::size_t first = trial * 25111;
        const PlainSearch search = searched(excerpt(marked_music(), first, 220500));
        ASSERT_EQ(search.findings().size(), 1U) << first;
        EXPECT_EQ(search.findings()[0].key_index, 1U);
        EXPECT_EQ(search.findings()[0].payload, kPayload);
        EXPECT_LE(search.findings()[0].log_p, kLogBound);
        EXPECT_EQ(search.findings()[0].geometry.speed(), 1.0);
    }
}

TEST(PlainSearch, SaysTheSameHoweverTheAudioIsCut) {
    const PlainSearch whole = searched(marked_music(), 1000000);
    for (const std::size_t part : {777U, 11025U}) {
        const PlainSearch search = searched(marked_music(), part);
        ASSERT_EQ(search.findings().size(), whole.findings().size());
        EXPECT_EQ(search.findings()[0].log_p, whole.findings()[0].log_p);
        EXPECT_EQ(search.findings()[0].start_s, whole.findings()[0].start_s);
        EXPECT_EQ(search.findings()[0].end_s, whole.findings()[0].end_s);
        EXPECT_EQ(search.audible_s(), whole.audible_s());
    }
}

TEST(PlainSearch, FindsNothingInUnmarkedMusic) {
    for (std::uint32_t seed = 60; seed < 64; ++seed) {
        EXPECT_TRUE(searched(test::synthesize_music(seed, kTileRate_hz, 1, 24.0)).findings().empty());
    }
}

TEST(PlainSearch, SaysWhereTheMarkIs) {
    Planar audio = test::synthesize_music(53, kTileRate_hz, 2, 60.0);
    for (std::size_t c = 0; c < 2; ++c) {
        std::copy(marked_music()[c].begin(), marked_music()[c].end(), audio[c].begin() + 24 * 22050);
    }
    const PlainSearch search = searched(audio);
    ASSERT_EQ(search.findings().size(), 1U);
    EXPECT_LE(search.findings()[0].start_s, 32.0);
    EXPECT_GE(search.findings()[0].end_s, 40.0);
    EXPECT_GE(search.findings()[0].end_s - search.findings()[0].start_s, 8.0);
}

TEST(PlainSearch, EveryKeyAddsToTheHypotheses) {
    const std::vector<ChipLayout> one{ChipLayout(test::fixed_key(51))};
    const PlainSearch single(1, one, kLogBound);
    const PlainSearch pair(1, layouts(), kLogBound);
    EXPECT_NEAR(pair.log_hypotheses() - single.log_hypotheses(), std::log(2.0), 1e-12);
}

TEST(SpanSearch, WeighsItsSpansWithNoMoreThanOneTogetherAndTheFirstMost) {
    const double geometries_a_span = 2.0 * SpanSearch::kMostPhases * kBlockRows;
    double sum = 0.0;
    for (std::size_t span = 1; span <= SpanSearch::kMostSpans; ++span) {
        sum += geometries_a_span * std::exp(-SpanSearch::log_hypotheses(span, 1));
        ASSERT_GE(SpanSearch::log_hypotheses(span + 1, 1), SpanSearch::log_hypotheses(span, 1));
    }
    EXPECT_LE(sum, 1.0);
    EXPECT_GT(sum, 0.99);
}

TEST(PlainSearch, LooksBackOnTheSpansThatItSearched) {
    const PlainSearch search = searched(excerpt(marked_music(), 0, 10 * 22050));
    EXPECT_EQ(search.log_hypotheses(), SpanSearch::log_hypotheses(4, layouts().size()));
}

TEST(PlainSearch, CountsWhatIsAudible) {
    Planar audio = excerpt(marked_music(), 0, 10 * 22050);
    for (std::vector<float>& channel : audio) {
        std::fill(channel.begin() + 4 * 22050, channel.end(), 0.0F);
    }
    const PlainSearch search = searched(audio);
    EXPECT_NEAR(search.duration_s(), 10.0, 1e-9);
    EXPECT_NEAR(search.audible_s(), 4.0, 0.15);
}

RC_GTEST_PROP(PlainSearch, TakesAudioOfAnyLength, ()) {
    const auto length = *rc::gen::inRange<std::size_t>(0, 4000);
    const PlainSearch search = searched(excerpt(marked_music(), 0, length));
    RC_ASSERT(search.findings().empty());
    RC_ASSERT(search.audible_s() <= search.duration_s() + 2.0 * kRow_s);
}

} // namespace
} // namespace wm
