#include "watermark/marked_rows.h"

#include <numeric>

namespace wm {
namespace {

constexpr int kMostPasses = 8;

double mean(std::span<const float> correlations, const RowRange& rows) {
    const auto part = correlations.subspan(rows.first, rows.end - rows.first);
    return std::accumulate(part.begin(), part.end(), 0.0) / static_cast<double>(part.size());
}

/// The run with the largest sum of what exceeds `level` (J. Bentley, Programming Pearls, 1984).
RowRange largest_run(std::span<const float> correlations, double level) {
    RowRange best;
    double best_sum = 0.0;
    double sum = 0.0;
    std::size_t first = 0;
    for (std::size_t r = 0; r < correlations.size(); ++r) {
        if (sum <= 0.0) {
            sum = 0.0;
            first = r;
        }
        sum += static_cast<double>(correlations[r]) - level;
        if (sum > best_sum) {
            best_sum = sum;
            best = {first, r + 1};
        }
    }
    return best;
}

} // namespace

RowRange marked_rows(std::span<const float> correlations) {
    RowRange rows{0, correlations.size()};
    // The mean over the whole span is too low where the mark fills a part of it: from pass to pass it rises to the
    // run's own.
    for (int pass = 0; pass < kMostPasses && rows.end > rows.first; ++pass) {
        const RowRange next = largest_run(correlations, mean(correlations, rows) / 2.0);
        if (next.end == next.first || (next.first == rows.first && next.end == rows.end)) {
            break;
        }
        rows = next;
    }
    return rows;
}

} // namespace wm
