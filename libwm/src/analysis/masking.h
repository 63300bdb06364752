#pragma once

#include <cstddef>
#include <vector>

#include "kernels/lanes.h"

namespace wm {

/// Critical-band rate of a frequency, in Bark, after M. R. Schroeder, B. S. Atal and J. L. Hall, JASA 66(6), 1979, as
/// ITU-R BS.1387 uses it.
double bark(double frequency_hz);

/// What a sound hides: how much energy in a band goes unnoticed beside what sounds there and nearby.
///
/// Excitation spreads 27 dB per Bark downwards and 11 + 230 / f dB per Bark upwards (ITU-R BS.1387 at 65 dB SPL), and
/// 3 dB under it is taken as masked, as that standard does below 12 Bark.
/// threads  immutable
class MaskingModel {
public:
    /// edges_hz [num_bands + 1], rising
    explicit MaskingModel(const std::vector<double>& edges_hz);

    std::size_t num_bands() const { return spread_up_.size(); }

    /// thresholds[b] = the energy that eight moments mask in band b; energies and thresholds [num_bands]
    void thresholds(const RealLanes* energies, RealLanes* thresholds) const;

    /// The share of the audible range (80 to 18,000 Hz, in Bark) that each band covers.
    const std::vector<float>& range_shares() const { return range_shares_; }

private:
    std::vector<float> spread_up_;   ///< from band b - 1 to b
    std::vector<float> spread_down_; ///< from band b + 1 to b
    std::vector<float> scales_;
    std::vector<float> range_shares_;
};

} // namespace wm
