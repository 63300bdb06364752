#pragma once

/// Attacks by lossy codecs, encoded and decoded again.

#include "wm/audio.h"

namespace wm {

enum class Codec { kMp3, kAac, kOpus, kVorbis };

/// "MP3", "AAC", ...
const char* name_of(Codec codec);

/// Encodes at `bit_rate_kbps` for all channels together and decodes again, with the codec's delay taken out: as long as
/// before. A sample rate that the codec has not is converted to the next one that it has, and back; so is one that LAME's
/// program would lower for an MP3 of so few bits.
///
/// The encoders are LAME, libav's own AAC, libopus and libvorbis. libav runs them; where it is absent libsndfile does, which
/// has no AAC. Which bits come out depends on their versions; one installation gives the same ones each time.
/// errors   kUnsupported: there is no such encoder, or it refuses this bit rate or number of channels
Result<Audio> encode_and_decode(const Audio& audio, Codec codec, double bit_rate_kbps);

} // namespace wm
