#pragma once

#include <vector>

#include "watermark/level_stream.h"
#include "watermark/span_search.h"

namespace wm {

/// Looks for marks in audio whose speed and pitch are as they were marked, wherever it was cut: measures rows at four phases a
/// row, and searches them.
/// threads  one at a time
/// cost     constant memory; 172 transforms of 1,024 points a second
class PlainSearch {
public:
    /// layouts  one a key; must outlive the search
    /// log_bound  natural logarithm of the accepted chance of any false finding
    PlainSearch(std::size_t num_channels, const std::vector<ChipLayout>& layouts, double log_bound);

    /// Takes more audio at kTileRate_hz, [channel][count].
    void push(const float* const* samples, std::size_t count);
    void finish();

    const std::vector<Finding>& findings() const { return search_.findings(); }

    /// Natural logarithm of the number of geometries and keys that the bound unites over.
    double log_hypotheses() const { return search_.log_hypotheses(); }

    /// How long the audio was loud enough to hold a mark.
    double audible_s() const { return levels_.audible_s(); }
    double duration_s() const { return levels_.duration_s(); }

private:
    void measure(bool at_end);

    TileLevelStream levels_;
    SpanSearch search_;
};

} // namespace wm
