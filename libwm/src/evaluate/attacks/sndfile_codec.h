#pragma once

/// Lossy files by libsndfile: for listening to, and codecs where libav is absent.

#include <string>

#include "evaluate/attacks/codec.h"

namespace wm {

constexpr int kOpusRate_hz = 48000;

/// Writes a lossy file: MP3 at a constant rate; Opus, only at kOpusRate_hz; Vorbis at the quality whose mean rate comes next.
/// errors   kUnsupported: AAC; a bit rate, sample rate or number of channels that the encoder has not. kIo
Result<void> write_lossy(const Audio& audio, const std::string& path, Codec codec, double bit_rate_kbps);

/// encode_and_decode() for a sample rate that the codec has.
/// errors   those of write_lossy()
Result<Audio> transcode_by_sndfile(const Audio& audio, Codec codec, double bit_rate_kbps);

} // namespace wm
