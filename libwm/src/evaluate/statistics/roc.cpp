#include "evaluate/statistics/roc.h"

#include <algorithm>
#include <cassert>
#include <functional>
#include <limits>

namespace wm {

Roc make_roc(std::vector<double> marked, std::vector<double> null) {
    assert(!marked.empty() && !null.empty());
    std::sort(marked.begin(), marked.end(), std::greater<>());
    std::sort(null.begin(), null.end(), std::greater<>());
    const auto num_marked = static_cast<double>(marked.size());
    const auto num_null = static_cast<double>(null.size());
    Roc roc;
    roc.points.push_back({std::numeric_limits<double>::infinity(), 0, 0});
    std::size_t taken_marked = 0;
    std::size_t taken_null = 0;
    while (taken_marked < marked.size() || taken_null < null.size()) {
        const double threshold = std::max(taken_marked < marked.size() ? marked[taken_marked] : null[taken_null],
                                          taken_null < null.size() ? null[taken_null] : marked[taken_marked]);
        while (taken_marked < marked.size() && marked[taken_marked] >= threshold) {
            ++taken_marked;
        }
        while (taken_null < null.size() && null[taken_null] >= threshold) {
            ++taken_null;
        }
        const RocPoint last = roc.points.back();
        const RocPoint point = {threshold, static_cast<double>(taken_null) / num_null,
                                static_cast<double>(taken_marked) / num_marked};
        roc.area += (point.false_positive_rate - last.false_positive_rate) *
                    (point.true_positive_rate + last.true_positive_rate) / 2;
        roc.points.push_back(point);
    }
    return roc;
}

std::optional<double> true_positive_rate_at(const Roc& roc, double false_positive_rate, std::size_t num_null) {
    if (static_cast<double>(num_null) * false_positive_rate < 1) {
        return std::nullopt;
    }
    double best = 0;
    for (const RocPoint& point : roc.points) {
        // Minus infinity is no score: nobody would decide "marked" there.
        if (point.false_positive_rate <= false_positive_rate &&
            point.threshold > -std::numeric_limits<double>::infinity()) {
            best = std::max(best, point.true_positive_rate);
        }
    }
    return best;
}

std::vector<RocPoint> thinned(const std::vector<RocPoint>& points, std::size_t most) {
    assert(most >= 2);
    if (points.size() <= most) {
        return points;
    }
    std::vector<RocPoint> kept;
    for (std::size_t k = 0; k < most; ++k) {
        kept.push_back(points[k * (points.size() - 1) / (most - 1)]);
    }
    return kept;
}

} // namespace wm
