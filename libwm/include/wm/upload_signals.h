#pragma once

/// What is noticed about uploads: how each is built, and how it stands to the others. Signals inform a spam desk; they decide nothing
/// (docs/provenance.md, "Signals").

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "wm/result.h"
#include "wm/sound_shape.h"
#include "wm/verdict.h"

namespace wm {

/// VERY_SHORT, PADDED, LOOPED.
std::vector<Signal> signals_of(const SoundShape& shape, const SignalLimits& limits);

/// Whether a signal is one of those here, and not a part of the evidence.
bool is_about_upload(const Signal& signal);

/// What an upload sounds like: a stretch of a registered track, or a group of uploads as a whole.
struct Likeness {
    std::string key;
    double start_s = 0; ///< in what `key` names
    double end_s = 0;
};

/// One upload among others.
struct Upload {
    std::int64_t number = 0; ///< its place in their order
    std::string file;
    std::string name;                   ///< that it is offered under; empty: the file's, without folder and ending
    std::string account;                ///< empty: not known
    std::optional<std::int64_t> time_s; ///< since 1970
    std::string sound;                  ///< its samples' hash (wm/audio_hash.h); empty: it was not examined
    std::optional<Likeness> likeness;
};

/// What the evidence says of an upload: its samples, and the track that it is, where what counts as a match covers
/// `duplicateShare` of what is not silent in it.
void identify_upload(const Evidence& evidence, const Profile& profile, Upload& upload);

/// Uploads, and what is noticed about one when the others are known. They are in a file of TMPDIR, so that memory does not grow with
/// their number.
///
/// threads  one at a time
class UploadLedger {
public:
    /// errors   kIo
    static Result<std::unique_ptr<UploadLedger>> create();
    virtual ~UploadLedger() = default;

    /// Adds an upload, or replaces the one of that number. errors: kIo
    virtual Result<void> add(const Upload& upload) = 0;

    /// EXACT_DUPLICATE, NEAR_DUPLICATE, MANY_NAMES and ACCOUNT_BURST, with respect to all that were added. An upload that was not
    /// added has none.
    /// errors   kIo
    /// cost     some look-ups; groups are counted to 1,000
    virtual Result<std::vector<Signal>> signals_of(std::int64_t number, const SignalLimits& limits) = 0;
};

} // namespace wm
