#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "fingerprint/contrast_map.h"
#include "fingerprint/level_map.h"

namespace wm {

/// How a query lies upon a recording: query frame t hears the recording's frame offset + tempo * t, its band b at b + shift.
struct Alignment {
    double offset = 0; ///< the recording's frame under the query's first one
    double tempo = 1;  ///< frames of the recording in a frame of the query
    double shift = 0;  ///< bands that the query sounds higher
};

/// What a change can be: the line of hypotheses that a vote lies on.
enum class Change : std::uint8_t { kNone, kSpeed, kTempo, kPitch, kBoth };
inline constexpr std::size_t kNumChanges = 5;
/// How many candidates of each kind are looked at.
using ChangeLimits = std::array<std::size_t, kNumChanges>;

/// A recording and a place in it, to be looked at.
struct Candidate {
    std::int64_t track = 0;
    std::uint32_t num_frames = 0; ///< of the track
    Alignment alignment;
    Change change = Change::kNone;
    std::uint32_t num_votes = 0;
    double raw_score = -1e9;
    double score = -1e9; ///< calibrated against decoys
};

} // namespace wm
