#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "watermark/chip_layout.h"
#include "watermark/finding.h"
#include "watermark/pilot_search.h"
#include "watermark/sample_history.h"
#include "watermark/tile_levels.h"

namespace wm {

/// Looks for marks in audio whose speed and pitch are as they were marked, wherever it was cut.
///
/// Rows are measured at four phases a row. Features are folded block by block; what is searched are spans of four
/// blocks (12 s) that begin at each, of sixteen (48 s), and the whole. Where a mark begins and ends is told by the single rows of the span that
/// showed it (but for the whole of what is longer than 48 s: its rows are gone).
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

    const std::vector<Finding>& findings() const { return findings_; }

    /// Natural logarithm of the number of geometries and keys that the bound unites over.
    double log_hypotheses() const;

    /// How long the audio was loud enough to hold a mark.
    double audible_s() const { return static_cast<double>(num_audible_rows_) * kRow_s; }
    double duration_s() const { return static_cast<double>(num_samples_) / kTileRate_hz; }

private:
    static constexpr std::size_t kPhases = 4;
    static constexpr std::size_t kChunkRows = kBlockRows;
    static constexpr std::size_t kShortSpanChunks = 4;
    static constexpr std::size_t kLongSpanChunks = 16;

    using Folds = std::array<TileMap, kPhases>;
    struct Chunk {
        Folds folds;
        std::array<TileMap, kPhases> features; ///< of its rows
        std::int64_t first_row = 0;
        std::size_t num_rows = 0;
    };

    /// Where a pattern was seen: in the rows from first_row on to the last chunk's end, turned by `shift`.
    struct Place {
        std::int64_t first_row = 0;
        std::size_t phase = 0;
        std::size_t shift = 0;
    };

    void measure(bool at_end);
    void fold_chunks(bool at_end);
    void search_spans(bool at_end);
    void search_span(std::size_t num_chunks);
    void search_folds(const Folds& folds, std::int64_t first_row);
    void try_reading(std::size_t key, const TileMap& map, const Place& place);
    std::vector<float> correlations(const TileMap& signs, const Place& place) const;

    SampleHistory audio_;
    const std::vector<ChipLayout>& layouts_;
    double log_bound_;
    TileLevels tile_levels_;
    std::vector<BandSpan> bands_;
    PilotSearch pilot_search_;
    std::array<TileMap, kPhases> levels_; ///< rows not yet dropped, from first_level_row_ on
    std::int64_t first_level_row_ = 0;
    std::int64_t next_chunk_row_ = 0;
    std::deque<Chunk> chunks_;
    Folds whole_;
    std::int64_t num_chunks_ = 0;
    std::int64_t num_samples_ = 0;
    std::int64_t num_audible_rows_ = 0;
    std::vector<Finding> findings_;
    TileMap scratch_;
    TileMap features_;
};

} // namespace wm
