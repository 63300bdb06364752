#pragma once

#include <cstddef>
#include <span>

namespace wm {

/// Rows `first` to `end`, `end` not among them.
struct RowRange {
    std::size_t first = 0;
    std::size_t end = 0;
};

/// Where a mark that was read somewhere in a span begins and ends: the run of rows whose correlation with the mark's signs most
/// exceeds half of what the run shows on average. For normal noise this is the likeliest run.
/// correlations  one a row; returns the whole span when no run stands out
/// cost          a few passes
RowRange marked_rows(std::span<const float> correlations);

} // namespace wm
