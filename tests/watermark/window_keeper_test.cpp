#include "watermark/window_keeper.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace wm {
namespace {

/// Keeps windows of a stream whose sample k is k (and -k in the second channel), pushed in parts of the given sizes.
std::vector<WindowKeeper::Window> keep(std::size_t window, std::size_t most, std::size_t total, std::size_t part) {
    WindowKeeper keeper(2, window, most);
    for (std::size_t done = 0; done < total; done += part) {
        std::vector<float> first;
        std::vector<float> second;
        for (std::size_t k = done; k < std::min(total, done + part); ++k) {
            first.push_back(static_cast<float>(k));
            second.push_back(-static_cast<float>(k));
        }
        const float* channels[] = {first.data(), second.data()};
        keeper.push(channels, first.size());
    }
    return keeper.windows();
}

RC_GTEST_PROP(WindowKeeper, KeepsEvenlySpreadWindowsWithTheStreamsOwnSamples, ()) {
    const auto window = *rc::gen::inRange<std::size_t>(1, 50);
    const auto most = *rc::gen::inRange<std::size_t>(1, 8);
    const auto total = *rc::gen::inRange<std::size_t>(0, 2000);
    const auto windows = keep(window, most, total, *rc::gen::inRange<std::size_t>(1, 300));
    RC_ASSERT(windows.size() <= most);
    RC_ASSERT(windows.empty() == (total == 0));
    const auto stride = windows.size() < 2 ? 0 : static_cast<std::size_t>(windows[1].start);
    for (std::size_t i = 0; i < windows.size(); ++i) {
        const auto start = static_cast<std::size_t>(windows[i].start);
        RC_ASSERT(start == i * stride);
        const std::vector<float>& samples = windows[i].samples[0];
        RC_ASSERT(samples.size() == std::min(window, total - start));
        for (std::size_t k = 0; k < samples.size(); ++k) {
            RC_ASSERT(samples[k] == static_cast<float>(start + k));
            RC_ASSERT(windows[i].samples[1][k] == -samples[k]);
        }
    }
}

RC_GTEST_PROP(WindowKeeper, KeepsMoreThanHalfOfWhatItMayOnceThereAreEnough, ()) {
    const auto window = *rc::gen::inRange<std::size_t>(1, 50);
    const auto most = *rc::gen::inRange<std::size_t>(1, 8);
    const auto num_whole = *rc::gen::inRange<std::size_t>(most, 200);
    RC_ASSERT(2 * keep(window, most, window * num_whole, 70).size() >= most);
}

TEST(WindowKeeper, HoldsTheWholeOfAShortStream) {
    const auto windows = keep(10, 5, 43, 7);
    ASSERT_EQ(windows.size(), 5U);
    EXPECT_EQ(windows[4].start, 40);
    EXPECT_EQ(windows[4].samples[0].size(), 3U);
}

TEST(WindowKeeper, CoversALongStreamToItsEnd) {
    const auto windows = keep(10, 5, 10000, 1000);
    EXPECT_GE(windows.back().start, 5000);
}

} // namespace
} // namespace wm
