#pragma once

/// Tempo without pitch, and pitch without tempo, by SoundTouch (synchronised overlap-add).

#include "wm/audio.h"

namespace wm {

/// `factor` times as long (0.25 to 4), at the same pitch: round(samples * factor) samples.
/// errors   kUnsupported: SoundTouch takes no more than 16 channels; kInternal: it failed
Result<Audio> stretch_time(const Audio& audio, double factor);

/// Higher by `semitones` (-24 to 24), as long as before.
Result<Audio> shift_pitch(const Audio& audio, double semitones);

} // namespace wm
