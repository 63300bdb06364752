#pragma once

/// The tables of an index file (docs/formats.md, "Index").

#include "store/database.h"

namespace wm {

extern const DatabaseKind kIndexKind;

/// States of a segment.
inline constexpr std::int64_t kSegmentBuilding = 0;
inline constexpr std::int64_t kSegmentLive = 1;
inline constexpr std::int64_t kSegmentReplaced = 2;

/// Peaks are kept in chunks of this many cell rows, 12.3 s: a kilobyte, of which several fill a page well.
inline constexpr std::uint32_t kChunkCellRows = 24;
/// A track has less than 2^14 chunks, 55 hours.
inline constexpr unsigned kChunkBits = 14;

/// 64-bit integers as SQLite has them.
inline std::int64_t sql_integer(std::uint64_t value) {
    return static_cast<std::int64_t>(value);
}

} // namespace wm
