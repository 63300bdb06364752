#include "index/segment_writer.h"

#include <algorithm>

#include <xxhash.h>

#include "base/byte_order.h"

namespace wm {
namespace {

constexpr double kRowBytes = 1024;
constexpr double kPostingBytes = 5;
constexpr unsigned kMostKeyBits = 17;
static_assert(kNumKeys <= 1U << kMostKeyBits);

std::uint64_t sampling_hash(const Posting& posting) {
    std::uint8_t bytes[8];
    store_little(bytes, posting.key);
    store_little(bytes + 4, posting.position);
    return XXH3_64bits(bytes, sizeof bytes);
}

/// Removes from each list of sorted `postings` what is over `longest_list`.
void cut_lists(std::vector<Posting>& postings, std::size_t longest_list) {
    std::vector<Posting> kept;
    for (std::size_t begin = 0, end = 0; begin < postings.size(); begin = end) {
        while (end < postings.size() && postings[end].key == postings[begin].key) {
            ++end;
        }
        const auto first = postings.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto last = postings.begin() + static_cast<std::ptrdiff_t>(end);
        if (end - begin > longest_list) {
            const auto cut = first + static_cast<std::ptrdiff_t>(longest_list);
            std::nth_element(first, cut, last, [](const Posting& a, const Posting& b) {
                return std::pair(sampling_hash(a), a) < std::pair(sampling_hash(b), b);
            });
            std::sort(first, cut);
            kept.insert(kept.end(), first, cut);
        } else {
            kept.insert(kept.end(), first, last);
        }
    }
    postings = std::move(kept);
}

} // namespace

unsigned key_bits_for(std::uint64_t num_postings) {
    unsigned bits = 0;
    double row_bytes = static_cast<double>(num_postings) / kNumKeys * kPostingBytes;
    for (; bits < kMostKeyBits && row_bytes < kRowBytes; row_bytes *= 2) {
        ++bits;
    }
    return bits;
}

std::size_t longest_list_for(std::uint64_t num_postings) {
    return 256 + 8 * static_cast<std::size_t>(num_postings / kNumKeys);
}

Result<std::uint64_t> write_rows(PostingStore& store, const Segment& segment, std::size_t longest_list,
                                 std::vector<Posting>& postings) {
    std::sort(postings.begin(), postings.end());
    cut_lists(postings, longest_list);
    std::vector<std::uint8_t> bytes;
    for (std::size_t begin = 0, end = 0; begin < postings.size(); begin = end) {
        const std::uint32_t row = postings[begin].key >> segment.key_bits;
        while (end < postings.size() && postings[end].key >> segment.key_bits == row) {
            ++end;
        }
        bytes.clear();
        append_posting_row(std::span(postings).subspan(begin, end - begin), row << segment.key_bits, bytes);
        if (Result<void> done = store.put(segment.id, row, bytes); !done) {
            return tl::unexpected(done.error());
        }
    }
    return postings.size();
}

} // namespace wm
