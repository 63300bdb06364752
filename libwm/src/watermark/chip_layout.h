#pragma once

#include <cstdint>
#include <vector>

#include "watermark/polar.h"
#include "watermark/tile_grid.h"
#include "wm/key.h"

namespace wm {

inline constexpr std::size_t kPilotTiles = kBlockRows * kNumBands / 4;

/// What a key makes of a block: a sign for each tile, and its role: pilot, or one of the coded bits.
///
/// Signs and roles come from the key's stream alone, so that for who lacks the key each sign is an independent fair coin
/// (docs/watermark.md, "The bound").
/// threads  immutable
class ChipLayout {
public:
    explicit ChipLayout(const Key& key);

    /// +1 or -1 on pilot tiles, else 0. Block map.
    const TileMap& pilot() const { return pilot_; }
    /// 1 on pilot tiles, else 0. Block map.
    const TileMap& pilot_mask() const { return pilot_mask_; }
    /// +1 or -1 on payload tiles, else 0. Block map.
    const TileMap& payload_chips() const { return payload_chips_; }

    /// Signs that a block marked with `codeword` has on every tile: pilot chips, and payload chips turned by their bits.
    TileMap signs(const Codeword& codeword) const;

    /// bits[k] += the sum over the tiles of coded bit k of chip * map. Block map in.
    void gather_bits(const float* map, float (&bits)[kCodeBits]) const;

    /// Signs of a codeword on the payload tiles only, 0 elsewhere. Block map.
    TileMap payload_signs(const Codeword& codeword) const;

private:
    TileMap pilot_;
    TileMap pilot_mask_;
    TileMap payload_chips_;
    /// Payload tiles in the order of the bits they carry: tile k carries bit k % kCodeBits.
    std::vector<std::uint32_t> payload_tiles_;
};

} // namespace wm
