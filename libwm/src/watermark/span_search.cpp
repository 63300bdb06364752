#include "watermark/span_search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "kernels/kernels.h"
#include "watermark/marked_rows.h"
#include "watermark/polar.h"
#include "watermark/reading.h"

namespace wm {
namespace {

/// The pilot statistic from which decoding is worth its time; unmarked audio passes it in one span of a hundred.
constexpr float kWorthReading = 4.0F;
/// Beginnings of a pattern that are tried in a span, and how many rows they lie apart.
constexpr std::size_t kMostPlaces = 2;
constexpr std::size_t kLeastDistanceRows = 8;

std::size_t rows_between(std::size_t a, std::size_t b) {
    const std::size_t distance = (a + kBlockRows - b) % kBlockRows;
    return std::min(distance, kBlockRows - distance);
}

void accumulate(const std::vector<TileMap>& folds, std::vector<TileMap>& sum) {
    for (std::size_t phase = 0; phase < folds.size(); ++phase) {
        kernels().tiles.accumulate(folds[phase].data(), kBlockTiles, sum[phase].data());
    }
}

} // namespace

SpanSearch::SpanSearch(const std::vector<ChipLayout>& layouts, double log_bound, std::size_t num_phases)
    : features_(num_phases), layouts_(layouts), log_bound_(log_bound), pilot_search_(layouts),
      whole_(num_phases, TileMap(kBlockTiles, 0.0F)) {}

/// Half of the weight is the same for all spans, half is 1 / (k (k + 1)) for the kth, and all weights together are 1 at most.
double SpanSearch::log_hypotheses(std::size_t span, std::size_t num_keys) {
    const auto k = static_cast<double>(span);
    const double weight = 0.5 / static_cast<double>(kMostSpans) + 0.5 / (k * (k + 1.0));
    return std::log(2.0 * kMostPhases * kBlockRows * static_cast<double>(num_keys) / weight);
}

void SpanSearch::search(bool at_end, double duration_s) {
    duration_s_ = duration_s;
    FeatureBlock block;
    while (features_.take(at_end, block)) {
        accumulate(block.phases, whole_);
        blocks_.push_back(std::exchange(block, {}));
        if (blocks_.size() > kLongSpanBlocks) {
            blocks_.pop_front();
        }
        ++num_blocks_;
        if (num_blocks_ > std::int64_t{kMostSpans} / 2) {
            continue;
        }
        search_span(kShortSpanBlocks);
        if (static_cast<std::size_t>(num_blocks_) % (kLongSpanBlocks / 2) == 0) {
            search_span(kLongSpanBlocks);
        }
    }
    if (at_end && num_blocks_ > static_cast<std::int64_t>(kShortSpanBlocks) &&
        num_blocks_ <= std::int64_t{kMostSpans} / 2) {
        search_folds(whole_, 0);
    }
}

void SpanSearch::search_span(std::size_t num_blocks) {
    const std::size_t first = blocks_.size() - std::min(num_blocks, blocks_.size());
    Folds sum = blocks_[first].phases;
    for (std::size_t i = first + 1; i < blocks_.size(); ++i) {
        accumulate(blocks_[i].phases, sum);
    }
    search_folds(sum, blocks_[first].first_row);
}

void SpanSearch::search_folds(const Folds& folds, std::int64_t first_row) {
    ++num_spans_;
    std::vector<PhaseScores> scores;
    std::vector<const float*> maps;
    for (const TileMap& fold : folds) {
        maps.push_back(fold.data());
    }
    pilot_search_.correlate(maps, scores);
    for (std::size_t key = 0; key < layouts_.size(); ++key) {
        for (const Place& place : places(scores[key], first_row)) {
            try_reading(key, turn_back(folds[place.phase].data(), place.shift), place);
        }
    }
}

/// Where a pattern may begin: the highest score and, for a recording that was marked again by force, the highest at some
/// distance from it.
std::vector<SpanSearch::Place> SpanSearch::places(const PhaseScores& scores, std::int64_t first_row) const {
    std::vector<Place> result;
    while (result.size() < kMostPlaces) {
        Place best{first_row, 0, 0};
        float best_score = 0.0F;
        for (std::size_t phase = 0; phase < features_.num_phases(); ++phase) {
            for (std::size_t shift = 0; shift < kBlockRows; ++shift) {
                const bool is_near = !result.empty() && rows_between(shift, result.front().shift) < kLeastDistanceRows;
                if (!is_near && scores[phase][shift] > best_score) {
                    best = {first_row, phase, shift};
                    best_score = scores[phase][shift];
                }
            }
        }
        if (best_score < kWorthReading) {
            break;
        }
        result.push_back(best);
    }
    return result;
}

void SpanSearch::try_reading(std::size_t key, const TileMap& map, const Place& place) {
    const std::optional<Reading> reading = read_payload(map, layouts_[key]);
    if (!reading) {
        return;
    }
    const double log_p = log_false_positive_bound(reading->evidence, log_hypotheses());
    if (log_p > log_bound_) {
        return;
    }
    Finding finding;
    finding.key_index = key;
    finding.payload = reading->payload;
    finding.evidence = reading->evidence;
    finding.log_p = log_p;
    RowRange rows{0, static_cast<std::size_t>(blocks_.back().end_row() - place.first_row)};
    finding.is_placed = place.first_row >= blocks_.front().first_row;
    if (finding.is_placed) {
        rows = marked_rows(correlations(layouts_[key].signs(polar_encode(finding.payload)), place));
    }
    finding.start_s = static_cast<double>(place.first_row + static_cast<std::int64_t>(rows.first)) * kRow_s;
    finding.end_s =
        std::min(static_cast<double>(place.first_row + static_cast<std::int64_t>(rows.end)) * kRow_s, duration_s_);
    merge_finding(findings_, finding);
}

/// Of each row of the blocks from place.first_row on with the row of the pattern that it shows.
std::vector<float> SpanSearch::correlations(const TileMap& signs, const Place& place) const {
    std::vector<float> result;
    for (const FeatureBlock& block : blocks_) {
        for (std::size_t r = 0; block.first_row >= place.first_row && r < block.num_rows; ++r) {
            const std::size_t pattern_row = (r + kBlockRows - place.shift) % kBlockRows;
            result.push_back(kernels().tiles.dot(&signs[pattern_row * kMapStride],
                                                 &block.phases[place.phase][r * kMapStride], kMapStride));
        }
    }
    return result;
}

} // namespace wm
