#pragma once

#include <cstdint>
#include <optional>

#include "watermark/accept.h"
#include "watermark/chip_layout.h"

namespace wm {

/// What a folded map says at one geometry.
struct Reading {
    std::uint64_t payload = 0;
    ReadingEvidence evidence;
};

/// Turns a folded map back by `shift` rows, so that row 0 is the pattern's first.
TileMap turn_back(const float* folded, std::size_t shift);

/// Decodes the likeliest payload of a folded map that begins with the pattern's first row. Bands that the channel destroyed
/// are muted by what the pilot shows there; the pilot's own statistic stays unweighted, so that the payload's chips are
/// independent of everything that was chosen.
/// returns  nothing when no codeword passes its check
/// cost     about half a millisecond
std::optional<Reading> read_payload(const TileMap& map, const ChipLayout& layout);

/// The evidence such a map shows for a payload known already.
ReadingEvidence evidence_for(const TileMap& map, const ChipLayout& layout, std::uint64_t payload);

} // namespace wm
