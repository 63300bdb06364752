#pragma once

/// How a recording is built, as far as its fingerprint shows: silence that pads it, a loop that fills it.

#include "wm/fingerprint.h"

namespace wm {

/// Silent is what has no spectral peaks: levels below about -90 dBFS, and steady noise well below that of a quiet room.
struct SoundShape {
    double duration_s = 0;
    double silence_before_s = 0; ///< before the first sound; all of it where there is none
    double silence_after_s = 0;  ///< after the last
    double longest_pause_s = 0;  ///< silence between two sounds
    double pause_start_s = 0;
    double loop_s =
        0; ///< the shortest period at which it repeats itself best, at most 60 s and half its length; 0: none
    double loop_share =
        0; ///< of the peaks, how many are there again a period later: 0.1 by chance, above 0.8 in a loop
};

/// cost     linear in the peaks; 0.1 s an hour of audio
/// threads  reentrant
SoundShape shape_of(const Fingerprint& fingerprint);

} // namespace wm
