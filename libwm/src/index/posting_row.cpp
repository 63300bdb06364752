#include "index/posting_row.h"

#include <xxhash.h>

#include "base/byte_order.h"

namespace wm {
namespace {

constexpr std::size_t kChecksumBytes = 8;

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

} // namespace

Posting posting_of(const Triple& triple, std::uint32_t first_position) {
    return {key_of(triple), first_position + triple.time / 2,
            static_cast<std::uint8_t>(triple.band / kPostingBandSevenths), triple.span};
}

void append_posting_row(std::span<const Posting> postings, std::uint32_t first_key, std::vector<std::uint8_t>& bytes) {
    const std::size_t start = bytes.size();
    std::uint32_t key = first_key;
    for (std::size_t begin = 0, end = 0; begin < postings.size(); begin = end) {
        while (end < postings.size() && postings[end].key == postings[begin].key) {
            ++end;
        }
        const std::span<const Posting> list = postings.subspan(begin, end - begin);
        append_number(list.front().key - key, bytes);
        append_number(static_cast<std::uint32_t>(list.size()), bytes);
        key = list.front().key;
        std::uint32_t position = 0;
        const std::size_t gaps_start = bytes.size();
        for (const Posting& posting : list) {
            append_number(posting.position - position, bytes);
            position = posting.position;
        }
        if (list.size() > 1) { // one posting's gap ends by itself
            std::vector<std::uint8_t> gaps(bytes.begin() + static_cast<std::ptrdiff_t>(gaps_start), bytes.end());
            bytes.resize(gaps_start);
            append_number(static_cast<std::uint32_t>(gaps.size()), bytes);
            bytes.insert(bytes.end(), gaps.begin(), gaps.end());
        }
        for (const Posting& posting : list) {
            bytes.push_back(posting.band);
        }
        for (const Posting& posting : list) {
            bytes.push_back(posting.span);
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

bool PostingRowReader::next(PostingList& list) {
    std::uint32_t key_gap = 0;
    std::uint32_t count = 0;
    if (rest_.empty() || !take_number(rest_, key_gap) || !take_number(rest_, count) || count == 0) {
        return false;
    }
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
    if (rest_.size() < num_gap_bytes + 2ULL * count) {
        return false;
    }
    key_ += key_gap;
    list = {key_, count, rest_.first(num_gap_bytes), rest_.data() + num_gap_bytes,
            rest_.data() + num_gap_bytes + count};
    rest_ = rest_.subspan(num_gap_bytes + 2ULL * count);
    return true;
}

void decode_positions(const PostingList& list, std::vector<std::uint32_t>& positions) {
    positions.resize(list.count);
    const std::uint8_t* byte = list.positions.data();
    const std::uint8_t* const end = byte + list.positions.size();
    std::uint32_t position = 0;
    for (std::uint32_t& decoded : positions) {
        // Where the bytes end early, the checksum fitted and whoever wrote this wrote nonsense: places are wrong,
        // nothing else.
        std::uint32_t gap = 0;
        for (unsigned shift = 0; byte != end && shift < 35; shift += 7) {
            gap |= (*byte & 0x7FU) << shift;
            if (*byte++ < 0x80) {
                break;
            }
        }
        position += gap;
        decoded = position;
    }
}

} // namespace wm
