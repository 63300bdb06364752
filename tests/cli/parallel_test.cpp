#include "parallel.h"

#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace wm::cli {
namespace {

RC_GTEST_PROP(RunInOrder, DeliversEveryResultOnceAndInOrder, ()) {
    const auto count = *rc::gen::inRange<std::size_t>(0, 200);
    const auto num_threads = *rc::gen::inRange<std::size_t>(1, 9);
    std::vector<std::size_t> delivered;
    run_in_order<std::size_t>(
        count, num_threads, [](std::size_t k) { return k * k; },
        [&](std::size_t k, std::size_t square) {
            RC_ASSERT(square == k * k);
            delivered.push_back(k);
        });
    std::vector<std::size_t> expected(count);
    std::iota(expected.begin(), expected.end(), std::size_t{0});
    RC_ASSERT(delivered == expected);
}

TEST(RunInOrder, WorksOnAsManyPiecesAtOnceAsAskedFor) {
    // Each of the two pieces ends only when the other has begun.
    std::atomic<int> num_begun = 0;
    run_in_order<int>(
        2, 2,
        [&](std::size_t) {
            ++num_begun;
            while (num_begun < 2) {
                std::this_thread::yield();
            }
            return 0;
        },
        [](std::size_t, int) {});
    EXPECT_EQ(num_begun, 2);
}

} // namespace
} // namespace wm::cli
