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

/// Spans that the bound unites over: enough for 13 hours, after which a search stops adding spans.
constexpr double kMostSpans = 32768.0;
/// The pilot statistic from which decoding is worth its time; unmarked audio passes it in one span of a hundred.
constexpr float kWorthReading = 4.0F;

void accumulate(const std::vector<TileMap>& folds, std::vector<TileMap>& sum) {
    for (std::size_t phase = 0; phase < folds.size(); ++phase) {
        kernels().tiles.accumulate(folds[phase].data(), kBlockTiles, sum[phase].data());
    }
}

} // namespace

SpanSearch::SpanSearch(const std::vector<ChipLayout>& layouts, double log_bound, std::size_t num_phases)
    : features_(num_phases), layouts_(layouts), log_bound_(log_bound), pilot_search_(layouts),
      whole_(num_phases, TileMap(kBlockTiles, 0.0F)) {}

double SpanSearch::log_hypotheses(std::size_t num_keys) {
    return std::log(2.0 * kMostSpans * kMostPhases * kBlockRows * static_cast<double>(num_keys));
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
        if (static_cast<double>(num_blocks_) > kMostSpans / 2) {
            continue;
        }
        search_span(kShortSpanBlocks);
        if (num_blocks_ % (kLongSpanBlocks / 2) == 0) {
            search_span(kLongSpanBlocks);
        }
    }
    if (at_end && num_blocks_ > static_cast<std::int64_t>(kShortSpanBlocks) &&
        static_cast<double>(num_blocks_) <= kMostSpans / 2) {
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
    std::vector<std::array<PilotSearch::Scores, kLanes>> scores;
    std::vector<const float*> maps;
    for (const TileMap& fold : folds) {
        maps.push_back(fold.data());
    }
    pilot_search_.correlate(maps, scores);
    for (std::size_t key = 0; key < layouts_.size(); ++key) {
        Place best{first_row, 0, 0};
        for (std::size_t phase = 0; phase < folds.size(); ++phase) {
            for (std::size_t shift = 0; shift < kBlockRows; ++shift) {
                if (scores[key][phase][shift] > scores[key][best.phase][best.shift]) {
                    best = {first_row, phase, shift};
                }
            }
        }
        if (scores[key][best.phase][best.shift] >= kWorthReading) {
            try_reading(key, turn_back(folds[best.phase].data(), best.shift), best);
        }
    }
}

void SpanSearch::try_reading(std::size_t key, const TileMap& map, const Place& place) {
    const std::optional<Reading> reading = read_payload(map, layouts_[key]);
    if (!reading) {
        return;
    }
    const double log_p = log_false_positive_bound(reading->evidence, log_hypotheses(layouts_.size()));
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
