#pragma once

/// Figures of a recording in memory (wm/audio.h).

#include "wm/audio.h"

namespace wm {

/// The largest magnitude in any channel, and the root mean square over all of them; 0 for none.
float peak_of(const Audio& audio);
double rms_of(const Audio& audio);

} // namespace wm
