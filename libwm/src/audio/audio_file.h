#pragma once

/// Reading recordings without losing a bit of them, and writing them back changed only where asked.
///
/// reader -> AudioBlock (exact samples) -> planar float for analysis -> residual -> writer (exact samples + residual)

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "wm/result.h"

namespace wm {

enum class Container { kWav, kRf64, kBw64, kW64, kAiff, kAifc, kFlac, kOther };
enum class Encoding { kPcmU8, kPcm8, kPcm16, kPcm24, kPcm32, kFloat32, kFloat64, kLossy };

struct AudioSpec {
    int sample_rate_hz = 0;
    int num_channels = 0;
    std::int64_t num_samples = -1; ///< per channel; -1 when the container does not say
    Container container = Container::kOther;
    Encoding encoding = Encoding::kLossy;
    std::string codec; ///< for people: "MPEG layer III", "AAC", "PCM 24-bit"
};

/// Some moments of audio, interleaved, exactly as decoded: integers left-justified in 32 bits, or doubles (float files and
/// lossy codecs; full scale +-1).
struct AudioBlock {
    int num_channels = 0;
    std::size_t num_samples = 0; ///< per channel
    bool is_integer = true;
    std::vector<std::int32_t> integers;
    std::vector<double> reals;

    /// 144 dB over full scale: floats that hold 24-bit integers stay below it. What lies beyond is no sound but damage, and
    /// would drown all that is near it in the frames of the analysis.
    static constexpr double kLoudest = 0x1p24;

    /// Copies to `planar[num_channels][num_samples]`, full scale +-1. NaN, infinity and what lies beyond kLoudest become 0.
    void to_planar(float* const* planar) const;
};

/// Decodes one recording from the start to the end, in constant memory.
/// threads  one at a time
class AudioReader {
public:
    /// Opens `path`; `-` spools standard input to an unlinked temporary file first. Formats: libsndfile's, and libav's when
    /// built in (the audio of a video included).
    /// errors   kIo; kFormat (not audio, truncated header, lying sizes); kUnsupported (rates outside 8-192 kHz, more than 8 or
    ///          no channels; formats that need libav in a build without it: the message says so)
    static Result<std::unique_ptr<AudioReader>> open(const std::string& path);
    virtual ~AudioReader() = default;

    const AudioSpec& spec() const { return spec_; }

    /// Reads up to `max_samples` per channel; fewer only at the end, 0 there. Reuses the block's memory.
    /// errors   kIo, kFormat: the stream breaks in the middle (truncated data is read to its end, and is no error)
    virtual Result<std::size_t> read(AudioBlock& block, std::size_t max_samples) = 0;

    /// Goes back to the first sample.
    virtual Result<void> rewind() = 0;

    /// The file that holds the source's bytes (the spool when reading standard input): for the writer to copy metadata from.
    const std::string& source_path() const { return source_path_; }

    /// What the file holds beside its samples, for people: "tag 'title'", "1 video stream". Empty for the containers whose
    /// chunks or blocks the writer handles itself.
    const std::vector<std::string>& companions() const { return companions_; }

protected:
    AudioSpec spec_;
    std::string source_path_;
    std::vector<std::string> companions_;
};

struct WriterOptions {
    std::string coding_history; ///< appended to `bext` when not empty
    bool overwrite = true;
};

/// Writes a recording that differs from its source by a residual. Everything else in the container survives as
/// docs/formats.md says. The file grows beside its place and appears under its name only on commit.
/// threads  one at a time
class AudioWriter {
public:
    /// `output` names the container (.wav .rf64 .bw64 .w64 .aif .aiff .flac; `-`: WAV on standard output).
    /// errors   kUsage (lossy output name: the message says why; output and source are the same file), kIo, kUnsupported
    static Result<std::unique_ptr<AudioWriter>> create(const std::string& output, const AudioReader& source,
                                                       const WriterOptions& options = {});
    virtual ~AudioWriter() = default; ///< removes the temporary file unless committed

    /// Appends host + residual. Integer formats are rounded with TPDF dither where the residual is not zero (docs/formats.md);
    /// where it is zero the host's samples stay bit-exact. Out-of-range values clip.
    ///
    /// residual  [channels][host.num_samples], full scale +-1
    /// errors    kIo (disk full)
    virtual Result<void> write(const AudioBlock& host, const float* const* residual) = 0;

    /// Completes headers and metadata and flushes to disk; the file is then whole at `temporary_path()`.
    virtual Result<void> finish() = 0;

    /// Renames into place (or copies to standard output). Call finish() first.
    virtual Result<void> commit() = 0;

    virtual const std::string& temporary_path() const = 0;

    /// What the output could not carry over from the source, one line each, for people.
    virtual const std::vector<std::string>& warnings() const = 0;
};

} // namespace wm
