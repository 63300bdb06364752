#pragma once

#include <cstddef>
#include <vector>

#include "kernels/tile_kernels.h"

namespace wm {

/// How the bands of a moment excite the ear, after ITU-R BS.1387's model (section 2.1.7): each band's energy, weighted by the
/// outer and middle ear, excites its neighbours too, and contributions add as powers of 0.4. Small changes of the bands then
/// change the excitation in dB by a weighted mean of theirs, with the contributions as weights.
///
/// Differences to the standard: bands as given instead of quarter Barks, slopes upwards for one level (55 dB SPL) instead of
/// each band's own, no smearing in time.
/// threads  immutable
class ExcitationModel {
public:
    /// edges_hz             [num_bands + 1], rising; num_bands is at most kMapStride
    /// full_scale_level_db  level of a full-scale sine, heard at 92 dB SPL
    ExcitationModel(const std::vector<double>& edges_hz, double full_scale_level_db);

    /// What each band of each row contributes where it lies; past the last band they stand for nothing.
    /// levels_db, contributions  [num_rows * kMapStride]
    void contributions(const float* levels_db, std::size_t num_rows, float* contributions) const;

    /// By how many dB the excitation of each band changes when the bands change by changes_db. [num_rows * kMapStride] each
    void changes(const float* contributions, const float* changes_db, std::size_t num_rows,
                 float* excitation_changes_db) const;

private:
    std::vector<float> offsets_; ///< log2 of a contribution at 0 dB. [kMapStride], as below
    std::vector<float> noise_;   ///< what the ear itself contributes
    std::vector<float> up_;      ///< share of an excitation that reaches from band b - 1 to b
    std::vector<float> down_;    ///< from band b + 1 to b
};

} // namespace wm
