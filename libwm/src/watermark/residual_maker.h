#pragma once

#include <cstdint>
#include <vector>

#include "watermark/gain_filter.h"
#include "watermark/gain_planner.h"
#include "watermark/sample_history.h"
#include "watermark/tile_levels.h"

namespace wm {

/// What was done so far.
struct EmbedTally {
    double noise_to_mask = 0; ///< sum over rows of noise over masking threshold, mean over the audible range
    std::int64_t num_rows = 0;
    std::int64_t num_carrying_rows = 0; ///< loud and wide enough to hold a mark
};

/// Makes the residual that marks a host at kTileRate_hz, as a stream: it lags the host by some seconds and ends with it.
/// threads  one at a time
/// cost     constant memory
class ResidualMaker {
public:
    /// signs    the block pattern to embed (ChipLayout::signs)
    ResidualMaker(std::size_t num_channels, TileMap signs, double strength);

    /// Takes host[channel][count]; appends finished residual samples to output[channel].
    void push(const float* const* host, std::size_t count, std::vector<std::vector<float>>& output);

    /// Ends the host: appends the rest, so that as many samples came out as went in.
    void finish(std::vector<std::vector<float>>& output);

    const EmbedTally& tally() const { return tally_; }

private:
    void measure_rows();
    void plan_rows(bool at_end);
    void filter_rows(const std::vector<float>& gains, std::size_t first, std::size_t count);
    void emit_until(std::int64_t position, std::vector<std::vector<float>>& output);
    void tally_rows(const std::vector<float>& gains, std::size_t first, std::size_t count);

    SampleHistory host_;
    SampleHistory residual_;
    TileMap signs_;
    TileLevels tile_levels_;
    MaskingModel masking_;
    std::vector<BandSpan> bands_;
    GainPlanner planner_;
    GainFilter filter_;
    HostTiles tiles_;
    std::int64_t first_tile_row_ = 0; ///< row of the recording that tiles_ starts with
    std::int64_t num_planned_rows_ = 0;
    std::int64_t num_emitted_ = 0;
    EmbedTally tally_;
};

} // namespace wm
