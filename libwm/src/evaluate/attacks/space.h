#pragma once

/// Attacks by reflections: echoes and rooms. The length stays; what rings on after the end is cut.

#include <cstdint>

#include "wm/audio.h"

namespace wm {

/// Adds the recording `delay_ms` later at `gain_db`, then brings the peak back to what it was.
Audio add_echo(Audio audio, double delay_ms, double gain_db);

/// A room that decays by 60 dB in rt60_s: the direct sound, then from 2 ms on Gaussian noise with an exponential envelope,
/// independent in each channel, of an energy `direct_db` below the direct sound's.
/// source  J. Moorer, About this reverberation business, Computer Music J. 3(2), 1979
struct Room {
    double rt60_s = 0.5;
    double direct_db = 0;
};
Audio add_room(Audio audio, const Room& room, std::uint64_t seed);

/// The impulse response of add_room, for each channel.
Audio room_response(const Room& room, std::size_t num_channels, int sample_rate_hz, std::uint64_t seed);

/// Convolves with an impulse response, resampled to the recording's rate (one channel: the same for all; otherwise channel by
/// channel, its last one for those it lacks), scaled to keep the recording's RMS level.
Audio convolve_with(Audio audio, const Audio& response);

} // namespace wm
