#include "watermark/plain_search.h"

namespace wm {

PlainSearch::PlainSearch(std::size_t num_channels, const std::vector<ChipLayout>& layouts, double log_bound)
    : levels_(num_channels, SpanSearch::kMostPhases), search_(layouts, log_bound, SpanSearch::kMostPhases) {}

void PlainSearch::push(const float* const* samples, std::size_t count) {
    levels_.push(samples, count);
    measure(false);
    search_.advance(duration_s());
}

void PlainSearch::finish() {
    measure(true);
    search_.finish(duration_s());
}

void PlainSearch::measure(bool at_end) {
    float* rows[kLanes];
    while (levels_.has_rows(at_end)) {
        search_.rows().grow(levels_.rows_per_batch(), rows);
        levels_.measure(rows);
    }
}

} // namespace wm
