#pragma once

/// Attacks by reading the samples at other times: band-limited interpolation.

#include <cstdint>

#include "wm/audio.h"

namespace wm {

/// The same sound at another sample rate: ceil(samples * new / old) of them.
Audio convert_rate(const Audio& audio, int sample_rate_hz);

/// Down to `rate_hz` and back; the length stays. What lies above 0.455 rate_hz is gone.
Audio resample_there_and_back(const Audio& audio, double rate_hz);

/// Plays `factor` times as fast: tempo and pitch together.
Audio change_speed(const Audio& audio, double factor);

/// Speed 1 + depth cos(2 pi rate_hz t + phase), the phase from `seed`; the length stays.
Audio wobble_speed(const Audio& audio, double depth, double rate_hz, std::uint64_t seed);

/// Reads sample i at time i + a Gaussian deviation of `deviation_samples`, by linear interpolation.
/// source  RAW-Bench (Ozer et al., Interspeech 2025), attack "time_jitter"
Audio jitter_times(const Audio& audio, double deviation_samples, std::uint64_t seed);

} // namespace wm
