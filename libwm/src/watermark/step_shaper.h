#pragma once

#include <cstddef>
#include <vector>

#include "analysis/excitation.h"
#include "watermark/tile_grid.h"

namespace wm {

/// Shapes planned gains to what hearing notices of them: the step, in dB, by which the excitation of a band changes.
///
/// What counts is the channel that changes most: the same gain makes other steps where the spectrum is another. Rises of more
/// than 0.35 dB are held there: the frames that apply the gains fill the valleys beside a rise, and its real step is larger.
/// Falls come out smaller than planned for the same reason and are held at 0.6 dB; the deepest of each row is deepened to
/// 0.5 dB, in every fourth row to 0.65 dB, if it is not too far from it (docs/watermark.md, "Steps").
/// threads  one at a time
class StepShaper {
public:
    StepShaper();

    static constexpr float kMostLifted_db = 10.0F; ///< no gain grows beyond it

    /// channel_levels_db  [channel][count * kMapStride] of the rows' tiles
    /// gains              [count * kMapStride], dB
    void shape(const std::vector<const float*>& channel_levels_db, std::size_t count, float* gains);

private:
    void find_steps(const float* gains, std::size_t count);

    ExcitationModel excitation_;
    std::vector<TileMap> contributions_; ///< of each channel
    TileMap smeared_;
    TileMap steps_db_; ///< of one channel
    TileMap rises_db_; ///< the largest step upwards of any channel, or 0
    TileMap falls_db_; ///< the deepest step downwards of any channel, or 0
};

} // namespace wm
