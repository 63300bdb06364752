#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "watermark/chip_layout.h"
#include "watermark/feature_stream.h"
#include "watermark/level_stream.h"
#include "watermark/reading.h"

namespace wm {

/// Reads a mark out of the recording that was just given it. Its key is known, and the row of the pattern with which it begins:
/// no phase or shift is searched. What its id is expected to be only tells in which span of it the mark stands out
/// most; what is read there is decoded as from any recording.
/// threads  one at a time
/// cost     constant memory; 43 transforms of 1,024 points a second
class ReadBack {
public:
    /// layout   of the key; must outlive this
    /// shift    the row of the pattern that the first row has
    ReadBack(std::size_t num_channels, const ChipLayout& layout, std::uint64_t expected, std::size_t shift);

    /// Takes more audio at kTileRate_hz, [channel][count].
    void push(const float* const* samples, std::size_t count);

    /// The audio is complete. returns what the span of 12 s, of 48 s or the whole says in which the mark stands out most;
    /// nothing when no codeword passes its check
    std::optional<Reading> finish();

private:
    void fold(bool at_end);
    void look_at(const TileMap& map);

    const ChipLayout& layout_;
    std::size_t shift_;
    TileMap signs_; ///< of the expected mark, as they stand in the recording
    TileLevelStream levels_;
    FeatureStream features_;
    std::deque<TileMap> blocks_; ///< the last ones
    TileMap whole_;
    TileMap best_;
    float best_statistic_ = 0;
};

} // namespace wm
