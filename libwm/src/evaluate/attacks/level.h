#pragma once

/// Attacks on level and channels. All are exact or one multiplication a sample.

#include "wm/audio.h"

namespace wm {

/// Multiplies by 10^(gain_db / 20).
Audio change_gain(Audio audio, double gain_db);

enum class PolarityOf { kAllChannels, kFirstChannel, kSecondChannel };

/// Changes the sign of all channels or of one; a recording without that channel has the sign of its last one changed.
Audio invert_polarity(Audio audio, PolarityOf which);

/// One channel: the mean of all.
Audio mix_to_mono(const Audio& audio);

/// Exchanges the first two channels.
Audio swap_channels(Audio audio);

/// Rounds to 2^bits levels over the range -1 to 1, without dither; values beyond it are cut.
Audio requantise(Audio audio, int bits);

/// Rounds to `num_levels` levels, equally spaced over each channel's own range of values.
/// source  AudioMarkBench (Liu et al., NeurIPS 2024), no-box perturbation "quantization"
Audio quantise_to_levels(Audio audio, int num_levels);

/// Cuts at 10^(level_db / 20) times the recording's peak.
Audio clip(Audio audio, double level_db);

/// peak * tanh(drive x / peak) / tanh(drive): soft saturation that keeps the peak.
Audio saturate_tanh(Audio audio, double drive);

} // namespace wm
