#pragma once

#include <cstdint>
#include <vector>

#include "watermark/tile_grid.h"

namespace wm {

/// The detector's features of kBlockRows rows, at several phases side by side. Sums of such blocks are folded maps.
struct FeatureBlock {
    std::vector<TileMap> phases; ///< block maps; zero past num_rows
    std::int64_t first_row = 0;
    std::size_t num_rows = 0; ///< fewer than kBlockRows at the end only
    std::int64_t end_row() const { return first_row + static_cast<std::int64_t>(num_rows); }
};

/// Turns rows of levels into blocks of features.
/// threads  one at a time
/// cost     constant memory
class FeatureStream {
public:
    explicit FeatureStream(std::size_t num_phases) : levels_(num_phases), features_(num_phases) {}

    std::size_t num_phases() const { return levels_.size(); }

    /// Makes room for rows of levels of every phase: rows[k * num_phases() + phase], to be written.
    void grow(std::size_t num_rows, float** rows);

    /// The next block, if the rows that its features need are there.
    /// at_end   no rows follow
    bool take(bool at_end, FeatureBlock& block);

private:
    bool measure(bool at_end);

    std::vector<TileMap> levels_; ///< [phase]: rows from first_level_row_ on
    std::int64_t first_level_row_ = 0;
    std::vector<TileMap> features_; ///< [phase]: rows from first_feature_row_ on
    std::int64_t first_feature_row_ = 0;
    std::int64_t end_feature_row_ = 0;
    std::int64_t next_row_ = 0; ///< the first that was not taken
    TileMap scratch_;
};

} // namespace wm
