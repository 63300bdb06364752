#include "index/index_schema.h"

#include <array>

namespace wm {
namespace {

constexpr std::array<const char*, 1> kMigrations = {R"(
CREATE TABLE track (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: segments name tracks that may be gone
    name TEXT NOT NULL UNIQUE,
    isrc TEXT NOT NULL,
    title TEXT NOT NULL,
    num_frames INTEGER NOT NULL,
    fingerprint_hash INTEGER NOT NULL,
    source TEXT NOT NULL
);
CREATE TABLE peak_chunk (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE segment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    state INTEGER NOT NULL,
    description BLOB NOT NULL
);
CREATE TABLE posting_row (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
)"};

} // namespace

const DatabaseKind kIndexKind = {"a fingerprint index", 0x776d6669, kMigrations, 8192, 10'000, true};

} // namespace wm
