// Included by each instruction set's source file after it has defined Vec, Int and their operations.
// clang-format off
#include "kernels/generic/fft.inl"
#include "kernels/generic/framing.inl"
#include "kernels/generic/spectrum.inl"
#include "kernels/generic/elementary.inl"
#include "kernels/generic/fir.inl"
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
    .pack = pack,
    .packed_scale = packed_scale,
    .log2 = log2,
    .exp2 = exp2,
    .symmetric_fir = symmetric_fir,
    .peak = peak,
};
