#pragma once

#include <algorithm>
#include <array>
#include <deque>
#include <vector>

#include "watermark/chip_layout.h"
#include "watermark/feature_stream.h"
#include "watermark/finding.h"
#include "watermark/pilot_search.h"

namespace wm {

/// Looks for marks in rows of levels, of audio whose speed and pitch are as they were marked, wherever it was cut.
///
/// What is searched are spans of four blocks (12 s) that begin at each, of sixteen (48 s), and the whole. Where a mark begins
/// and ends is told by the single rows of the span that showed it (but for the whole of what is longer than 48 s: its rows are
/// gone).
/// threads  one at a time
/// cost     constant memory
class SpanSearch {
public:
    static constexpr std::size_t kMostPhases = 4;

    /// layouts  one a key; must outlive the search
    /// log_bound  natural logarithm of the accepted chance of any false finding
    /// num_phases of the rows, at most kMostPhases
    SpanSearch(const std::vector<ChipLayout>& layouts, double log_bound, std::size_t num_phases);

    /// Where the rows go.
    FeatureStream& rows() { return features_; }

    /// Searches what is complete. Findings end within `duration_s`.
    void advance(double duration_s) { search(false, duration_s); }
    /// No rows follow.
    void finish(double duration_s) { search(true, duration_s); }

    const std::vector<Finding>& findings() const { return findings_; }

    /// Natural logarithm of the number of geometries and keys that the bound unites over at kMostPhases, as it weighs the span
    /// that is `span`th to be searched: the first ones, all that an excerpt has, weigh most.
    static double log_hypotheses(std::size_t span, std::size_t num_keys);
    /// Of the span that was searched last.
    double log_hypotheses() const { return log_hypotheses(std::max<std::size_t>(1, num_spans_), layouts_.size()); }

    /// Spans that the bound unites over: enough for 13 hours, after which a search stops adding spans.
    static constexpr std::size_t kMostSpans = 32768;

private:
    static constexpr std::size_t kShortSpanBlocks = 4;
    static constexpr std::size_t kLongSpanBlocks = 16;

    using Folds = std::vector<TileMap>; ///< [phase]

    /// Where a pattern was seen: in the rows from first_row on to the last block's end, turned by `shift`.
    struct Place {
        std::int64_t first_row = 0;
        std::size_t phase = 0;
        std::size_t shift = 0;
    };

    void search(bool at_end, double duration_s);
    void search_span(std::size_t num_blocks);
    void search_folds(const Folds& folds, std::int64_t first_row);
    using PhaseScores = std::array<PilotSearch::Scores, kLanes>;
    std::vector<Place> places(const PhaseScores& scores, std::int64_t first_row) const;
    void try_reading(std::size_t key, const TileMap& map, const Place& place);
    std::vector<float> correlations(const TileMap& signs, const Place& place) const;

    FeatureStream features_;
    const std::vector<ChipLayout>& layouts_;
    double log_bound_;
    PilotSearch pilot_search_;
    std::deque<FeatureBlock> blocks_; ///< the last ones
    Folds whole_;
    std::int64_t num_blocks_ = 0;
    std::size_t num_spans_ = 0;
    double duration_s_ = 0;
    std::vector<Finding> findings_;
};

} // namespace wm
