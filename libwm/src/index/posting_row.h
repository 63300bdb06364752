#pragma once

/// Postings of neighbouring keys, packed into one row of the store (docs/formats.md, "Posting rows").

#include <cstdint>
#include <span>
#include <vector>

#include "index/posting_store.h"
#include "index/triples.h"

namespace wm {

/// Where a triple was heard: its place in the segment, and what a change of tempo and pitch would have changed.
struct Posting {
    std::uint32_t key = 0;
    std::uint32_t position =
        0; ///< in the segment: SegmentTrack::first_position + place in the track, in steps of kPositionFrames
    std::uint8_t band = 0; ///< the first peak's, in steps of kPostingBandSevenths
    std::uint8_t span = 0; ///< Triple::span
    auto operator<=>(const Posting&) const = default;
};

inline constexpr std::uint32_t kPostingBandSevenths = 5;
/// A key's postings are kept in blocks of so many, by band: whoever looks for one pitch need not read all of them.
inline constexpr std::size_t kBlockPostings = 64;

Posting posting_of(const Triple& triple, std::uint32_t first_position);

/// Appends postings, sorted and all of keys in [first_key, first_key + 2^n), as the bytes of a row, checksum included.
void append_posting_row(std::span<const Posting> postings, std::uint32_t first_key, std::vector<std::uint8_t>& bytes);

/// Some postings of one key, in columns. A key with many has several blocks.
struct PostingBlock {
    std::uint32_t key = 0;
    std::size_t count = 0;
    std::span<const std::uint8_t> positions; ///< gaps as variable-length numbers
    const std::uint8_t* bands = nullptr;     ///< [count], from first_band to last_band
    const std::uint8_t* spans = nullptr;     ///< [count]
    std::uint8_t first_band = 0;
    std::uint8_t last_band = 0;
};

/// Reads a row's blocks one after the other.
class PostingRowReader {
public:
    PostingRowReader(std::span<const std::uint8_t> bytes, std::uint32_t first_key);

    /// Whether the checksum fits. A row that fails this was not written by append_posting_row(), or changed since.
    static bool is_intact(std::span<const std::uint8_t> bytes);

    /// The next block. False at the end, and where the bytes make no sense.
    bool next(PostingBlock& block);

private:
    std::span<const std::uint8_t> rest_;
    std::uint32_t key_;
};

/// Decodes all positions of `block`, in order.
void decode_positions(const PostingBlock& block, std::vector<std::uint32_t>& positions);

} // namespace wm
