#pragma once

/// Long FIR filters by FFT, and the design of some.

#include <cstddef>
#include <functional>
#include <vector>

namespace wm {

/// The full convolution, input.size() + taps.size() - 1 samples; empty when either is. The same bits on every processor.
/// cost     O(input log size) for each 8,192 taps
std::vector<float> convolve(const std::vector<float>& input, const std::vector<float>& taps);

/// Convolution with an odd number of taps whose middle is time 0: as long as `input`, without delay.
std::vector<float> filter_centered(const std::vector<float>& input, const std::vector<float>& taps);

/// A linear-phase low-pass, an odd number of taps: -6 dB at `cutoff_hz`, pass and stop bands within 90 dB beyond half of
/// `transition_hz` from it; unit gain at 0 Hz. Kaiser-windowed sinc.
/// source   J. F. Kaiser, Nonrecursive digital filter design using the I0-sinh window function, ISCAS 1974
std::vector<float> lowpass_taps(double cutoff_hz, double transition_hz, double sample_rate_hz);

/// The same for the band above `cutoff_hz`.
std::vector<float> highpass_taps(double cutoff_hz, double transition_hz, double sample_rate_hz);

/// A linear-phase filter with the magnitudes that `magnitude` has at the multiples of sample_rate_hz / 16384; 16,383 taps under
/// a Hann window, which smooths over two of them.
std::vector<float> shaping_taps(const std::function<double(double frequency_hz)>& magnitude, double sample_rate_hz);

/// A Hilbert transformer of 4,095 taps under a Hann window: -90 degrees at all frequencies between 0.001 and 0.499 of the rate.
std::vector<float> hilbert_taps();

/// The modified Bessel function I0, for the Kaiser window.
double bessel_i0(double x);

} // namespace wm
