#pragma once

/// Attacks on dynamics. All channels get the same gain; the length stays.
///
/// Levels are taken of the loudest channel: root mean square over about 5 ms (a one-pole average), in dB against full scale, or
/// against the recording's own peak. A sine of amplitude 1 stands at -3 dB.
///
/// source  D. Giannoulis, M. Massberg, J. Reiss, Digital dynamic range compressor design, J. AES 60(6), 2012

#include "wm/audio.h"

namespace wm {

struct DynamicsOptions {
    double threshold_db = -20;
    double ratio = 4;
    double attack_ms = 5; ///< time constants of the gain, falling and rising
    double release_ms = 50;
    double makeup_db = 0;
    double knee_db = 0;       ///< width of the quadratic bend about the threshold
    bool is_relative = false; ///< levels against the recording's peak
};

/// Above the threshold, `ratio` dB more give 1 dB more.
Audio compress(Audio audio, const DynamicsOptions& options);

/// Below the threshold, 1 dB less gives `ratio` dB less, down to 60 dB.
Audio expand_downward(Audio audio, const DynamicsOptions& options);

/// Above the threshold, 1 dB more takes ratio - 1 dB away.
/// source  RAW-Bench (Ozer et al., Interspeech 2025), attack "dynamic_range_expansion", as its code does it
Audio fold_down(Audio audio, const DynamicsOptions& options);

/// No sample exceeds the ceiling: the gain falls over 5 ms ahead of a peak and rises by `release_ms`.
Audio limit(Audio audio, double ceiling_db, double release_ms, bool is_relative);

/// Brings the integrated loudness (EBU R 128) to `target_lufs`, then limits samples to `ceiling_db`. The measured loudness is
/// rounded to 0.01 LU, so that the last bit of the C library's logarithm does not reach the samples. Silence stays.
Audio normalise_loudness(Audio audio, double target_lufs, double ceiling_db);

/// Integrated loudness in LUFS (EBU R 128); -70 for silence and for less than 0.4 s.
double loudness_of(const Audio& audio);

} // namespace wm
