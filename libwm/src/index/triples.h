#pragma once

/// Three spectral peaks as a key that survives changes of tempo and pitch (docs/fingerprint.md, "Triples").

#include <cstdint>
#include <span>
#include <vector>

#include "wm/fingerprint.h"

namespace wm {

/// Differences of log-frequency do not change with pitch, and the ratio of two spans of time does not change with tempo. What
/// does change, the place, the first peak's band and the whole span, tells by how much.
struct Triple {
    std::uint32_t time = 0;     ///< of the first peak, in half frames
    std::uint16_t band = 0;     ///< of the first peak, in sevenths
    std::int16_t to_second = 0; ///< bands from the first peak to the second, in sevenths; within +-kMaxInterval
    std::int16_t to_third = 0;
    std::uint8_t to_middle = 0; ///< time from the first peak to the second, in half frames
    std::uint8_t span = 0;      ///< time from the first peak to the third, at most kMaxSpan half frames
};

inline constexpr std::int32_t kMaxInterval = 315; ///< in sevenths of a band: 1.25 octaves
inline constexpr std::uint32_t kMinStep = 8;      ///< from a triple's first peak to its second, in half frames
inline constexpr std::uint32_t kMaxSpan = 120;    ///< in half frames: 0.96 s

/// Keys are an interval's cell (one band wide), the other's, and the cell of to_middle / span (a fourteenth wide).
inline constexpr std::uint32_t kIntervalCells = 91;
inline constexpr std::uint32_t kRatioCells = 14;
inline constexpr std::uint32_t kNumKeys = kIntervalCells * kIntervalCells * kRatioCells;

/// Which triples are taken: from each peak of a rank below `anchor_ranks`, with two of the first `num_targets` later peaks of a
/// rank below `target_ranks`, the nearest first, at most `num_triples`, one note repeated left out.
struct TripleSelection {
    std::uint8_t anchor_ranks = 1;
    std::uint8_t target_ranks = 2;
    std::size_t num_targets = 4;
    std::size_t num_triples = 2;
};

/// What indexes store: 16 triples a second.
inline constexpr TripleSelection kStoredTriples{1, 2, 3, 2};

/// The triples of peaks in cell order, by time.
std::vector<Triple> find_triples(std::span<const SpectralPeak> peaks, const TripleSelection& selection);

std::uint32_t key_of(const Triple& triple);

/// How far a query's triple may be from a stored one.
struct KeyTolerance {
    std::int32_t interval = 1;     ///< in sevenths of a band
    std::uint32_t time_fifths = 4; ///< of a half frame
};

/// All keys that triples within `tolerance` of this one may have.
void append_keys_near(const Triple& triple, const KeyTolerance& tolerance, std::vector<std::uint32_t>& keys);

} // namespace wm
