#pragma once

#include <memory>
#include <optional>

#include "index/posting_row.h"
#include "index/sqlite_posting_store.h"
#include "store/database.h"
#include "wm/index.h"

namespace wm {

/// Where a triple's list of tracks and their peaks are kept: the file of an index.
/// threads  one at a time
class Catalogue {
public:
    static Result<std::unique_ptr<Catalogue>> open(const std::string& path, OpenMode mode);
    ~Catalogue();
    Catalogue(const Catalogue&) = delete;
    Catalogue& operator=(const Catalogue&) = delete;

    const Database& database() const { return database_; }
    PostingStore& postings() const { return *postings_; }

    /// See Index::add().
    Result<std::vector<AddOutcome>> add(std::span<const IndexEntry> entries, bool replace);
    Result<bool> remove(const std::string& id);

    /// A track with what the index alone knows of it.
    struct Row {
        std::int64_t number = 0;
        std::uint32_t num_frames = 0;
        std::uint64_t fingerprint_hash = 0;
        IndexTrack track;
    };
    Result<std::optional<Row>> find(const std::string& id) const;
    Result<std::optional<Row>> find(std::int64_t number) const;
    Result<std::vector<Row>> rows() const;

    /// The peaks of cell rows in chunk `chunk` of a track; none past its end. errors: kFormat when they are damaged
    Result<std::vector<SpectralPeak>> peaks(std::int64_t number, std::uint32_t num_frames, std::uint32_t chunk) const;
    Result<Fingerprint> fingerprint(const Row& row) const;

    /// Merges segments until few enough are live, or (`all`) into one, and removes what they replaced.
    Result<void> merge(bool all, const Progress& progress);

private:
    Catalogue(const Database& database, std::unique_ptr<SqlitePostingStore> postings, Statement get_chunk, int lock);
    Result<AddOutcome> add_one(const IndexEntry& entry, bool replace, Segment& segment, std::vector<Posting>& postings);
    Result<void> insert(const IndexEntry& entry, std::uint64_t hash, Segment& segment, std::vector<Posting>& postings);
    Result<void> erase(std::int64_t number);
    Result<void> merge_some(const std::vector<Segment>& segments, const Progress& progress);
    Result<void> sweep();
    Result<void> shrink(bool all);

    Database database_;
    std::unique_ptr<SqlitePostingStore> postings_;
    mutable Statement get_chunk_;
    int lock_;
};

/// The number of chunks that hold the peaks of so many frames.
std::uint32_t num_chunks_of(std::uint32_t num_frames);

} // namespace wm
