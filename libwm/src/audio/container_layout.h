#pragma once

/// Where a container keeps its samples and its other chunks. The scanners read headers only, in bounded memory and time, and
/// trust no size that the file states about itself.

#include <cstdint>
#include <string>
#include <vector>

#include "audio/audio_file.h"
#include "audio/byte_source.h"

namespace wm {

/// How linear samples are stored, interleaved.
struct PcmFormat {
    Encoding encoding = Encoding::kPcm16;
    int sample_rate_hz = 0;
    int num_channels = 0;
    int bytes_per_sample = 2; ///< of the container: 1 to 4, or 8
    int valid_bits = 16;      ///< of an integer, left-justified in its container
    bool is_big_endian = false;

    bool is_float() const { return encoding == Encoding::kFloat32 || encoding == Encoding::kFloat64; }
    std::size_t bytes_per_moment() const {
        return static_cast<std::size_t>(num_channels) * static_cast<std::size_t>(bytes_per_sample);
    }
};

struct Chunk {
    std::string id; ///< four bytes; of a W64 chunk the first four of its GUID
    std::uint64_t header_offset = 0;
    std::uint64_t payload_offset = 0;
    std::uint64_t payload_size = 0; ///< without padding, never past the end of the file
};

struct ContainerLayout {
    Container container = Container::kOther;
    PcmFormat format;
    bool is_linear = false;        ///< the samples are plain integers or floats in `format`; otherwise a codec's
    std::vector<Chunk> chunks;     ///< in the file's order, at most kMaxChunks; the sample data included
    std::size_t data_chunk = 0;    ///< which of `chunks` holds the samples
    std::uint64_t data_offset = 0; ///< of the first sample
    std::uint64_t data_size = 0;   ///< whole moments (one sample per channel) only, cut to what the file holds
    bool sizes_are_open = false;   ///< the header was written by a pipe or cut short: its sizes are to be recomputed
};

/// More chunks than any real file has; scanning stops here.
inline constexpr std::size_t kMaxChunks = 4096;

/// Scans whichever of these containers the file is. Of any other file: a layout without chunks, which is not linear.
/// errors   those of the scanners below
Result<ContainerLayout> scan_container(const ByteSource& source);

/// RIFF, RF64 and BW64 files of form WAVE.
/// errors   kFormat (cut or contradictory headers), kUnsupported (rate, channels, sample width), kIo
Result<ContainerLayout> scan_riff(const ByteSource& source);

/// Sony Wave64. Errors as scan_riff.
Result<ContainerLayout> scan_w64(const ByteSource& source);

/// AIFF and AIFF-C. Errors as scan_riff.
Result<ContainerLayout> scan_aiff(const ByteSource& source);

/// WAV, RF64 or BW64.
inline bool is_riff(Container container) {
    return container == Container::kWav || container == Container::kRf64 || container == Container::kBw64;
}

inline bool is_aiff(Container container) {
    return container == Container::kAiff || container == Container::kAifc;
}

/// What libwm takes: 8 to 192 kHz, 1 to 8 channels.
/// errors   kUnsupported
Result<void> check_rate_and_channels(const std::string& name, double sample_rate_hz, std::int64_t num_channels);

/// The encoding that holds integers of `valid_bits`; `is_unsigned` only for 8 bits.
Encoding integer_encoding(int valid_bits, bool is_unsigned);

/// "PCM 24-bit", "float 32-bit".
std::string describe(const PcmFormat& format);

} // namespace wm
