#include "watermark/polar.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <memory>

#include "watermark/polar_code.h"

namespace wm {
namespace {

constexpr std::size_t kMaxListSize = 32;
constexpr std::uint32_t kSignBit = 0x80000000;

/// Min-sum check node: the sign of the product, the smaller magnitude.
inline float check_node(float a, float b) {
    const std::uint32_t sign = (std::bit_cast<std::uint32_t>(a) ^ std::bit_cast<std::uint32_t>(b)) & kSignBit;
    const float magnitude_a = std::fabs(a);
    const float magnitude_b = std::fabs(b);
    const float smaller = magnitude_a < magnitude_b ? magnitude_a : magnitude_b;
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(smaller) | sign);
}

/// Variable node, the left bit being known: b + a for 0, b - a for 1 (`bit` is a float's sign bit).
inline float variable_node(float a, float b, std::uint32_t bit) {
    return b + std::bit_cast<float>(std::bit_cast<std::uint32_t>(a) ^ bit);
}

/// What it costs a path to decide all of `llr` as 0, and all as 1: the sum of |llr| over the signs that disagree. Summed
/// in up to four lanes, always in the same order.
template <std::size_t kSize>
std::array<float, 2> penalties(const float* llr) {
    constexpr std::size_t kLanes = std::min<std::size_t>(kSize, 4);
    std::array<float, kLanes> of_zero{};
    std::array<float, kLanes> of_one{};
    for (std::size_t i = 0; i < kSize; i += kLanes) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            const float value = llr[i + lane];
            of_zero[lane] += value < 0 ? -value : 0;
            of_one[lane] += value > 0 ? value : 0;
        }
    }
    for (std::size_t lane = 1; lane < kLanes; ++lane) {
        of_zero[0] += of_zero[lane];
        of_one[0] += of_one[lane];
    }
    return {of_zero[0], of_one[0]};
}

/// All paths walk the code tree in step, so a layer that one path rewrites is stale for every other path too. Hence path p
/// always writes to slot p, and a path that forks inherits only the slot numbers of its parent's layers, never the values.
class ListDecoder {
public:
    std::vector<PolarCandidate> decode(std::span<const float, kCodeBits> llr, std::size_t list_size) {
        channel_llr_ = llr.data();
        list_size_ = list_size;
        num_paths_ = 1;
        paths_[0] = {};
        decode_node<kCodeBits>(0, Side::kRight);
        return survivors();
    }

private:
    enum class Side { kLeft, kRight };

    struct Path {
        float metric = 0;
        std::uint16_t check = 0;
        std::uint64_t payload = 0;
        std::array<std::uint8_t, kLevels> llr_slot{};       ///< by log2 of the layer's size
        std::array<std::uint8_t, kLevels> left_bits_slot{}; ///< likewise
    };

    /// A layer of n values lies at [n, 2n).
    struct Slot {
        alignas(16) std::array<float, kCodeBits> llr;
        alignas(16) std::array<std::uint32_t, kCodeBits> left_bits; ///< decided bits of left children, as sign bits
        alignas(16) std::array<std::uint32_t, kCodeBits> right_bits;
    };

    template <std::size_t kSize>
    static constexpr std::size_t kLayer = std::bit_width(kSize) - 1;

    template <std::size_t kSize>
    const float* node_llr(const Path& path) const {
        if constexpr (kSize == kCodeBits) {
            return channel_llr_;
        } else {
            return &slots_[path.llr_slot[kLayer<kSize>]].llr[kSize];
        }
    }

    template <std::size_t kSize>
    std::uint32_t* begin_bits(std::size_t p, Side side) {
        if (side == Side::kRight) {
            return &slots_[p].right_bits[kSize];
        }
        paths_[p].left_bits_slot[kLayer<kSize>] = static_cast<std::uint8_t>(p);
        return &slots_[p].left_bits[kSize];
    }

    /// Decides the bits [first, first + kSize) on every path and leaves the node's code bits on the `side` of its parent.
    template <std::size_t kSize>
    void decode_node(std::size_t first, Side side) {
        const int num_info = kNumInfoBefore[first + kSize] - kNumInfoBefore[first];
        if (num_info == 0) {
            decode_frozen<kSize>(side);
        } else if (num_info == 1) {
            decode_repetition<kSize>(first, side);
        } else if constexpr (kSize > 1) {
            constexpr std::size_t kHalf = kSize / 2;
            descend_left<kHalf>();
            decode_node<kHalf>(first, Side::kLeft);
            descend_right<kHalf>();
            decode_node<kHalf>(first + kHalf, Side::kRight);
            if constexpr (kSize < kCodeBits) {
                combine<kHalf>(side);
            }
        }
    }

    template <std::size_t kHalf>
    void descend_left() {
        for (std::size_t p = 0; p < num_paths_; ++p) {
            const float* parent = node_llr<2 * kHalf>(paths_[p]);
            float* child = &slots_[p].llr[kHalf];
            for (std::size_t i = 0; i < kHalf; ++i) {
                child[i] = check_node(parent[i], parent[i + kHalf]);
            }
            paths_[p].llr_slot[kLayer<kHalf>] = static_cast<std::uint8_t>(p);
        }
    }

    template <std::size_t kHalf>
    void descend_right() {
        for (std::size_t p = 0; p < num_paths_; ++p) {
            const float* parent = node_llr<2 * kHalf>(paths_[p]);
            const std::uint32_t* left = &slots_[paths_[p].left_bits_slot[kLayer<kHalf>]].left_bits[kHalf];
            float* child = &slots_[p].llr[kHalf];
            for (std::size_t i = 0; i < kHalf; ++i) {
                child[i] = variable_node(parent[i], parent[i + kHalf], left[i]);
            }
            paths_[p].llr_slot[kLayer<kHalf>] = static_cast<std::uint8_t>(p);
        }
    }

    template <std::size_t kHalf>
    void combine(Side side) {
        for (std::size_t p = 0; p < num_paths_; ++p) {
            const std::uint32_t* left = &slots_[paths_[p].left_bits_slot[kLayer<kHalf>]].left_bits[kHalf];
            const std::uint32_t* right = &slots_[p].right_bits[kHalf];
            std::uint32_t* parent = begin_bits<2 * kHalf>(p, side);
            for (std::size_t i = 0; i < kHalf; ++i) {
                parent[i] = left[i] ^ right[i];
                parent[i + kHalf] = right[i];
            }
        }
    }

    /// Rate-0 subtree: with the min-sum rules its leaves' penalties add up to what the node's own signs cost.
    template <std::size_t kSize>
    void decode_frozen(Side side) {
        for (std::size_t p = 0; p < num_paths_; ++p) {
            paths_[p].metric += penalties<kSize>(node_llr<kSize>(paths_[p]))[0];
            std::fill_n(begin_bits<kSize>(p, side), kSize, 0U);
        }
    }

    /// A subtree whose one information bit is the last (a leaf is the smallest): all its code bits equal that bit.
    template <std::size_t kSize>
    void decode_repetition(std::size_t first, Side side) {
        std::array<std::array<float, 2>, kMaxListSize> penalty;
        for (std::size_t p = 0; p < num_paths_; ++p) {
            penalty[p] = penalties<kSize>(node_llr<kSize>(paths_[p]));
        }
        fork(penalty, kNumInfoBefore[first]);
        for (std::size_t p = 0; p < num_paths_; ++p) {
            const std::uint32_t bit = last_bit_[p] != 0 ? kSignBit : 0;
            std::fill_n(begin_bits<kSize>(p, side), kSize, bit);
        }
    }

    /// Continues every path with a 0 and with a 1 as information bit `info_index`, and keeps the likeliest.
    void fork(const std::array<std::array<float, 2>, kMaxListSize>& penalty, std::size_t info_index) {
        // Metrics are never negative, so their bit patterns sort like their values; parent and bit below break ties.
        std::array<std::uint64_t, 2 * kMaxListSize> forks;
        const std::size_t num_forks = 2 * num_paths_;
        for (std::size_t k = 0; k < num_forks; ++k) {
            const float metric = paths_[k / 2].metric + penalty[k / 2][k % 2];
            forks[k] = std::uint64_t{std::bit_cast<std::uint32_t>(metric)} << 32 | k;
        }
        const auto forks_end = forks.begin() + static_cast<std::ptrdiff_t>(num_forks);
        std::sort(forks.begin(), forks_end);
        std::copy_n(paths_.begin(), num_paths_, parents_.begin());
        num_paths_ = std::min(num_forks, list_size_);
        for (std::size_t p = 0; p < num_paths_; ++p) {
            const auto bit = static_cast<std::uint8_t>(forks[p] & 1);
            Path& path = paths_[p] = parents_[static_cast<std::uint32_t>(forks[p]) / 2];
            path.metric = std::bit_cast<float>(static_cast<std::uint32_t>(forks[p] >> 32));
            if (info_index < kPayloadBits) {
                path.payload = path.payload << 1 | bit;
            } else {
                path.check = static_cast<std::uint16_t>(path.check << 1 | bit);
            }
            last_bit_[p] = bit;
        }
    }

    /// The last position always carries information, so the last fork has left the paths sorted.
    std::vector<PolarCandidate> survivors() const {
        std::vector<PolarCandidate> candidates;
        for (std::size_t p = 0; p < num_paths_; ++p) {
            if (check_of(paths_[p].payload) == paths_[p].check) {
                candidates.push_back({paths_[p].payload, paths_[p].metric});
            }
        }
        return candidates;
    }

    const float* channel_llr_ = nullptr;
    std::size_t list_size_ = 1;
    std::size_t num_paths_ = 1;
    std::array<Path, kMaxListSize> paths_;
    std::array<Path, kMaxListSize> parents_;
    std::array<std::uint8_t, kMaxListSize> last_bit_;
    std::array<Slot, kMaxListSize> slots_;
};

} // namespace

Codeword polar_encode(std::uint64_t payload) {
    const std::uint16_t check = check_of(payload);
    Codeword bits{};
    for (std::size_t k = 0; k < kInfoBits; ++k) {
        const std::uint64_t bit = k < kPayloadBits ? payload >> (kPayloadBits - 1 - k) : check >> (kInfoBits - 1 - k);
        bits[kInfoPositions[k]] = static_cast<std::uint8_t>(bit & 1);
    }
    for (std::size_t half = 1; half < kCodeBits; half *= 2) {
        for (std::size_t i = 0; i < kCodeBits; ++i) {
            if ((i & half) == 0) {
                bits[i] ^= bits[i + half];
            }
        }
    }
    return bits;
}

std::vector<PolarCandidate> polar_decode(std::span<const float, kCodeBits> llr, int list_size) {
    assert(list_size >= 1 && list_size <= static_cast<int>(kMaxListSize));
    // 200 kB of scratch: kept per thread, since detection decodes many hypotheses in a row.
    thread_local const auto decoder = std::make_unique<ListDecoder>();
    return decoder->decode(llr, static_cast<std::size_t>(list_size));
}

} // namespace wm
