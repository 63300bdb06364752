#pragma once

/// Codecs by libav, encoded and decoded in memory.

#include "evaluate/attacks/codec.h"

namespace wm {

/// Whether libav can be loaded and has an encoder.
bool libav_encodes(Codec codec);

/// encode_and_decode() for a sample rate that the codec has; only where libav_encodes().
/// errors   kUnsupported: libav refuses this bit rate or number of channels
Result<Audio> transcode_by_libav(const Audio& audio, Codec codec, double bit_rate_kbps);

} // namespace wm
