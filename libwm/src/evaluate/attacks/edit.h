#pragma once

/// Attacks with scissors: they move, remove or add moments of all channels alike. Times beyond the end mean the end.

#include <cstdint>

#include "wm/audio.h"

namespace wm {

/// Keeps `duration_s` from `start_s` on.
Audio crop(const Audio& audio, double start_s, double duration_s);

/// Takes `duration_s` out from `start_s` on.
Audio excise(const Audio& audio, double start_s, double duration_s);

/// Puts `duration_s` of silence in at `start_s`.
Audio insert_silence(const Audio& audio, double start_s, double duration_s);

/// Silences `duration_s` from `start_s` on; the length stays.
Audio mute(Audio audio, double start_s, double duration_s);

/// Shifts by whole samples, silence following from the open side; the length stays. Positive is earlier.
Audio shift(Audio audio, std::int64_t num_samples);

/// Takes out pieces of least_ms to most_ms, at random, until `share` of the recording (0 to 0.9) is gone; they may overlap.
struct DropOptions {
    double share = 0.01;
    double least_ms = 1;
    double most_ms = 10;
};
Audio drop_pieces(const Audio& audio, const DropOptions& options, std::uint64_t seed);

/// Drops or doubles, in turn and at random places, one sample out of every `interval` on average: the length stays within one.
Audio jitter_samples(const Audio& audio, double interval, std::uint64_t seed);

/// Sets a random share of single samples (of all channels at that moment) to zero.
Audio zero_samples(Audio audio, double share, std::uint64_t seed);

} // namespace wm
