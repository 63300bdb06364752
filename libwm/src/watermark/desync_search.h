#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "watermark/chip_layout.h"
#include "watermark/desync_lattice.h"
#include "watermark/finding.h"
#include "watermark/geometry_tally.h"
#include "watermark/pilot_search.h"
#include "watermark/tile_levels.h"

namespace wm {

/// How a window shows a key's pattern at one geometry.
struct Sighting {
    float score = 0; ///< the pilot's statistic
    LatticeGeometry lattice;
    TileMap folded; ///< features summed over blocks, from the pattern's first row on
    double start_s = 0;
    double end_s = 0;
};

/// Looks for marks in a window of audio that was sped up, stretched or pitched.
///
/// Levels and features are measured once, at a quarter row and for each pitch; a hypothesis of the scan only folds the rows
/// nearest to where it expects them. The best are refined by coordinate ascent of the pilot's statistic on a fixed lattice,
/// with features of their own, then read.
/// threads  one at a time
/// cost     docs/watermark.md, "Search"
class DesyncSearch {
public:
    /// layouts  one a key; must outlive the search
    /// num_windows  that the recording has, at least 1
    DesyncSearch(std::size_t num_channels, const std::vector<ChipLayout>& layouts, double log_bound,
                 std::size_t num_windows);

    /// Takes the window: samples[channel][count] at kTileRate_hz, which start `start_s` into the recording.
    void set_window(const float* const* samples, std::size_t count, double start_s);

    /// Searches the window for the keys marked true in `wanted` at and around the given geometries; adds to `findings`, and
    /// notes in `tally` how each geometry did.
    void search(const std::vector<LatticeGeometry>& hypotheses, const std::vector<bool>& wanted,
                std::vector<Finding>& findings, GeometryTally* tally = nullptr);

    /// Where the window shows a key's pattern best, at the very geometry or refined around it; nothing in a window that is
    /// shorter than half a block.
    std::optional<Sighting> sight(const LatticeGeometry& lattice, std::size_t key, bool is_exact);

    /// Natural logarithm of the number of geometries, windows and keys that the bound unites over.
    double log_hypotheses() const;

    /// Natural logarithm of the number of places that the pattern can have in a window.
    static double log_num_offsets();

    /// Searches that share the bound: the plain one has half of it, this one and that of several windows a quarter each.
    static constexpr double kUnions = 4.0;

private:
    /// Where the pattern lies in the window: its row r is centred offset + 4 r / tempo quarter rows after the first.
    struct Candidate {
        float score = 0;
        std::size_t hypothesis = 0; ///< that it was scanned at
        LatticeGeometry lattice;
        int offset_step = 0; ///< in units of 1/8 quarter row

        double spacing() const;
        double offset() const;
    };

    /// The pattern's rows that the window shows.
    struct Rows {
        std::size_t count = 0;
        std::size_t first_pattern_row = 0;
        double start = 0; ///< of the first, in quarter rows
    };

    TileMap measure_levels(double pitch) const;
    const TileMap& cached_levels(int pitch_step);
    Rows pattern_rows(const Candidate& candidate) const;
    void measure_scan_features(int pitch_step);
    void fold_nearest(const Candidate& candidate, TileMap& folded) const;
    Rows interpolate(const Candidate& candidate, const TileMap& levels);
    void fold(const Rows& rows, TileMap& folded) const;
    std::vector<std::vector<Candidate>> scan(const std::vector<LatticeGeometry>& hypotheses,
                                             const std::vector<bool>& wanted, float least_score, GeometryTally* tally);
    void scan_batch(const std::vector<Candidate>& batch, const std::vector<bool>& wanted, float least_score,
                    GeometryTally* tally, std::vector<std::vector<Candidate>>& best);
    float score(const Candidate& candidate, const ChipLayout& layout);
    Candidate moved(const Candidate& candidate, int tempo_steps, int pitch_steps, int offset_steps) const;
    Candidate refine(Candidate candidate, const ChipLayout& layout, bool may_move_geometry);
    bool read(const Candidate& candidate, std::size_t key, std::vector<Finding>& findings);

    double end_s() const { return start_s_ + static_cast<double>(num_quarter_rows_) * kRow_s / 4.0; }

    const std::vector<ChipLayout>& layouts_;
    double log_bound_;
    std::size_t num_windows_;
    TileLevels tile_levels_;
    PilotSearch pilot_search_;
    double start_s_ = 0;
    std::vector<RealLanes> spectra_; ///< of the window, [batch][bin]
    std::size_t num_quarter_rows_ = 0;
    std::map<int, TileMap> levels_; ///< by pitch step
    TileMap scan_features_;         ///< of the window's quarter rows, at the scanned pitch
    TileMap rows_;
    TileMap features_;
    TileMap scratch_;
    std::vector<TileMap> folds_;
};

} // namespace wm
