#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "fingerprint/level_map.h"

namespace wm {

/// How much each frame and band of a query stands out: what the peaks of a recording are laid upon to see whether they are there.
///
/// Level minus the local mean, over the local deviation, limited to -1.5..2.5, and 2 more where the query itself has a peak (less
/// beside it); then without the mean of the frame's neighbouring
/// bands (beats would agree with any rhythm) and without the band's mean over the query (so would drones). Only energy that is
/// missing counts against a recording: what was added elsewhere, a voice say, changes little.
class ContrastMap {
public:
    /// levels   [num_frames][kLevelStride]
    ContrastMap(const float* levels, std::size_t num_frames);

    std::size_t num_frames() const { return num_frames_; }
    float at(std::size_t frame, std::size_t band) const { return contrasts_[frame * kLevelStride + band]; }

    /// [kNumBands], the mean square of at() over the frames.
    std::span<const float> variances() const { return variances_; }

private:
    std::size_t num_frames_;
    std::vector<float> contrasts_;
    std::vector<float> variances_;
};

} // namespace wm
