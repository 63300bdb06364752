#include "index/catalogue.h"

#include <algorithm>
#include <cerrno>
#include <set>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/byte_order.h"
#include "base/error.h"
#include "fingerprint/peak_codec.h"
#include "fingerprint/peaks.h"
#include "index/index_schema.h"
#include "index/segment_merge.h"
#include "index/segment_writer.h"

namespace wm {
namespace {

constexpr std::size_t kLongestId = 500;
constexpr std::string_view kTrackColumns = "id, num_frames, fingerprint_hash, name, isrc, title, source";

std::uint32_t num_cell_rows_of(std::uint32_t num_frames) {
    return num_frames / kCellFrames + (num_frames % kCellFrames != 0 ? 1 : 0);
}

std::int64_t chunk_key(std::int64_t track, std::uint32_t chunk) {
    return track << kChunkBits | std::int64_t{chunk};
}

Catalogue::Row row_of(const Statement& statement) {
    Catalogue::Row row;
    row.number = statement.integer(0);
    row.num_frames = static_cast<std::uint32_t>(statement.integer(1));
    row.fingerprint_hash = static_cast<std::uint64_t>(statement.integer(2));
    row.track.id = statement.text(3);
    row.track.isrc = statement.text(4);
    row.track.title = statement.text(5);
    row.track.source = statement.text(6);
    row.track.duration_s = Fingerprint{row.num_frames, {}}.duration_s();
    return row;
}

/// The first row of a query, if there is one.
Result<std::optional<Catalogue::Row>> find_row(const Database& database, std::string_view condition, SqlValue value) {
    return database.prepare(fmt::format("SELECT {} FROM track WHERE {} = ?", kTrackColumns, condition))
        .and_then([&](Statement statement) -> Result<std::optional<Catalogue::Row>> {
            return statement.bind({value}).and_then([&] { return statement.step(); }).map([&](bool has_row) {
                return has_row ? std::optional(row_of(statement)) : std::nullopt;
            });
        });
}

Result<void> run(const Database& database, std::string_view sql, std::initializer_list<SqlValue> values) {
    return database.prepare(sql).and_then([&](Statement statement) { return statement.run(values); });
}

Result<void> check_id(const std::string& id) {
    const bool has_control = std::any_of(id.begin(), id.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
    if (id.empty() || id.size() > kLongestId || has_control) {
        return fail(
            ErrorCode::kUsage,
            fmt::format("'{}' cannot be a track's id: 1 to {} bytes without control characters", id, kLongestId));
    }
    return {};
}

/// Holds the one writer's place until the descriptor is closed. SQLite's own locks last for a transaction, and merging takes many.
Result<int> lock_for_writing(const std::string& path) {
    const std::string lock_path = path + ".lock";
    const int descriptor = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0) {
        return fail(ErrorCode::kIo, fmt::format("cannot write {}: {}", lock_path, errno_text(errno)));
    }
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        close(descriptor);
        return fail(
            ErrorCode::kUsage,
            fmt::format("another wm is writing to {}: wait until it is done (reading it is possible meanwhile)", path));
    }
    return descriptor;
}

} // namespace

std::uint32_t num_chunks_of(std::uint32_t num_frames) {
    return (num_cell_rows_of(num_frames) + kChunkCellRows - 1) / kChunkCellRows;
}

Result<std::unique_ptr<Catalogue>> Catalogue::open(const std::string& path, OpenMode mode) {
    const Result<Database> database = Database::open(path, kIndexKind, mode);
    if (!database) {
        return tl::unexpected(database.error());
    }
    Result<int> lock = -1;
    if (mode != OpenMode::kReadOnly) {
        lock = lock_for_writing(path);
        if (!lock) {
            return tl::unexpected(lock.error());
        }
    }
    // A search reads tens of thousands of rows: from mapped memory each costs a third of what a call of the system
    // does.
    if (Result<void> mapped =
            mode == OpenMode::kReadOnly ? database->execute("PRAGMA mmap_size = 1099511627776") : Result<void>();
        !mapped) {
        return tl::unexpected(mapped.error());
    }
    Result<std::unique_ptr<SqlitePostingStore>> postings = SqlitePostingStore::open(*database);
    Result<Statement> get_chunk = database->prepare("SELECT bytes FROM peak_chunk WHERE key = ?");
    if (!postings || !get_chunk) {
        if (*lock >= 0) {
            close(*lock);
        }
        return tl::unexpected(postings ? get_chunk.error() : postings.error());
    }
    return std::unique_ptr<Catalogue>(new Catalogue(*database, *std::move(postings), *std::move(get_chunk), *lock));
}

Catalogue::Catalogue(const Database& database, std::unique_ptr<SqlitePostingStore> postings, Statement get_chunk,
                     int lock)
    : database_(database), postings_(std::move(postings)), get_chunk_(std::move(get_chunk)), lock_(lock) {}

Catalogue::~Catalogue() {
    if (lock_ >= 0) {
        close(lock_);
    }
}

Result<std::vector<AddOutcome>> Catalogue::add(std::span<const IndexEntry> entries, bool replace) {
    std::vector<AddOutcome> outcomes;
    Result<Transaction> transaction = Transaction::begin(database_);
    Result<std::int64_t> id = transaction ? postings_->begin_segment() : tl::unexpected(transaction.error());
    if (!id) {
        return tl::unexpected(id.error());
    }
    Segment segment;
    segment.id = *id;
    std::vector<Posting> postings;
    for (const IndexEntry& entry : entries) {
        const Result<AddOutcome> outcome = add_one(entry, replace, segment, postings);
        if (!outcome) {
            return tl::unexpected(outcome.error());
        }
        outcomes.push_back(*outcome);
    }
    segment.key_bits = key_bits_for(postings.size());
    const Result<std::uint64_t> count = write_rows(*postings_, segment, longest_list_for(postings.size()), postings);
    if (!count) {
        return tl::unexpected(count.error());
    }
    segment.num_postings = *count;
    const Result<void> published = segment.tracks.empty()
                                       ? run(database_, "DELETE FROM segment WHERE id = ?", {segment.id})
                                       : postings_->publish(segment, {});
    return published.and_then([&] { return transaction->commit(); })
        .and_then([&] { return merge(false, {}); })
        .map([&] { return std::move(outcomes); });
}

Result<AddOutcome> Catalogue::add_one(const IndexEntry& entry, bool replace, Segment& segment,
                                      std::vector<Posting>& postings) {
    if (Result<void> valid = check_id(entry.track.id); !valid) {
        return tl::unexpected(valid.error());
    }
    const Result<std::optional<Row>> before = find(entry.track.id);
    if (!before) {
        return tl::unexpected(before.error());
    }
    const std::vector<std::uint8_t> bytes = encode_fingerprint(entry.fingerprint);
    const std::uint64_t hash = XXH3_64bits(bytes.data(), bytes.size());
    if (!*before) {
        return insert(entry, hash, segment, postings).map([] { return AddOutcome::kAdded; });
    }
    if ((*before)->fingerprint_hash == hash) {
        return run(database_, "UPDATE track SET isrc = ?, title = ?, source = ? WHERE id = ?",
                   {std::string_view(entry.track.isrc), std::string_view(entry.track.title),
                    std::string_view(entry.track.source), (*before)->number})
            .map([] { return AddOutcome::kThere; });
    }
    if (!replace) {
        return AddOutcome::kConflict;
    }
    return erase((*before)->number).and_then([&] { return insert(entry, hash, segment, postings); }).map([] {
        return AddOutcome::kReplaced;
    });
}

Result<void> Catalogue::insert(const IndexEntry& entry, std::uint64_t hash, Segment& segment,
                               std::vector<Posting>& postings) {
    const Fingerprint& fingerprint = entry.fingerprint;
    const std::uint32_t num_chunks = num_chunks_of(fingerprint.num_frames);
    if (num_chunks >= 1U << kChunkBits) {
        return fail(
            ErrorCode::kUnsupported,
            fmt::format("{} is longer than an index can hold ({:.0f} hours)", entry.track.id,
                        Fingerprint{(1U << kChunkBits) * kChunkCellRows * kCellFrames, {}}.duration_s() / 3600));
    }
    Result<void> done =
        run(database_,
            "INSERT INTO track (name, isrc, title, num_frames, fingerprint_hash, source) VALUES (?, ?, ?, ?, ?, ?)",
            {std::string_view(entry.track.id), std::string_view(entry.track.isrc), std::string_view(entry.track.title),
             std::int64_t{fingerprint.num_frames}, sql_integer(hash), std::string_view(entry.track.source)});
    const std::int64_t number = database_.last_row_id();
    std::span<const SpectralPeak> rest = fingerprint.peaks;
    for (std::uint32_t chunk = 0; chunk < num_chunks && done; ++chunk) {
        std::vector<std::uint8_t> bytes;
        const std::uint32_t end_row = std::min((chunk + 1) * kChunkCellRows, num_cell_rows_of(fingerprint.num_frames));
        rest = rest.subspan(append_cell_rows(rest, chunk * kChunkCellRows, end_row, bytes));
        const std::uint64_t checksum = XXH3_64bits(bytes.data(), bytes.size());
        bytes.resize(bytes.size() + sizeof checksum);
        store_little(bytes.data() + bytes.size() - sizeof checksum, checksum);
        done = run(database_, "INSERT INTO peak_chunk (key, bytes) VALUES (?, ?)",
                   {chunk_key(number, chunk), std::span<const std::uint8_t>(bytes)});
    }
    const SegmentTrack* const last = segment.tracks.empty() ? nullptr : &segment.tracks.back();
    const std::uint32_t first_position = last == nullptr ? 0 : position_after(*last);
    segment.tracks.push_back({first_position, fingerprint.num_frames, number});
    if (position_after(segment.tracks.back()) >= kMostPositions) {
        return fail(ErrorCode::kUsage,
                    fmt::format("too many hours in one call, from {} on: add fewer tracks at a time", entry.track.id));
    }
    for (const Triple& triple : find_triples(fingerprint.peaks, kStoredTriples)) {
        postings.push_back(posting_of(triple, first_position));
    }
    return done;
}

Result<void> Catalogue::erase(std::int64_t number) {
    return run(database_, "DELETE FROM peak_chunk WHERE key >= ? AND key < ?",
               {chunk_key(number, 0), chunk_key(number + 1, 0)})
        .and_then([&] { return run(database_, "DELETE FROM track WHERE id = ?", {number}); });
}

Result<bool> Catalogue::remove(const std::string& id) {
    Result<Transaction> transaction = Transaction::begin(database_);
    const Result<std::optional<Row>> row = transaction ? find(id) : tl::unexpected(transaction.error());
    if (!row) {
        return tl::unexpected(row.error());
    }
    if (!*row) {
        return false;
    }
    return erase((*row)->number).and_then([&] { return transaction->commit(); }).map([] { return true; });
}

Result<std::optional<Catalogue::Row>> Catalogue::find(const std::string& id) const {
    return find_row(database_, "name", std::string_view(id));
}

Result<std::optional<Catalogue::Row>> Catalogue::find(std::int64_t number) const {
    return find_row(database_, "id", number);
}

Result<std::vector<Catalogue::Row>> Catalogue::rows() const {
    Result<Statement> statement = database_.prepare(fmt::format("SELECT {} FROM track ORDER BY name", kTrackColumns));
    std::vector<Row> rows;
    Result<bool> has_row = statement ? statement->step() : tl::unexpected(statement.error());
    for (; has_row && *has_row; has_row = statement->step()) {
        rows.push_back(row_of(*statement));
    }
    return has_row.map([&](bool) { return std::move(rows); });
}

Result<std::vector<SpectralPeak>> Catalogue::peaks(std::int64_t number, std::uint32_t num_frames,
                                                   std::uint32_t chunk) const {
    std::vector<SpectralPeak> peaks;
    if (chunk >= num_chunks_of(num_frames)) {
        return peaks;
    }
    const Result<bool> has_row =
        get_chunk_.bind({chunk_key(number, chunk)}).and_then([&] { return get_chunk_.step(); });
    if (!has_row) {
        return tl::unexpected(has_row.error());
    }
    const std::span<const std::uint8_t> bytes = *has_row ? get_chunk_.blob(0) : std::span<const std::uint8_t>();
    const std::uint32_t end_row = std::min((chunk + 1) * kChunkCellRows, num_cell_rows_of(num_frames));
    if (!PostingRowReader::is_intact(bytes) ||
        !read_cell_rows(bytes.first(bytes.size() - 8), chunk * kChunkCellRows, end_row, peaks)) {
        return fail(ErrorCode::kFormat,
                    fmt::format("{}: the peaks of track {} (chunk {}) are damaged: add it again with "
                                "--replace",
                                database_.path(), number, chunk));
    }
    return peaks;
}

Result<Fingerprint> Catalogue::fingerprint(const Row& row) const {
    Fingerprint fingerprint;
    fingerprint.num_frames = row.num_frames;
    for (std::uint32_t chunk = 0; chunk < num_chunks_of(row.num_frames); ++chunk) {
        const Result<std::vector<SpectralPeak>> chunk_peaks = peaks(row.number, row.num_frames, chunk);
        if (!chunk_peaks) {
            return tl::unexpected(chunk_peaks.error());
        }
        fingerprint.peaks.insert(fingerprint.peaks.end(), chunk_peaks->begin(), chunk_peaks->end());
    }
    return fingerprint;
}

Result<void> Catalogue::merge(bool all, const Progress& progress) {
    if (Result<void> clean = sweep(); !clean) {
        return clean;
    }
    Result<std::vector<Segment>> live = postings_->live_segments();
    if (!live) {
        return tl::unexpected(live.error());
    }
    const std::vector<Segment> chosen = plan_merge(*std::move(live), all);
    if (chosen.empty()) {
        return {};
    }
    return merge_some(chosen, progress).and_then([&] { return sweep(); }).and_then([&] { return shrink(all); });
}

Result<void> Catalogue::merge_some(const std::vector<Segment>& segments, const Progress& progress) {
    const Result<std::vector<Row>> kept_rows = rows();
    if (!kept_rows) {
        return tl::unexpected(kept_rows.error());
    }
    std::set<std::int64_t> kept;
    for (const Row& row : *kept_rows) {
        kept.insert(row.number);
    }
    std::vector<std::int64_t> replaced;
    for (const Segment& segment : segments) {
        replaced.push_back(segment.id);
    }
    const Result<Segment> merged = merge_segments(
        *postings_, segments, [&](std::int64_t track) { return kept.contains(track); },
        [&](double share_done, const std::function<Result<void>()>& slice) -> Result<void> {
            if (progress && !progress(share_done)) {
                return fail(ErrorCode::kCancelled, "stopped: the index is as it was before");
            }
            Result<Transaction> transaction = Transaction::begin(database_);
            return transaction ? slice().and_then([&] { return transaction->commit(); })
                               : tl::unexpected(transaction.error());
        });
    if (!merged) {
        return tl::unexpected(merged.error());
    }
    Result<Transaction> transaction = Transaction::begin(database_);
    return transaction ? postings_->publish(*merged, replaced).and_then([&] { return transaction->commit(); })
                       : tl::unexpected(transaction.error());
}

Result<void> Catalogue::sweep() {
    Result<bool> has_more = true;
    while (has_more && *has_more) {
        Result<Transaction> transaction = Transaction::begin(database_);
        has_more = transaction ? postings_->sweep().and_then(
                                     [&](bool more) { return transaction->commit().map([more] { return more; }); })
                               : tl::unexpected(transaction.error());
    }
    return has_more.map([](bool) {});
}

/// Gives free pages back to the file system, some at a time: all of them, or when they are a good part of the file.
Result<void> Catalogue::shrink(bool all) {
    constexpr std::int64_t kKeptShare = 4;
    while (true) {
        Result<Statement> counts =
            database_.prepare("SELECT freelist_count, page_count FROM pragma_freelist_count, pragma_page_count");
        const Result<bool> has_row = counts ? counts->step() : tl::unexpected(counts.error());
        if (!has_row) {
            return tl::unexpected(has_row.error());
        }
        const std::int64_t num_free = counts->integer(0);
        if (num_free == 0 || (!all && num_free < counts->integer(1) / kKeptShare)) {
            return {};
        }
        counts->reset();
        if (Result<void> done = database_.execute("PRAGMA incremental_vacuum(4096)"); !done) {
            return done;
        }
    }
}

} // namespace wm
