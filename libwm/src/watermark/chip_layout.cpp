#include "watermark/chip_layout.h"

#include <cstring>
#include <utility>

namespace wm {
namespace {

constexpr std::size_t kNumTiles = kBlockRows * kNumBands;

std::uint64_t little_endian(const std::uint8_t* bytes) {
    std::uint64_t value = 0;
    for (int i = 7; i >= 0; --i) {
        value = value << 8 | bytes[i];
    }
    return value;
}

/// All tiles in a keyed order (Fisher-Yates; a draw is 64 bits, so its bias stays below 2^-50).
std::vector<std::uint32_t> keyed_order(const Key& key) {
    std::vector<std::uint32_t> order(kNumTiles);
    for (std::size_t t = 0; t < kNumTiles; ++t) {
        order[t] = static_cast<std::uint32_t>(t / kNumBands * kMapStride + t % kNumBands);
    }
    const std::vector<std::uint8_t> bytes = key.stream("wm layout 1", 8 * kNumTiles);
    for (std::size_t t = kNumTiles; t > 1; --t) {
        std::swap(order[t - 1], order[little_endian(&bytes[8 * (t - 1)]) % t]);
    }
    return order;
}

} // namespace

ChipLayout::ChipLayout(const Key& key)
    : pilot_(kBlockTiles, 0.0F), pilot_mask_(kBlockTiles, 0.0F), payload_chips_(kBlockTiles, 0.0F) {
    const std::vector<std::uint32_t> order = keyed_order(key);
    const std::vector<std::uint8_t> bytes = key.stream("wm chips 1", (kNumTiles + 7) / 8);
    for (std::size_t t = 0; t < kNumTiles; ++t) {
        const float chip = (bytes[t / 8] >> (t % 8) & 1) != 0 ? -1.0F : 1.0F;
        if (t < kPilotTiles) {
            pilot_[order[t]] = chip;
            pilot_mask_[order[t]] = 1.0F;
        } else {
            payload_chips_[order[t]] = chip;
        }
    }
    payload_tiles_.assign(order.begin() + kPilotTiles, order.end());
}

TileMap ChipLayout::payload_signs(const Codeword& codeword) const {
    TileMap result = payload_chips_;
    for (std::size_t k = 0; k < payload_tiles_.size(); ++k) {
        if (codeword[k % kCodeBits] != 0) {
            result[payload_tiles_[k]] = -result[payload_tiles_[k]];
        }
    }
    return result;
}

TileMap ChipLayout::signs(const Codeword& codeword) const {
    TileMap result = payload_signs(codeword);
    for (std::size_t t = 0; t < kBlockTiles; ++t) {
        result[t] += pilot_[t];
    }
    return result;
}

void ChipLayout::gather_bits(const float* map, float (&bits)[kCodeBits]) const {
    for (std::size_t k = 0; k < payload_tiles_.size(); ++k) {
        const std::uint32_t tile = payload_tiles_[k];
        bits[k % kCodeBits] += payload_chips_[tile] * map[tile];
    }
}

} // namespace wm
