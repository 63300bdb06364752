#pragma once

#include <cstdint>
#include <vector>

#include "watermark/sample_history.h"
#include "watermark/tile_levels.h"

namespace wm {

/// Measures the tile levels of a stream of audio, row by row, at phases spread evenly over a row.
/// threads  one at a time
/// cost     constant memory; 43 transforms of 1,024 points a second, phase and pair of channels
class TileLevelStream {
public:
    /// num_phases  1, 2, 4 or 8
    TileLevelStream(std::size_t num_channels, std::size_t num_phases);

    std::size_t num_phases() const { return num_phases_; }

    /// How many rows one call of measure() brings at each phase.
    std::size_t rows_per_batch() const { return kLanes / num_phases_; }

    /// Takes more audio at kTileRate_hz, [channel][count].
    void push(const float* const* samples, std::size_t count);

    /// Whether the audio of the next rows is there.
    /// at_end   nothing follows: silence does, if a row lies within the audio
    bool has_rows(bool at_end) const;

    /// Measures them: row k of phase p goes to rows[k * num_phases() + p], kMapStride floats each.
    void measure(float* const (&rows)[kLanes]);

    double duration_s() const { return static_cast<double>(num_samples_) / kTileRate_hz; }
    /// How long the audio was loud enough to hold a mark.
    double audible_s() const { return static_cast<double>(num_audible_rows_) * kRow_s; }

private:
    std::int64_t next_start() const;
    std::size_t hop() const { return kRowSamples / num_phases_; }
    std::int64_t batch_samples() const { return static_cast<std::int64_t>((kLanes - 1) * hop() + kTileFrameSize); }

    std::size_t num_phases_;
    SampleHistory audio_;
    TileLevels tile_levels_;
    std::vector<BandSpan> bands_;
    std::int64_t next_row_ = 0;
    std::int64_t num_samples_ = 0;
    std::int64_t num_audible_rows_ = 0;
};

} // namespace wm
