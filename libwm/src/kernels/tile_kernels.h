#pragma once

/// Kernels on tile maps: band levels over time, the material of watermarks.
///
/// A map is rows of kMapStride floats, a row a moment and an element a band. Bands past the last are zero: every kernel here
/// keeps them so.

#include <cstddef>
#include <cstdint>

#include "kernels/lanes.h"

namespace wm {

inline constexpr std::size_t kMapStride = 96;

/// A band as a weighted sum of power bins: the bins between `first` and `last` count whole. last > first.
struct BandSpan {
    std::uint32_t first = 0;
    std::uint32_t last = 1;
    float first_weight = 0;
    float last_weight = 0;
};

/// How bands of a row reach each other. [kMapStride] each; past the last band `own` is above 0, the others are 0.
struct SpreadSlopes {
    const float* own;  ///< what is added to each band
    const float* up;   ///< the share of band b - 1 that reaches b
    const float* down; ///< the share of band b + 1 that reaches b
};

/// Counts of plain arrays are multiples of 8. Output may be input where the names say nothing else, but for the kernels that
/// look at neighbouring rows (marked *).
struct TileKernels {
    /// sums[b] = the weighted power of band b, per lane.
    void (*band_sums)(const RealLanes* power, const BandSpan* bands, std::size_t count, RealLanes* sums);

    /// rows[lane][k] = lanes[k].value[lane]
    void (*lanes_to_rows)(const RealLanes* lanes, std::size_t count, float* const* rows);

    /// * Takes from each tile the mean of the tiles up to `half` rows before and after, as far as they exist.
    void (*subtract_time_mean)(const float* map, std::size_t num_rows, std::size_t half, float* output);

    /// * The root of the mean square of the tiles up to `half` rows before and after.
    void (*local_rms)(const float* map, std::size_t num_rows, std::size_t half, float* output);

    /// Takes from each tile the sum of the 13 bands around it times inverse_counts[band] (0 past the last band).
    void (*subtract_band_mean)(const float* map, std::size_t num_rows, const float* inverse_counts, float* output);

    /// * Adds `weight` times the rows before and after (the row itself at the ends).
    void (*add_time_neighbours)(const float* map, std::size_t num_rows, float weight, float* output);

    /// Adds `weight` times the bands below and above. Spills into the first band past the last.
    void (*add_band_neighbours)(const float* map, std::size_t num_rows, float weight, float* output);

    /// output = numerator / (denominator + 0.001), limited to +-limit
    void (*limited_ratio)(const float* numerator, const float* denominator, std::size_t count, float limit,
                          float* output);

    /// * The least of each tile and of those up to num_following - 1 rows after it, as far as they exist. num_following a power
    /// of two
    void (*least_of_following)(const float* map, std::size_t num_rows, std::size_t num_following, float* output);

    /// values *= rise / (rise + half_rise), where rise is least_rise plus how far a level stands above the lower of two floors.
    void (*weigh_by_rise)(const float* levels, const float* floor_before, const float* floor_after, float half_rise,
                          float least_rise, std::size_t count, float* values);

    /// output = input * factor, limited to +-limit
    void (*limited_scale)(const float* input, std::size_t count, float factor, float limit, float* output);

    /// Means over the bands of each row, weighted by what reaches a band: of all k the sum of reach(b, k) weights[k] values[k]
    /// over the sum of reach(b, k) (weights[k] + own[k]), where reach(b, k) is the product of the slopes from k to b.
    void (*spread_mean)(const float* weights, const float* values, std::size_t num_rows, const SpreadSlopes& slopes,
                        float* output);

    /// output = a * b
    void (*multiply)(const float* a, const float* b, std::size_t count, float* output);

    /// sum += input
    void (*accumulate)(const float* input, std::size_t count, float* sum);

    /// output = a + share_of_b * (b - a)
    void (*blend)(const float* a, const float* b, float share_of_b, std::size_t count, float* output);

    /// The sum of a * b.
    float (*dot)(const float* a, const float* b, std::size_t count);

    /// The sum of weights * values^2.
    float (*weighted_energy)(const float* weights, const float* values, std::size_t count);

    /// costs[0], costs[1] = the sums of weights_a * g^2 and weights_b * g^2 with g = gains * factor limited to +-limit.
    void (*limited_costs)(const float* gains, const float* weights_a, const float* weights_b, std::size_t count,
                          float factor, float limit, float* costs);

    /// sum[k] += a[k] * conj(b[k])
    void (*multiply_conjugate_add)(const ComplexLanes* a, const ComplexLanes* b, std::size_t count, ComplexLanes* sum);
};

} // namespace wm
