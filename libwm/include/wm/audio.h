#pragma once

/// A whole recording in memory: what attacks and measurements work on.

#include <cstddef>
#include <string>
#include <vector>

#include "wm/result.h"

namespace wm {

/// threads  as a container: any number of readers, or one writer
struct Audio {
    int sample_rate_hz = 0; ///< 8,000 to 192,000
    std::vector<std::vector<float>>
        channels; ///< [channel][sample], all of one length; full scale +-1, larger values allowed

    std::size_t num_channels() const { return channels.size(); }
    std::size_t num_samples() const { return channels.empty() ? 0 : channels[0].size(); } ///< per channel
    double duration_s() const { return sample_rate_hz > 0 ? static_cast<double>(num_samples()) / sample_rate_hz : 0.0; }
};

/// Decodes all of `path` (`-`: standard input), in any format that can be read. NaN and infinity become 0.
///
/// errors   kIo, kFormat, kUnsupported
/// cost     that of decoding; 4 bytes a sample and channel in memory
/// threads  reentrant
Result<Audio> read_audio(const std::string& path);

enum class SampleDepth { kPcm16, kPcm24, kFloat32 };

struct WriteAudioOptions {
    SampleDepth depth = SampleDepth::kPcm16;
    bool overwrite = true;
};

/// Writes `audio` whole or not at all: beside `path`, flushed to disk, renamed. The name's ending chooses the container: .wav
/// .w64 .rf64 .aif .aiff .flac (which has no floats); `-` is WAV on standard output. Integers are rounded without dither.
///
/// returns  the gain applied, in dB: 0, or what brings a peak beyond full scale down to 0.999 of it in an integer format.
///          Everything is scaled alike, since cutting the peaks would be one more distortion.
/// errors   kUsage (ending, float FLAC, existing file without overwrite), kIo, kUnsupported (rate or channels that the
///          container cannot hold)
/// threads  reentrant
Result<double> write_audio(const Audio& audio, const std::string& path, const WriteAudioOptions& options = {});

} // namespace wm
