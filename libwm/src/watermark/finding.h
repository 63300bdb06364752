#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "watermark/accept.h"

namespace wm {

/// How the audio at hand differs from what was marked. 1 and 1: not at all.
struct Geometry {
    double tempo = 1.0; ///< rows pass this much faster
    double pitch = 1.0; ///< bands lie this much higher

    /// The change of playing speed, where tempo and pitch changed together (within 0.3 %); else 1.
    double speed() const;
};

/// A payload read somewhere in a recording.
struct Finding {
    std::size_t key_index = 0;
    std::uint64_t payload = 0;
    ReadingEvidence evidence;
    double log_p = 0; ///< natural logarithm of the proved bound
    Geometry geometry;
    double start_s = 0;
    double end_s = 0;
    bool is_placed = true; ///< false: the mark stands somewhere between start_s and end_s, and need not fill them
};

/// Adds `finding`, or extends the span of the one of the same key and payload and keeps the stronger evidence. A placed span
/// replaces one that is not, and only extends another placed one.
void merge_finding(std::vector<Finding>& findings, const Finding& finding);

} // namespace wm
