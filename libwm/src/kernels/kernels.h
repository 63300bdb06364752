#pragma once

/// The inner loops, once per instruction set, chosen at run time (docs/architecture.md, "Kernels").
///
/// Frames go through eight at a time, side by side: element k of all eight stands in one or two vector registers, so that
/// work on bins needs no shuffles. Every kernel gives the same bits on every processor and in every instruction set: no
/// contraction, no approximate instructions, one fixed order of additions.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "kernels/lanes.h"
#include "kernels/tile_kernels.h"

namespace wm {

/// Twiddle factors of one FFT size; FftTables owns them.
struct FftPlan {
    std::size_t size = 0; ///< a power of two, kMinFftSize to kMaxFftSize
    std::size_t num_levels = 0;
    const float* const* twiddles =
        nullptr; ///< [level][size of level / 4][w, w^2, w^3][re, im]; level 0 joins the leaves
};

inline constexpr std::size_t kMinFftSize = 64;
inline constexpr std::size_t kMaxFftSize = 16384;
inline constexpr std::size_t kPeakBlock = 64;

/// One instruction set's kernels. Pointers need no alignment beyond their type's, except where stated; input and output
/// must not overlap unless stated.
struct Kernels {
    const char* name; ///< "scalar", "baseline" or "avx2"

    /// output[k] = sum over j of input[j] * exp(-2 pi i j k / size), per lane. Not scaled.
    void (*fft_forward)(const FftPlan& plan, const ComplexLanes* input, ComplexLanes* output);

    /// The same with exp(+2 pi i j k / size); forward then inverse multiplies by size.
    void (*fft_inverse)(const FftPlan& plan, const ComplexLanes* input, ComplexLanes* output);

    /// output[j].re[lane] = window[j] * re[lane][j], and .im from `im` likewise; `im` may be null: then .im = 0.
    /// size     a multiple of 8
    void (*gather)(const float* const* re, const float* const* im, const float* window, std::size_t size,
                   ComplexLanes* output);

    /// re[lane][j] += window[j] * input[j].re[lane], and `im` likewise unless it is null. Lanes may overlap in memory:
    /// they are added in blocks of 8 samples, lane after lane.
    /// size     a multiple of 8
    void (*scatter_add)(const ComplexLanes* input, const float* window, std::size_t size, float* const* re,
                        float* const* im);

    /// power[k] += |z[k]|^2
    void (*power_add)(const ComplexLanes* z, std::size_t count, RealLanes* power);

    /// Two real sequences transformed as one complex one, z = FFT(a + i b): power[k] = |A[k]|^2 + |B[k]|^2 for the
    /// size / 2 + 1 bins up to Nyquist.
    void (*packed_power)(const ComplexLanes* z, std::size_t size, RealLanes* power);

    /// Separates such a transform into the spectra of `a` and `b`, size / 2 + 1 bins each.
    void (*unpack)(const ComplexLanes* z, std::size_t size, ComplexLanes* a, ComplexLanes* b);

    /// The powers of such a transform's two sequences apart: a[k] = |A[first + k]|^2 and b[k] = |B[first + k]|^2 for `count`
    /// bins from `first` on. 0 < first, first + count <= size / 2 + 1.
    void (*unpacked_power)(const ComplexLanes* z, std::size_t size, std::size_t first, std::size_t count, RealLanes* a,
                           RealLanes* b);

    /// The inverse of unpack: z of all `size` bins from the two half spectra.
    void (*pack)(const ComplexLanes* a, const ComplexLanes* b, std::size_t size, ComplexLanes* z);

    /// z[k] *= gains[k] and z[size - k] *= gains[k], for the size / 2 + 1 gains up to Nyquist: filters both sequences.
    void (*packed_scale)(const RealLanes* gains, std::size_t size, ComplexLanes* z);

    /// output[k] = log2(input[k]), error below 2e-7 of the larger of 1 and |log2|, relative below 4e-7 near 1. Input below
    /// 2^-126 and NaN count as 2^-126; infinity gives 128. input may be output.
    void (*log2)(const float* input, std::size_t count, float* output);

    /// output[k] = 2^input[k], relative error below 3e-7; input is clamped to -126..127, NaN to -126. input may be
    /// output.
    void (*exp2)(const float* input, std::size_t count, float* output);

    /// A symmetric FIR of 2 * num_taps coefficients: output[k] = sum over j < num_taps of
    /// taps[j] * (input[k + num_taps - 1 - j] + input[k + num_taps + j]). Reads count + 2 * num_taps - 1 inputs.
    void (*symmetric_fir)(const float* input, const float* taps, std::size_t num_taps, std::size_t count,
                          float* output);

    /// Rational resampling: output[k] = sum over j < num_taps of taps[p * num_taps + j] * input[i + j], where p and i are
    /// remainder and quotient of (phase + k * down) / up.
    /// num_taps, count  multiples of 8; phase < up
    void (*polyphase_fir)(const float* input, const float* taps, std::size_t num_taps, std::size_t up, std::size_t down,
                          std::size_t phase, std::size_t count, float* output);

    /// The largest |input[k]|; 0 for none.
    float (*peak)(const float* input, std::size_t count);

    /// peaks[b] = the largest |input[k]|, energies[b] = the sum of input[k]^2, of each block of kPeakBlock samples.
    void (*block_levels)(const float* input, std::size_t num_blocks, float* peaks, float* energies);

    /// The largest magnitude between samples in fourfold oversampling with a symmetric interpolator over twelve samples.
    /// With s[j], d[j] = input[k + 5 - j] +- input[k + 6 + j], j < 6: of sum taps[0][j] s[j] +- sum taps[1][j] d[j] (a quarter
    /// and three quarters after input[k + 5]) and of sum taps[2][j] s[j] (half), for all k < count. Reads count + 11 inputs.
    /// count    a multiple of 8
    float (*interpolated_peak)(const float* input, const float* taps, std::size_t count);

    /// first[k] = pairs[2 k], second[k] = pairs[2 k + 1]
    void (*split_pairs)(const float* pairs, std::size_t count, float* first, float* second);

    /// The same of integers, times `scale`.
    void (*split_integer_pairs)(const std::int32_t* pairs, std::size_t count, float scale, float* first, float* second);

    /// pairs[2 k] = first[k], pairs[2 k + 1] = second[k]
    void (*join_pairs)(const float* first, const float* second, std::size_t count, float* pairs);

    /// sum[k] += input[k] * factor
    void (*add_scaled)(const float* input, float factor, std::size_t count, float* sum);

    /// TPDF noise: the next `count` words of sixteen xorshift32 generators, taken in turn, as (high half - low half) / 65536.
    /// states   [16], none 0; they move on
    /// count    a multiple of 16
    void (*tpdf_noise)(std::int32_t* states, std::size_t count, float* noise);

    /// Where residual[k] is not 0: out[k] = host[k] + round(residual[k] + noise[k]) in steps of 2^-(bits - 1), halves away from
    /// 0, cut at full scale; elsewhere host[k]. Bits below the step stay. Residuals beyond +-2 count as +-2.
    /// host, out  left-justified; out may be host
    /// noise    in steps
    /// bits     8 to 24
    /// returns  the number of samples cut, but for those of which the host was at full scale already
    std::size_t (*add_dithered)(const std::int32_t* host, const float* residual, const float* noise, std::size_t count,
                                int bits, std::int32_t* out);

    TileKernels tiles;
};

/// The kernels of this process: AVX2 where the processor has it, else baseline. The environment variable WM_KERNEL (scalar,
/// baseline, avx2), read at the first call, forces one; a name that is unknown or that the processor lacks gives baseline.
/// threads  safe
const Kernels& kernels();

/// The kernels named "scalar", "baseline" or "avx2"; null when unknown or when this processor cannot run them.
const Kernels* kernels_named(std::string_view name);

} // namespace wm
