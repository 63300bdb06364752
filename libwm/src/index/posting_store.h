#pragma once

/// Where postings live: the seam between what an index knows and the engine that keeps it. Codec, voting, verification and the
/// planning of merges stand above it and know no engine.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "wm/result.h"

namespace wm {

inline constexpr std::uint32_t kPositionFrames = 4;
/// A segment has less positions than this: 38,000 hours.
inline constexpr std::uint32_t kMostPositions = 1U << 31;

/// What no track's number is.
inline constexpr std::int64_t kNoTrack = -1;

/// One track's place among a segment's positions, which are steps of kPositionFrames.
struct SegmentTrack {
    std::uint32_t first_position = 0;
    std::uint32_t num_frames = 0;
    std::int64_t track = 0;
    bool operator==(const SegmentTrack&) const = default;
};

/// Where the next track's positions may begin: farther than a triple or a bin of votes reaches.
inline std::uint32_t position_after(const SegmentTrack& track) {
    constexpr std::uint32_t kGap = 64;
    return track.first_position + track.num_frames / kPositionFrames + kGap;
}

/// What a segment holds, but for its rows.
struct Segment {
    std::int64_t id = 0;
    std::uint64_t num_postings = 0;
    unsigned key_bits = 0;            ///< a row holds 2^key_bits keys
    std::vector<SegmentTrack> tracks; ///< by first_position
    bool operator==(const Segment&) const = default;
};

/// How much of what was asked for came back. Less than all is an answer, but never a silent one.
struct Coverage {
    std::uint64_t asked = 0;
    std::uint64_t answered = 0;

    void add(const Coverage& other) {
        asked += other.asked;
        answered += other.answered;
    }
};

using RowSink = std::function<void(std::uint32_t row, std::span<const std::uint8_t> bytes)>;

/// threads  one at a time; several stores may be open on the same postings, one of them writing
class PostingStore {
public:
    virtual ~PostingStore() = default;

    /// Begins a segment that nobody sees before it is published. returns  its id
    virtual Result<std::int64_t> begin_segment() = 0;

    /// Writes a row of a segment that was begun; each row once.
    virtual Result<void> put(std::int64_t segment, std::uint32_t row, std::span<const std::uint8_t> bytes) = 0;

    /// Makes `segment` live and the `replaced` ones not, all at once.
    virtual Result<void> publish(const Segment& segment, std::span<const std::int64_t> replaced) = 0;

    /// The live segments, oldest first.
    /// errors   kFormat when a segment's description is damaged
    virtual Result<std::vector<Segment>> live_segments() = 0;

    /// Hands over the rows named, which are sorted. Rows that the segment does not have are empty, and count as answered;
    /// damaged ones are left out and do not.
    virtual Result<Coverage> fetch(std::int64_t segment, std::span<const std::uint32_t> rows, const RowSink& sink) = 0;

    /// Hands over all rows from `first_row` up to and without `end_row`, in order.
    virtual Result<Coverage> scan(std::int64_t segment, std::uint32_t first_row, std::uint32_t end_row,
                                  const RowSink& sink) = 0;

    /// Removes some of what is neither live nor about to be: the rows of replaced segments, and of ones whose writer died.
    /// returns  whether anything is left
    virtual Result<bool> sweep() = 0;
};

} // namespace wm
