#include "index/sqlite_posting_store.h"

#include <fmt/format.h>
#include <xxhash.h>

#include "base/byte_order.h"
#include "index/index_schema.h"
#include "index/posting_row.h"

namespace wm {
namespace {

constexpr std::size_t kHeaderBytes = 12;
constexpr std::size_t kTrackBytes = 16;
constexpr std::size_t kChecksumBytes = 8;
constexpr std::int64_t kRowsPerSweep = 4096;

std::int64_t row_key(std::int64_t segment, std::uint32_t row) {
    return segment << 32 | std::int64_t{row};
}

/// What this program writes and reads of rows; an older one packed them otherwise.
constexpr std::uint16_t kRowLayout = 1;

/// num_postings:u64 key_bits:u16 row_layout:u16 *(first_position:u32 num_frames:u32 track:u64) checksum:u64
std::vector<std::uint8_t> encode_description(const Segment& segment) {
    std::vector<std::uint8_t> bytes(kHeaderBytes + segment.tracks.size() * kTrackBytes + kChecksumBytes);
    store_little(bytes.data(), segment.num_postings);
    store_little(bytes.data() + 8, static_cast<std::uint16_t>(segment.key_bits));
    store_little(bytes.data() + 10, kRowLayout);
    std::uint8_t* place = bytes.data() + kHeaderBytes;
    for (const SegmentTrack& track : segment.tracks) {
        store_little(place, track.first_position);
        store_little(place + 4, track.num_frames);
        store_little(place + 8, track.track);
        place += kTrackBytes;
    }
    store_little(place, XXH3_64bits(bytes.data(), bytes.size() - kChecksumBytes));
    return bytes;
}

bool decode_description(std::span<const std::uint8_t> bytes, Segment& segment) {
    if (!PostingRowReader::is_intact(bytes) || bytes.size() < kHeaderBytes + kChecksumBytes ||
        (bytes.size() - kHeaderBytes - kChecksumBytes) % kTrackBytes != 0) {
        return false;
    }
    segment.num_postings = load_little<std::uint64_t>(bytes.data());
    segment.key_bits = load_little<std::uint16_t>(bytes.data() + 8);
    segment.tracks.resize((bytes.size() - kHeaderBytes - kChecksumBytes) / kTrackBytes);
    const std::uint8_t* place = bytes.data() + kHeaderBytes;
    for (SegmentTrack& track : segment.tracks) {
        track = {load_little<std::uint32_t>(place), load_little<std::uint32_t>(place + 4),
                 load_little<std::int64_t>(place + 8)};
        place += kTrackBytes;
    }
    return segment.key_bits < 32;
}

/// Runs one statement that gives no rows.
Result<void> run(const Database& database, std::string_view sql, std::initializer_list<SqlValue> values) {
    return database.prepare(sql).and_then([&](Statement statement) { return statement.run(values); });
}

} // namespace

Result<std::unique_ptr<SqlitePostingStore>> SqlitePostingStore::open(const Database& database) {
    Result<Statement> get_row = database.prepare("SELECT bytes FROM posting_row WHERE key = ?");
    if (!get_row) {
        return tl::unexpected(get_row.error());
    }
    Result<Statement> scan_rows =
        database.prepare("SELECT key, bytes FROM posting_row WHERE key >= ? AND key < ? ORDER BY key");
    if (!scan_rows) {
        return tl::unexpected(scan_rows.error());
    }
    Result<Statement> put_row = database.prepare("INSERT INTO posting_row (key, bytes) VALUES (?, ?)");
    if (!put_row) {
        return tl::unexpected(put_row.error());
    }
    return std::unique_ptr<SqlitePostingStore>(
        new SqlitePostingStore(database, *std::move(get_row), *std::move(scan_rows), *std::move(put_row)));
}

Result<std::int64_t> SqlitePostingStore::begin_segment() {
    return run(database_, "INSERT INTO segment (state, description) VALUES (?, ?)",
               {kSegmentBuilding, std::span<const std::uint8_t>()})
        .map([&] { return database_.last_row_id(); });
}

Result<void> SqlitePostingStore::put(std::int64_t segment, std::uint32_t row, std::span<const std::uint8_t> bytes) {
    return put_row_.run({row_key(segment, row), bytes});
}

Result<void> SqlitePostingStore::publish(const Segment& segment, std::span<const std::int64_t> replaced) {
    const std::vector<std::uint8_t> description = encode_description(segment);
    Result<void> done = run(database_, "UPDATE segment SET state = ?, description = ? WHERE id = ?",
                            {kSegmentLive, std::span(description), segment.id});
    for (const std::int64_t old : replaced) {
        done = done.and_then([&] {
            return run(database_, "UPDATE segment SET state = ? WHERE id = ?", {kSegmentReplaced, old});
        });
    }
    return done;
}

Result<std::vector<Segment>> SqlitePostingStore::live_segments() {
    Result<Statement> statement = database_.prepare("SELECT id, description FROM segment WHERE state = ? ORDER BY id");
    if (Result<void> bound = statement ? statement->bind({kSegmentLive}) : tl::unexpected(statement.error()); !bound) {
        return tl::unexpected(bound.error());
    }
    std::vector<Segment> segments;
    while (true) {
        const Result<bool> has_row = statement->step();
        if (!has_row) {
            return tl::unexpected(has_row.error());
        }
        if (!*has_row) {
            return segments;
        }
        Segment segment;
        segment.id = statement->integer(0);
        const std::span<const std::uint8_t> description = statement->blob(1);
        if (!decode_description(description, segment)) {
            return fail(ErrorCode::kFormat,
                        fmt::format("{}: the description of segment {} is damaged: restore the file from a copy, or "
                                    "export its tracks and import them into a new index",
                                    database_.path(), segment.id));
        }
        if (const auto layout = load_little<std::uint16_t>(description.data() + 10); layout != kRowLayout) {
            return fail(
                ErrorCode::kUnsupported,
                fmt::format("{}: segment {} has rows of layout {}, and this wm reads layout {}: export its tracks "
                            "and import them into a new index",
                            database_.path(), segment.id, layout, kRowLayout));
        }
        segments.push_back(std::move(segment));
    }
}

Result<Coverage> SqlitePostingStore::fetch(std::int64_t segment, std::span<const std::uint32_t> rows,
                                           const RowSink& sink) {
    Coverage coverage;
    coverage.asked = rows.size();
    for (const std::uint32_t row : rows) {
        const Result<bool> has_row = get_row_.bind({row_key(segment, row)}).and_then([&] { return get_row_.step(); });
        if (!has_row) {
            return tl::unexpected(has_row.error());
        }
        if (!*has_row) {
            ++coverage.answered;
        } else if (const std::span<const std::uint8_t> bytes = get_row_.blob(0); PostingRowReader::is_intact(bytes)) {
            ++coverage.answered;
            sink(row, bytes);
        }
    }
    get_row_.reset();
    return coverage;
}

Result<Coverage> SqlitePostingStore::scan(std::int64_t segment, std::uint32_t first_row, std::uint32_t end_row,
                                          const RowSink& sink) {
    Coverage coverage;
    if (Result<void> bound = scan_rows_.bind({row_key(segment, first_row), row_key(segment, end_row)}); !bound) {
        return tl::unexpected(bound.error());
    }
    while (true) {
        const Result<bool> has_row = scan_rows_.step();
        if (!has_row) {
            return tl::unexpected(has_row.error());
        }
        if (!*has_row) {
            return coverage;
        }
        ++coverage.asked;
        if (const std::span<const std::uint8_t> bytes = scan_rows_.blob(1); PostingRowReader::is_intact(bytes)) {
            ++coverage.answered;
            sink(static_cast<std::uint32_t>(scan_rows_.integer(0)), bytes);
        }
    }
}

Result<bool> SqlitePostingStore::sweep() {
    Result<Statement> dead = database_.prepare("SELECT id FROM segment WHERE state != ? ORDER BY id LIMIT 1");
    const Result<bool> has_dead =
        dead ? dead->bind({kSegmentLive}).and_then([&] { return dead->step(); }) : tl::unexpected(dead.error());
    if (!has_dead || !*has_dead) {
        return has_dead;
    }
    const std::int64_t segment = dead->integer(0);
    dead->reset();
    const Result<void> removed =
        run(database_,
            "DELETE FROM posting_row WHERE key IN (SELECT key FROM posting_row WHERE key >= ? AND key < ? LIMIT ?)",
            {row_key(segment, 0), row_key(segment + 1, 0), kRowsPerSweep});
    if (!removed) {
        return tl::unexpected(removed.error());
    }
    if (database_.num_changes() == kRowsPerSweep) {
        return true;
    }
    return run(database_, "DELETE FROM segment WHERE id = ?", {segment}).map([] { return true; });
}

} // namespace wm
