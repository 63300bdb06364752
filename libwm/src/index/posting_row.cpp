#include "index/posting_row.h"

#include <algorithm>
#include <bit>
#include <tuple>

#include <xxhash.h>

#include "base/byte_order.h"

namespace wm {
namespace {

constexpr std::size_t kChecksumBytes = 8;
/// Smaller blocks do not say from which band to which they go.
constexpr std::size_t kLeastWithBands = 16;

void append_number(std::uint32_t value, std::vector<std::uint8_t>& bytes) {
    for (; value >= 0x80; value >>= 7) {
        bytes.push_back(static_cast<std::uint8_t>(value | 0x80U));
    }
    bytes.push_back(static_cast<std::uint8_t>(value));
}

/// Takes a number from the front of `bytes`. False when they end within it.
bool take_number(std::span<const std::uint8_t>& bytes, std::uint32_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 35 && !bytes.empty(); shift += 7) {
        const std::uint8_t byte = bytes.front();
        bytes = bytes.subspan(1);
        value |= (byte & 0x7FU) << shift;
        if (byte < 0x80) {
            return true;
        }
    }
    return false;
}

bool is_before_by_band(const Posting& a, const Posting& b) {
    return std::tuple(a.band, a.position, a.span) < std::tuple(b.band, b.position, b.span);
}

bool is_before_by_position(const Posting& a, const Posting& b) {
    return std::tuple(a.position, a.band, a.span) < std::tuple(b.position, b.band, b.span);
}

/// Appends all of a block but the gap of its key. `block` is sorted by band.
void append_block(std::span<Posting> block, std::vector<std::uint8_t>& bytes) {
    const std::uint8_t first_band = block.front().band;
    const std::uint8_t last_band = block.back().band;
    std::sort(block.begin(), block.end(), is_before_by_position);
    std::vector<std::uint8_t> gaps;
    std::uint32_t position = 0;
    for (const Posting& posting : block) {
        append_number(posting.position - position, gaps);
        position = posting.position;
    }
    append_number(static_cast<std::uint32_t>(block.size()), bytes);
    if (block.size() > 1) { // one posting's gap ends by itself
        append_number(static_cast<std::uint32_t>(gaps.size()), bytes);
    }
    if (block.size() >= kLeastWithBands) {
        bytes.push_back(first_band);
        bytes.push_back(last_band);
    }
    bytes.insert(bytes.end(), gaps.begin(), gaps.end());
    for (const Posting& posting : block) {
        bytes.push_back(posting.band);
    }
    for (const Posting& posting : block) {
        bytes.push_back(posting.span);
    }
}

} // namespace

Posting posting_of(const Triple& triple, std::uint32_t first_position) {
    return {key_of(triple), first_position + triple.time / (2 * kPositionFrames),
            static_cast<std::uint8_t>(triple.band / kPostingBandSevenths), triple.span};
}

void append_posting_row(std::span<const Posting> postings, std::uint32_t first_key, std::vector<std::uint8_t>& bytes) {
    const std::size_t start = bytes.size();
    std::uint32_t key = first_key;
    std::vector<Posting> list;
    for (std::size_t begin = 0, end = 0; begin < postings.size(); begin = end) {
        while (end < postings.size() && postings[end].key == postings[begin].key) {
            ++end;
        }
        list.assign(postings.begin() + static_cast<std::ptrdiff_t>(begin),
                    postings.begin() + static_cast<std::ptrdiff_t>(end));
        std::sort(list.begin(), list.end(), is_before_by_band);
        for (std::size_t k = 0; k < list.size(); k += kBlockPostings) {
            const std::span<Posting> block = std::span(list).subspan(k, std::min(kBlockPostings, list.size() - k));
            append_number(block.front().key - key, bytes);
            key = block.front().key;
            append_block(block, bytes);
        }
    }
    const std::uint64_t checksum = XXH3_64bits(bytes.data() + start, bytes.size() - start);
    bytes.resize(bytes.size() + kChecksumBytes);
    store_little(bytes.data() + bytes.size() - kChecksumBytes, checksum);
}

PostingRowReader::PostingRowReader(std::span<const std::uint8_t> bytes, std::uint32_t first_key)
    : rest_(bytes.first(bytes.size() - kChecksumBytes)), key_(first_key) {}

bool PostingRowReader::is_intact(std::span<const std::uint8_t> bytes) {
    return bytes.size() >= kChecksumBytes && load_little<std::uint64_t>(bytes.data() + bytes.size() - kChecksumBytes) ==
                                                 XXH3_64bits(bytes.data(), bytes.size() - kChecksumBytes);
}

bool PostingRowReader::next(PostingBlock& block) {
    std::uint32_t key_gap = 0;
    std::uint32_t count = 0;
    if (rest_.empty() || !take_number(rest_, key_gap) || !take_number(rest_, count) || count == 0) {
        return false;
    }
    key_ += key_gap;
    block = {key_, count, {}, nullptr, nullptr, 0, UINT8_MAX};
    std::uint32_t num_gap_bytes = 0;
    if (count == 1) {
        std::span<const std::uint8_t> after = rest_;
        std::uint32_t position = 0;
        if (!take_number(after, position)) {
            return false;
        }
        num_gap_bytes = static_cast<std::uint32_t>(rest_.size() - after.size());
    } else if (!take_number(rest_, num_gap_bytes)) {
        return false;
    }
    if (count >= kLeastWithBands) {
        if (rest_.size() < 2) {
            return false;
        }
        block.first_band = rest_[0];
        block.last_band = rest_[1];
        rest_ = rest_.subspan(2);
    }
    if (rest_.size() < num_gap_bytes + 2ULL * count) {
        return false;
    }
    block.positions = rest_.first(num_gap_bytes);
    block.bands = rest_.data() + num_gap_bytes;
    block.spans = block.bands + count;
    rest_ = rest_.subspan(num_gap_bytes + 2ULL * count);
    return true;
}

void decode_positions(const PostingBlock& block, std::vector<std::uint32_t>& positions) {
    positions.resize(block.count);
    const std::uint8_t* byte = block.positions.data();
    const std::uint8_t* const end = byte + block.positions.size();
    std::uint32_t position = 0;
    for (std::uint32_t& decoded : positions) {
        // Where the bytes end early, the checksum fitted and whoever wrote this wrote nonsense: places are wrong,
        // nothing else.
        std::uint32_t gap = 0;
        const std::uint32_t four = end - byte >= 4 ? load_little<std::uint32_t>(byte) : 0x80808080U;
        if (const std::uint32_t last = ~four & 0x80808080U; last != 0) { // the top bit that ends a number
            const std::uint32_t bits = four & (last ^ (last - 1));
            gap = (bits & 0x7FU) | (bits >> 1 & 0x3F80U) | (bits >> 2 & 0x1FC000U) | (bits >> 3 & 0xFE00000U);
            byte += std::countr_zero(last) / 8 + 1;
        } else {
            for (unsigned shift = 0; byte != end && shift < 35; shift += 7) {
                gap |= (*byte & 0x7FU) << shift;
                if (*byte++ < 0x80) {
                    break;
                }
            }
        }
        position += gap;
        decoded = position;
    }
}

} // namespace wm
