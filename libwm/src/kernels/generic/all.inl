// Included by each instruction set's source file after it has defined Vec, Int and their operations.
// clang-format off
#include "kernels/generic/fft.inl"
#include "kernels/generic/framing.inl"
#include "kernels/generic/spectrum.inl"
#include "kernels/generic/elementary.inl"
#include "kernels/generic/fir.inl"
#include "kernels/generic/pairs.inl"
#include "kernels/generic/dither.inl"
#include "kernels/generic/tiles.inl"
// clang-format on

constexpr Kernels kTable = {
    .name = kName,
    .fft_forward = fft<Direction::kForward>,
    .fft_inverse = fft<Direction::kInverse>,
    .gather = gather,
    .scatter_add = scatter_add,
    .power_add = power_add,
    .packed_power = packed_power,
    .unpack = unpack,
    .unpacked_power = unpacked_power,
    .pack = pack,
    .packed_scale = packed_scale,
    .log2 = log2,
    .exp2 = exp2,
    .symmetric_fir = symmetric_fir,
    .polyphase_fir = polyphase_fir,
    .peak = peak,
    .block_levels = block_levels,
    .interpolated_peak = interpolated_peak,
    .split_pairs = split_pairs,
    .split_integer_pairs = split_integer_pairs,
    .join_pairs = join_pairs,
    .add_scaled = add_scaled,
    .tpdf_noise = tpdf_noise,
    .add_dithered = add_dithered,
    .tiles =
        {
            .band_sums = band_sums,
            .lanes_to_rows = lanes_to_rows,
            .subtract_time_mean = subtract_time_mean,
            .local_rms = local_rms,
            .subtract_band_mean = subtract_band_mean,
            .add_time_neighbours = add_time_neighbours,
            .add_band_neighbours = add_band_neighbours,
            .limited_ratio = limited_ratio,
            .least_of_following = least_of_following,
            .weigh_by_rise = weigh_by_rise,
            .limited_scale = limited_scale,
            .spread_mean = spread_mean,
            .multiply = multiply,
            .accumulate = accumulate,
            .blend = blend,
            .dot = dot,
            .weighted_energy = weighted_energy,
            .limited_costs = limited_costs,
            .multiply_conjugate_add = multiply_conjugate_add,
        },
};
