#pragma once

#include <cstdint>
#include <vector>

#include "watermark/gain_filter.h"
#include "watermark/gain_planner.h"
#include "watermark/sample_history.h"
#include "watermark/span_search.h"
#include "watermark/tile_levels.h"

namespace wm {

/// What was done so far.
struct EmbedTally {
    double noise_to_mask = 0; ///< sum over rows of noise over masking threshold, mean over the audible range
    std::int64_t num_rows = 0;
    std::int64_t num_carrying_rows = 0; ///< loud and wide enough to hold a mark
};

/// Makes the residual that marks a host at kTileRate_hz, as a stream: it lags the host by some seconds and ends with it.
///
///     append to host(); advance(); while (make()) { take ready(); drop(); }        and at the end finish() for advance()
///
/// threads  one at a time
/// cost     constant memory
class ResidualMaker {
public:
    /// signs    the block pattern to embed (ChipLayout::signs)
    /// search   is given the host's rows of levels, for marks that it carries already; may be null
    ResidualMaker(std::size_t num_channels, TileMap signs, double strength, SpanSearch* search = nullptr);

    /// To append the host to.
    PlanarQueue& host() { return host_.back(); }

    /// Measures and searches as far as the host reaches.
    void advance();
    /// The same, and the host is complete.
    void finish();

    /// Makes the next piece of the residual, as long as the cache likes it; false when the host does not reach so far. In all,
    /// as many samples come out as went in.
    bool make();

    /// The residual that was made and has not been taken yet: num_ready() samples from ready()[channel] on.
    std::size_t num_ready() const { return static_cast<std::size_t>(num_made_ - num_taken_); }
    std::vector<const float*> ready() const;
    void drop(std::size_t num_samples);

    const EmbedTally& tally() const { return tally_; }

private:
    void measure_rows();
    void measure_channels(std::int64_t start, RealLanes* energies);
    std::vector<const float*> host_from(std::int64_t start) const;
    void show_rows(std::int64_t start);
    double duration_s() const { return static_cast<double>(host_.end()) / kTileRate_hz; }
    bool plan_rows();
    void tally_rows(std::size_t first, std::size_t count);
    void filter_rows(std::size_t count);
    void forget_rows();
    /// Where the frames of the next rows to filter start; the first start before the first sample.
    std::int64_t next_frame_start() const {
        return num_filtered_rows_ * static_cast<std::int64_t>(kRowSamples) + GainFilter::kFrameOffset;
    }

    SampleHistory host_;
    SampleHistory residual_;
    TileMap signs_;
    TileLevels tile_levels_;
    std::vector<RealLanes> channel_energies_; ///< of the eight rows measured last
    MaskingModel masking_;
    std::vector<BandSpan> bands_;
    SpanSearch* search_;
    GainPlanner planner_;
    GainFilter filter_;
    HostTiles tiles_;
    std::int64_t first_tile_row_ = 0; ///< row of the recording that tiles_ starts with
    std::vector<float> gains_;        ///< of the rows planned last
    std::int64_t num_planned_rows_ = 0;
    std::int64_t num_filtered_rows_ = 0;
    std::int64_t num_made_ = 0;     ///< samples of the residual
    std::int64_t num_taken_ = 0;    ///< of them
    std::int64_t num_samples_ = -1; ///< of the host, once it is complete
    EmbedTally tally_;
};

} // namespace wm
