#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "analysis/fft.h"
#include "watermark/chip_layout.h"

namespace wm {

/// Finds where in a folded map (features summed over blocks, a block map) a key's pattern begins.
/// threads  one at a time
class PilotSearch {
public:
    explicit PilotSearch(const std::vector<ChipLayout>& layouts);

    /// The pilot statistic at each of the kBlockRows shifts.
    using Scores = std::array<float, kBlockRows>;

    /// For up to kLanes folded maps and every key: scores[key][map][k] = the normalised correlation of the pilot with the
    /// map turned back by k rows. The norm is the whole map's, a quarter of it: near enough to rank.
    /// cost     two FFTs of 128 a map and key, six a map
    void correlate(std::span<const float* const> maps, std::vector<std::array<Scores, kLanes>>& scores);

private:
    static constexpr std::size_t kGroups = kMapStride / (2 * kLanes);
    using Spectrum = std::array<ComplexLanes, kBlockRows>;

    void transform(const float* map, std::array<Spectrum, kGroups>& spectra);

    BatchFft fft_;
    std::vector<std::array<Spectrum, kGroups>> templates_;
};

} // namespace wm
