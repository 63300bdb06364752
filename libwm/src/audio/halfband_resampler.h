#pragma once

#include <memory>

#include "audio/resampler.h"

namespace wm {

/// Halves the rate with a half-band FIR. cost: num_taps additions and multiplications per output sample, vectorized.
std::unique_ptr<Resampler> create_halfband_decimator(int num_channels, std::vector<float> taps);

/// Doubles the rate with a half-band FIR.
std::unique_ptr<Resampler> create_halfband_interpolator(int num_channels, std::vector<float> taps);

} // namespace wm
