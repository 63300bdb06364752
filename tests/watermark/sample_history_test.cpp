#include "watermark/sample_history.h"

#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace wm {
namespace {

/// The value of channel c at position k of an endless stream; zero before its start.
float value_at(std::size_t channel, std::int64_t position) {
    return position < 0 ? 0.0F : static_cast<float>(position + 1) + 0.25F * static_cast<float>(channel);
}

void append(SampleHistory& history, std::size_t count) {
    std::vector<std::vector<float>> samples(history.num_channels());
    std::vector<const float*> pointers;
    for (std::size_t c = 0; c < samples.size(); ++c) {
        for (std::size_t k = 0; k < count; ++k) {
            samples[c].push_back(value_at(c, history.end() + static_cast<std::int64_t>(k)));
        }
        pointers.push_back(samples[c].data());
    }
    history.append(pointers.data(), count);
}

RC_GTEST_PROP(SampleHistory, HoldsWhatWasNotDroppedAtItsPosition, ()) {
    const std::size_t num_leading_zeros = *rc::gen::inRange<std::size_t>(0, 20);
    SampleHistory history(2, num_leading_zeros);
    std::int64_t first = -static_cast<std::int64_t>(num_leading_zeros);
    for (int step = 0; step < 40; ++step) {
        append(history, *rc::gen::inRange<std::size_t>(0, 100));
        const std::int64_t from = *rc::gen::inRange<std::int64_t>(first - 10, history.end() + 1);
        history.drop_before(from);
        first = std::max(first, from);
        RC_ASSERT(history.start() == first);
        for (std::size_t c = 0; c < 2; ++c) {
            for (std::int64_t position = first; position < history.end(); ++position) {
                RC_ASSERT(*history.at(c, position) == value_at(c, position));
            }
        }
    }
}

TEST(SampleHistory, ZerosReachToTheGivenPositionAndNeverTakeAnythingBack) {
    SampleHistory history(1, 3);
    append(history, 5);
    history.append_zeros_until(2);
    EXPECT_EQ(history.end(), 5);
    history.append_zeros_until(9);
    EXPECT_EQ(history.end(), 9);
    EXPECT_EQ(*history.at(0, 4), 5.0F);
    EXPECT_EQ(*history.at(0, 5), 0.0F);
    EXPECT_EQ(*history.at(0, 8), 0.0F);
}

} // namespace
} // namespace wm
