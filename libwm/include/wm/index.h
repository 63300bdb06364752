#pragma once

/// An index of fingerprints: names the recordings in audio, also when it was sped up, pitched, filtered or talked over
/// (docs/fingerprint.md).

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "wm/fingerprint.h"
#include "wm/progress.h"
#include "wm/result.h"

namespace wm {

/// A registered recording.
struct IndexTrack {
    std::string id; ///< unique in the index, valid UTF-8 of 1 to 500 bytes without control characters
    std::string isrc;
    std::string title;
    std::string source; ///< what it was made from, in the caller's words: `wm index add` puts path, size and time here
    double duration_s = 0;
};

struct IndexEntry {
    IndexTrack track; ///< its duration is the fingerprint's
    Fingerprint fingerprint;
};

enum class AddOutcome {
    kAdded,
    kThere,    ///< the id was there already, with this very fingerprint; isrc, title and source are brought up to date
    kReplaced, ///< the id was there with another fingerprint
    kConflict, ///< the same, and replacing was not asked for: nothing was changed
};

struct IndexStat {
    std::uint64_t num_tracks = 0;
    double duration_s = 0; ///< of all tracks
    std::uint64_t num_segments = 0;
    std::uint64_t num_postings = 0; ///< those of removed tracks included, until the index is compacted
    std::uint64_t file_bytes = 0;
    std::uint64_t peak_bytes = 0;
    std::uint64_t posting_bytes = 0;
    std::uint64_t longest_list = 0; ///< the limit on posting lists of the largest segment
};

/// What checking an index found, one line for each thing that is wrong: which segment, row or track.
struct IndexCheck {
    std::uint64_t num_rows = 0;   ///< of postings, looked at
    std::uint64_t num_chunks = 0; ///< of peaks, looked at
    std::vector<std::string> faults;
};

/// One recording found in audio.
struct Match {
    IndexTrack track;
    double query_start_s = 0;
    double query_end_s = 0;
    double asset_start_s = 0;
    double asset_end_s = 0;
    double audio_speed =
        1; ///< seconds of the registered recording in a second of the query: above 1, the query is faster
    double audio_pitch = 0; ///< how much higher the query sounds, in semitones
    double confidence = 0;  ///< 1 - p_value
    double p_value = 1;     ///< chance that unrelated audio scores as well anywhere in this index
    double log10_p_value = 0;
    double score = 0;
    double query_match_percentage = 0; ///< share of the query inside [query_start, query_end]
    double asset_match_percentage = 0; ///< share of the registered recording inside [asset_start, asset_end]
    /// Moments that agree: the query's time and the registered recording's, in seconds. Filled when asked for.
    std::vector<std::pair<float, float>> hits;
};

enum class IdentifyOutcome {
    kFound,
    kNotFound,
    kInconclusive, ///< too short, or silent: see reason
};

struct IdentifyReport {
    IdentifyOutcome outcome = IdentifyOutcome::kNotFound;
    std::string reason;
    std::vector<Match> matches; ///< best first
    double duration_s = 0;
    double threshold = 0; ///< the largest p-value that counts
    std::uint64_t num_tracks = 0;
    std::uint64_t rows_asked = 0; ///< of postings; fewer answered than asked means a damaged index
    std::uint64_t rows_answered = 0;
    SoundRecord query; ///< filled when asked for
};

struct IdentifyOptions {
    double largest_p_value = 1e-3; ///< 1e-12 to 0.5
    bool search_changes = true;    ///< of speed, tempo and pitch, when nothing was found without them
    bool want_hits = false;
    bool want_query = false; ///< memory then grows by 0.5 kB a second of audio
    std::string excluded_track; ///< the id of a track that is not looked for; empty: none
};

/// An index file.
///
/// Readers see the index as it was published last, and are not disturbed by a writer. One writer at a time.
/// threads  one at a time for an Index; several may be open on one file
class Index {
public:
    enum class Mode { kRead, kWrite };

    /// Makes an empty index. errors: kUsage (the file exists), kIo
    static Result<Index> create(const std::string& path);

    /// errors   kIo (missing, not permitted), kUsage (another writer has it), kFormat (not an index, damaged), kUnsupported
    ///          (of another version)
    static Result<Index> open(const std::string& path, Mode mode);

    Index(Index&&) noexcept;
    Index& operator=(Index&&) noexcept;
    ~Index();

    /// Adds recordings, all or none: when this returns they are on the disk, and found from then on.
    /// returns  what came of each
    /// errors   kUsage (an id that is not valid), kIo (disk full, read-only), kFormat
    Result<std::vector<AddOutcome>> add(std::span<const IndexEntry> entries, bool replace = false);

    /// Removes a recording: it is not found from then on; compacting frees its space. returns whether it was there
    Result<bool> remove(const std::string& id);

    Result<std::optional<IndexTrack>> find(const std::string& id) const;

    /// All recordings, by id.
    Result<std::vector<IndexTrack>> tracks() const;

    /// errors   kUsage (no such id), kFormat (its peaks are damaged)
    Result<Fingerprint> fingerprint(const std::string& id) const;

    Result<IndexStat> stat() const;

    /// Reads everything, and compares it with its checksums.
    Result<IndexCheck> check(const Progress& progress = {}) const;

    /// Merges all segments into one without what was removed. It goes in steps; killed at any moment, the index is as it was.
    /// errors   kIo, kFormat, kCancelled
    Result<void> compact(const Progress& progress = {});

    /// Names the recordings in `path` (`-`: standard input).
    ///
    /// errors   kIo, kFormat, kUnsupported, kUsage (options), kCancelled
    /// cost     docs/benchmarks.md; bounded for any audio, constant memory
    Result<IdentifyReport> identify_file(const std::string& path, const IdentifyOptions& options = {},
                                         const Progress& progress = {}) const;

    /// Recordings that are the same, or nearly: the same for stretches of a minute or half of the shorter one, at the same speed
    /// and pitch. Each group is sorted by id; recordings like no other are in none.
    /// cost     a query for each minute of the index
    /// errors   kIo, kFormat, kCancelled
    Result<std::vector<std::vector<std::string>>> duplicates(const Progress& progress = {}) const;

private:
    class State;
    explicit Index(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// Looks for `recording` in `query`, in an index of that one recording (made in TMPDIR, and removed).
/// errors   as fingerprint_file() and Index::identify_file()
/// threads  reentrant
Result<IdentifyReport> compare_files(const std::string& recording, const std::string& query,
                                     const IdentifyOptions& options = {}, const Progress& progress = {});

} // namespace wm
