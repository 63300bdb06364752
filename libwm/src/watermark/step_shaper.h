#pragma once

#include <cstddef>
#include <vector>

#include "analysis/excitation.h"
#include "watermark/tile_grid.h"

namespace wm {

/// Shapes planned gains to what hearing notices of them: the step, in dB, by which the excitation of a band changes.
///
/// Rises of more than 0.4 dB are held there: the frames that apply the gains fill the valleys beside a rise, and its real step
/// is larger. Falls come out smaller than planned for the same reason; the deepest fall of each row is deepened to 0.5 dB,
/// below the just noticeable step, if it is not too far from it (docs/watermark.md, "Steps").
/// threads  one at a time
class StepShaper {
public:
    StepShaper();

    static constexpr float kMostLifted_db = 10.0F; ///< no gain grows beyond it

    /// levels_db  [count * kMapStride] of the rows' tiles
    /// gains      [count * kMapStride], dB
    void shape(const float* levels_db, std::size_t count, float* gains);

private:
    void find_steps(const float* gains, std::size_t count);

    ExcitationModel excitation_;
    TileMap contributions_;
    TileMap smeared_;
    TileMap steps_db_;
};

} // namespace wm
