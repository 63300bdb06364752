#pragma once

#include <memory>

#include "audio/resampler.h"

namespace wm {

/// Any ratio, by libsoxr.
std::unique_ptr<Resampler> create_soxr_resampler(double input_rate_hz, double output_rate_hz, int num_channels,
                                                 Resampler::Quality quality);

} // namespace wm
