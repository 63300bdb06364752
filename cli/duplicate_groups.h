#pragma once

/// Uploads that are the same recording, put together, and the table that says so.

#include <map>
#include <string>
#include <vector>

#include "wm/index.h"
#include "wm/upload_signals.h"

namespace wm::cli {

/// Where one recording is heard in another, and how much of both that is.
struct Resemblance {
    std::string sound; ///< of the other
    double start_s = 0;
    double end_s = 0;
    double other_start_s = 0;
    double other_end_s = 0;
    double speed = 1;           ///< seconds of the other in a second of this one
    double pitch_semitones = 0; ///< how much higher this one sounds
    double share = 0;           ///< of this one
    double other_share = 0;
};

/// A recording, however many uploads have its samples.
struct DistinctSound {
    std::string sound; ///< the samples' hash
    double duration_s = 0;
    std::vector<Resemblance> near;
    std::string claim; ///< the registered recording that it is, or sounds most like; empty: none is known
    std::string isrc;
    std::string title;
};

/// One upload, as far as it was looked at alone.
struct ExaminedUpload {
    Upload upload; ///< without likeness
    double duration_s = 0;
    std::string problem; ///< why it could not be read; empty: it was
    std::vector<Signal> signals;
};

/// The uploads of folders, lists, manifests and recordings, none of them looked into.
/// errors   kIo, kFormat: as InputWalk::open()
Result<std::vector<ExaminedUpload>> find_uploads(const std::vector<std::string>& paths);

/// Matches of one other recording as one resemblance: the best place, and what all of them cover.
///
/// matches   of one track, at least one, best first
Resemblance resemblance_of(const std::vector<Match>& matches, double duration_s);

/// Whether that makes them near duplicates.
bool is_near_duplicate(const Resemblance& like, const SignalLimits& limits);

struct DuplicateSummary {
    std::uint64_t num_uploads = 0;
    std::uint64_t num_unreadable = 0;
    std::uint64_t num_sounds = 0;
    std::uint64_t num_groups = 0;
    std::uint64_t num_exact = 0; ///< uploads beside the first of their samples
    std::uint64_t num_near = 0;
};

struct DuplicateTable {
    std::string csv; ///< docs/formats.md, "Duplicates"
    DuplicateSummary summary;
    std::map<std::string, std::uint64_t> num_signals; ///< uploads, by signal
};

/// Groups of uploads in the order of their first ones; then the uploads that are in none and have a signal or could not be read.
///
/// errors   kIo
/// cost     memory of 0.5 kB an upload
Result<DuplicateTable> group_duplicates(const std::vector<ExaminedUpload>& uploads,
                                        const std::vector<DistinctSound>& sounds, const SignalLimits& limits);

} // namespace wm::cli
