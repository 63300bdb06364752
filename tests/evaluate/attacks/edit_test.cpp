#include "evaluate/attacks/edit.h"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "signals.h"

namespace wm {
namespace {

/// Ten seconds whose samples are their own numbers.
Audio ramp() {
    Audio audio{8000, std::vector<std::vector<float>>(2, std::vector<float>(80000))};
    for (std::vector<float>& channel : audio.channels) {
        std::iota(channel.begin(), channel.end(), 0.0F);
    }
    return audio;
}

TEST(Edits, CropKeepsAndExciseTakesOutTheSamePiece) {
    const Audio piece = crop(ramp(), 2.5, 1);
    ASSERT_EQ(piece.num_samples(), 8000U);
    EXPECT_EQ(piece.channels[1].front(), 20000);
    const Audio rest = excise(ramp(), 2.5, 1);
    ASSERT_EQ(rest.num_samples(), 72000U);
    EXPECT_EQ(rest.channels[0][19999], 19999);
    EXPECT_EQ(rest.channels[0][20000], 28000);
    EXPECT_EQ(crop(ramp(), 9, 5).num_samples(), 8000U) << "the end is the end";
    EXPECT_EQ(crop(ramp(), 50, 5).num_samples(), 0U);
}

TEST(Edits, SilenceIsPutInOrOver) {
    const Audio longer = insert_silence(ramp(), 1, 0.5);
    ASSERT_EQ(longer.num_samples(), 84000U);
    EXPECT_EQ(longer.channels[0][7999], 7999);
    EXPECT_EQ(longer.channels[0][8000], 0);
    EXPECT_EQ(longer.channels[0][12000], 8000);
    const Audio muted = mute(ramp(), 1, 0.5);
    ASSERT_EQ(muted.num_samples(), 80000U);
    EXPECT_EQ(muted.channels[1][11999], 0);
    EXPECT_EQ(muted.channels[1][12000], 12000);
}

TEST(Edits, ShiftMovesBothWays) {
    EXPECT_EQ(shift(ramp(), 10).channels[0][0], 10);
    EXPECT_EQ(shift(ramp(), 10).channels[0].back(), 0);
    EXPECT_EQ(shift(ramp(), -10).channels[0][10], 0);
    EXPECT_EQ(shift(ramp(), -10).channels[0][11], 1);
    EXPECT_EQ(shift(ramp(), 10).num_samples(), 80000U);
}

TEST(Drop, TakesOutItsShareInPiecesOfItsLengths) {
    const Audio rest = drop_pieces(ramp(), {0.05, 1, 10}, 3);
    EXPECT_NEAR(static_cast<double>(rest.num_samples()), 76000, 80);
    EXPECT_TRUE(std::is_sorted(rest.channels[0].begin(), rest.channels[0].end()));
    EXPECT_EQ(rest.channels[0], rest.channels[1]);
    for (std::size_t i = 1; i < rest.num_samples(); ++i) {
        const float gap = rest.channels[0][i] - rest.channels[0][i - 1] - 1;
        EXPECT_TRUE(gap == 0 || gap >= 8) << "pieces are at least 1 ms: " << gap;
    }
    EXPECT_EQ(drop_pieces(ramp(), {0.05, 1, 10}, 3).channels, rest.channels);
    EXPECT_NE(drop_pieces(ramp(), {0.05, 1, 10}, 4).channels, rest.channels);
    EXPECT_EQ(drop_pieces(ramp(), {0, 1, 10}, 3).channels, ramp().channels);
}

TEST(Jitter, DropsAndDoublesInTurn) {
    const Audio jittered = jitter_samples(ramp(), 100, 1);
    EXPECT_NEAR(static_cast<double>(jittered.num_samples()), 80000, 1);
    int dropped = 0;
    int doubled = 0;
    for (std::size_t i = 1; i < jittered.num_samples(); ++i) {
        const float step = jittered.channels[0][i] - jittered.channels[0][i - 1];
        dropped += step == 2;
        doubled += step == 0;
    }
    EXPECT_NEAR(dropped, 400, 80);
    EXPECT_NEAR(doubled, dropped, 10);
}

TEST(ZeroSamples, SilencesItsShare) {
    const Audio holed = zero_samples(ramp(), 0.25, 1);
    const auto zeros = std::count(holed.channels[0].begin(), holed.channels[0].end(), 0.0F);
    EXPECT_NEAR(static_cast<double>(zeros), 20000, 600);
    EXPECT_EQ(holed.channels[0], holed.channels[1]);
}

} // namespace
} // namespace wm
