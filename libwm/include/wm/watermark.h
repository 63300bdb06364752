#pragma once

/// Inaudible 64-bit marks: embed them into files, read them back.
///
/// A mark is a keyed pattern of small gain changes over time and log-frequency, repeated through the recording, so that an
/// excerpt of several seconds carries the whole id (docs/watermark.md).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wm/key.h"
#include "wm/progress.h"
#include "wm/result.h"

namespace wm {

struct EmbedOptions {
    /// Scales every gain change: 1 is the default, inaudible strength; 0.5 halves the change (-6 dB). Range 0.1 to 3.
    double strength = 1.0;
    /// Mark even when the recording already carries a mark of this key.
    bool force = false;
    /// Look for an earlier mark of this key first, and read the new mark back before the output is put in place.
    bool verify = true;
    /// Mark even when the recording is expected not to carry the mark well (a short or nearly empty one).
    bool allow_weak = false;
    /// The payload of a public notice (wm/notice.h) that goes in beside the mark, in the same pass, under the well-known key:
    /// the change stays within the limits of one mark, and each of the two is weaker. Refused as the mark is when the
    /// recording carries a notice already.
    std::optional<std::uint64_t> notice;
    /// A line of BWF coding history to append to `bext` (empty: `bext` stays byte for byte).
    std::string coding_history;
};

/// A mark that was embedded.
struct EmbeddedMark {
    std::uint64_t id = 0;
    bool verified = false; ///< it was read back
    double margin_db = 0;  ///< read back: detection energy over what acceptance needs (0 when not verified)
    double p_value = 1;    ///< of the mark as read back
};

/// What embedding did.
struct EmbedReport {
    EmbeddedMark mark;
    std::optional<EmbeddedMark> notice; ///< beside it
    double duration_s = 0;              ///< of the recording
    double snr_db = 0;                  ///< host energy over the energy of the change, whole file
    double nmr_db = 0;         ///< mean noise-to-mask ratio of the change (docs/watermark.md); below 0 is masked
    double carrying_share = 0; ///< share of the duration loud enough to carry the mark, 0 to 1
    std::vector<std::string> warnings; ///< for people: a weak mark, what the container could not carry over
    std::string audio_hash; ///< XXH3-128 of the output's decoded samples, 32 hex digits; empty when not verified
};

/// Marks `input` into `output`; `-` is standard input or output. The output has the input's length, rate, channels, depth
/// and metadata; its container follows the output's name (.wav .flac .aiff .w64 ...; for `-`, WAV). It is written beside its
/// place, flushed to disk and renamed when it is whole and verified: on failure nothing stands under its name.
///
/// id       64 bits, given by the caller (unique for each copy: see docs/watermark.md)
/// errors   kUsage (output is input, lossy output name), kIo, kFormat, kUnsupported, kCannotCarry, kAlreadyMarked (the
///          message names the id found), kVerifyFailed, kCancelled
/// cost     about a thousandth of the duration, in constant memory (docs/benchmarks.md)
/// threads  reentrant
Result<EmbedReport> embed_file(const std::string& input, const std::string& output, const Key& key, std::uint64_t id,
                               const EmbedOptions& options = {}, const Progress& progress = {});

/// One mark found.
struct Mark {
    std::uint64_t id = 0;
    std::string key_name;
    std::string key_id;
    double p_value = 1; ///< proved bound on the chance that audio not marked with this key yields any such finding
    double log10_p_value = 0; ///< the same, where p_value would be 0
    double start_s = 0;       ///< first and last moment where the mark was found, seconds of the file
    double end_s = 0;
    double speed = 1;           ///< how much faster than the original (resampling: tempo and pitch together), undone
    double tempo = 1;           ///< how much faster than the original in time, undone
    double pitch_semitones = 0; ///< how much higher than the original, undone
    double score = 0;           ///< detection statistic T; the acceptance threshold is in DetectReport
    /// The payload's statistic over that of the pilot, which all marks of a key share: about 1.7 in one copy, less where copies
    /// with several ids were averaged (docs/watermark.md, "Security").
    double payload_to_pilot = 1;
};

enum class DetectOutcome {
    kFound,
    kNotFound,     ///< looked, and found nothing: proves nothing about where the audio comes from
    kInconclusive, ///< could not look: too short or silent; see reason
};

struct DetectReport {
    DetectOutcome outcome = DetectOutcome::kNotFound;
    std::string reason;      ///< why it is inconclusive, for people
    std::vector<Mark> marks; ///< strongest first
    double duration_s = 0;
    double threshold = 0;            ///< the statistic a mark had to reach
    double hypotheses = 0;           ///< size of the union the p-values are bounded over
    double false_positive_bound = 0; ///< proved bound on any false mark in this call
};

/// Which changes of speed, tempo and pitch are searched for a mark that is not found without any.
enum class DesyncRange {
    kNone,
    kLines, ///< speed -22 to +29 %, or tempo +-12 %, or pitch +-3 semitones
    kPlane, ///< those, then tempo and pitch changed independently
};

struct DetectOptions {
    /// Bound on the chance of any false mark in this call. Range 1e-15 to 1e-3.
    double false_positive_bound = 1e-9;
    DesyncRange desync = DesyncRange::kPlane;
    /// Look for public notices (wm/notice.h), too: marks of their well-known key. Changes of speed, tempo and pitch are undone
    /// for them only where no mark of `keys` was found without: what is marked in one pass is changed together.
    bool public_notices = false;
};

/// Looks for marks of `keys` in the audio of `input` (`-`: standard input).
///
/// errors   kIo, kFormat, kUnsupported, kUsage (nothing to look for), kCancelled
/// cost     docs/benchmarks.md; constant memory
/// threads  reentrant
Result<DetectReport> detect_file(const std::string& input, const std::vector<Key>& keys,
                                 const DetectOptions& options = {}, const Progress& progress = {});

} // namespace wm
