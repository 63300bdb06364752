#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "analysis/stft.h"
#include "watermark/sample_history.h"
#include "watermark/tile_grid.h"

namespace wm {

/// Turns gains of tiles into a residual: what has to be added to the host so that its tiles have these gains. Phase stays,
/// and all channels get the same gains.
/// threads  one at a time
class GainFilter {
public:
    GainFilter();

    static constexpr std::size_t kFrameSize = 1024;
    static constexpr std::size_t kHop = kFrameSize / 2;
    /// Where frame k starts, relative to k * kHop: its centre is that of row k.
    static constexpr std::int64_t kFrameOffset =
        (static_cast<std::int64_t>(kHop) - static_cast<std::int64_t>(kFrameSize)) / 2;
    static constexpr std::size_t kRowsPerBatch = kLanes * kHop / kRowSamples;

    /// Adds the residual of kRowsPerBatch rows from row `first_row` on to `residual`, which must reach as far as the host.
    /// gains    [kRowsPerBatch * kMapStride], dB
    /// host     must hold the frames of these rows
    void apply(const SampleHistory& host, std::int64_t first_row, const float* gains, SampleHistory& residual);

private:
    void spread_gains(const float* gains);

    Stft stft_;
    std::vector<ComplexLanes> spectrum_;
    std::vector<RealLanes> bin_gains_;
    std::vector<std::size_t> band_of_bin_;
};

} // namespace wm
