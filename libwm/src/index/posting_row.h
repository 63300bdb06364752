#pragma once

/// Postings of neighbouring keys, packed into one row of the store (docs/formats.md, "Posting rows").

#include <cstdint>
#include <span>
#include <vector>

#include "index/triples.h"

namespace wm {

/// Where a triple was heard: its place in the segment, and what a change of tempo and pitch would have changed.
struct Posting {
    std::uint32_t key = 0;
    std::uint32_t position = 0; ///< frame of the segment (SegmentTrack::first_position + frame of the track)
    std::uint8_t band = 0;      ///< the first peak's, in steps of kPostingBandSevenths
    std::uint8_t span = 0;      ///< Triple::span
    auto operator<=>(const Posting&) const = default;
};

inline constexpr std::uint32_t kPostingBandSevenths = 5;

Posting posting_of(const Triple& triple, std::uint32_t first_position);

/// Appends postings, sorted and all of keys in [first_key, first_key + 2^n), as the bytes of a row, checksum included.
void append_posting_row(std::span<const Posting> postings, std::uint32_t first_key, std::vector<std::uint8_t>& bytes);

/// The postings of one key, in columns.
struct PostingList {
    std::uint32_t key = 0;
    std::size_t count = 0;
    std::span<const std::uint8_t> positions; ///< gaps as variable-length numbers
    const std::uint8_t* bands = nullptr;     ///< [count]
    const std::uint8_t* spans = nullptr;     ///< [count]
};

/// Reads a row's lists one after the other.
class PostingRowReader {
public:
    PostingRowReader(std::span<const std::uint8_t> bytes, std::uint32_t first_key);

    /// Whether the checksum fits. A row that fails this was not written by append_posting_row(), or changed since.
    static bool is_intact(std::span<const std::uint8_t> bytes);

    /// The next list. False at the end, and where the bytes make no sense.
    bool next(PostingList& list);

private:
    std::span<const std::uint8_t> rest_;
    std::uint32_t key_;
};

/// Decodes all positions of `list`, in order.
void decode_positions(const PostingList& list, std::vector<std::uint32_t>& positions);

} // namespace wm
