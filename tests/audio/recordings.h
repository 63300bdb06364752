#pragma once

/// Small recordings for tests: made by libsndfile or byte by byte, never by the code under test.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audio/audio_file.h"

namespace wm::test {

/// A recording as plain numbers, interleaved: integers left-justified in 32 bits, or doubles.
struct Samples {
    int sample_rate_hz = 44100;
    int num_channels = 2;
    std::vector<std::int32_t> integers;
    std::vector<double> reals;

    bool operator==(const Samples&) const = default;
};

/// Noise over the full scale of `sf_subtype` (SF_FORMAT_PCM_16 ...), its extremes included; the same each time.
Samples make_noise(int sf_subtype, int num_channels, int sample_rate_hz, std::size_t num_samples);

/// Writes with libsndfile. `sf_format` is type | subtype.
void write_with_sndfile(const std::string& path, int sf_format, const Samples& samples);

/// Reads with libsndfile: as integers or as doubles, like its argument's example.
Samples read_with_sndfile(const std::string& path, bool as_integers);

/// Reads with AudioReader.
Samples read_with_wm(const std::string& path);

/// Reads `input` and writes `output` with a residual of `residual` in every sample; returns the writer's warnings.
Result<std::vector<std::string>> copy_recording(const std::string& input, const std::string& output, float residual = 0,
                                                const WriterOptions& options = {});

/// `copy_recording` that must succeed.
std::vector<std::string> copy_or_fail(const std::string& input, const std::string& output, float residual = 0,
                                      const WriterOptions& options = {});

/// A RIFF chunk with its header and padding.
std::string riff_chunk(std::string_view id, std::string_view payload);

/// The 16-byte 'fmt ' payload of an integer WAVE file.
std::string fmt_payload(int num_channels, std::uint32_t sample_rate_hz, int bits, int tag = 1);

/// "RIFF", the true size, "WAVE" and the chunks.
std::string riff_file(std::string_view chunks);

/// 16-bit stereo WAVE bytes of `num_samples`, with nothing but 'fmt ' and 'data'.
std::string small_wav(std::size_t num_samples);

/// Runs a shell command that must succeed.
void run_command(const std::string& command);

} // namespace wm::test
