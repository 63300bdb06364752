#pragma once

/// Attacks that add sound.

#include <cstdint>

#include "wm/audio.h"

namespace wm {

enum class NoiseColor {
    kWhite, ///< flat
    kPink,  ///< -3 dB an octave above 20 Hz, flat below
    kBrown, ///< -6 dB an octave above 20 Hz, flat below
};

/// Gaussian noise, independent in each channel, of RMS 1 in all.
Audio make_noise(NoiseColor color, const Audio& shape, std::uint64_t seed);

/// Adds noise whose energy over the whole recording is snr_db below the recording's.
Audio add_noise(Audio audio, NoiseColor color, double snr_db, std::uint64_t seed);

/// Adds noise of this RMS, whatever the level of the recording.
Audio add_noise_floor(Audio audio, NoiseColor color, double rms, std::uint64_t seed);

/// Adds `other`, from a place drawn from `seed` and repeated as often as needed, with its energy snr_db below the recording's.
/// It is resampled to the recording's rate; with another number of channels its mean goes into every channel.
Audio mix_in(Audio audio, const Audio& other, double snr_db, std::uint64_t seed);

} // namespace wm
