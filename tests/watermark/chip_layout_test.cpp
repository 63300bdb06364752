#include "watermark/chip_layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sodium.h>

#include "base/hex.h"
#include "fixed_key.h"
#include "tile_map_checks.h"

namespace wm {
namespace {

using test::fixed_key;
using test::golden_key;
using test::inner_product;

constexpr std::size_t kNumTiles = kBlockRows * kNumBands;
constexpr std::size_t kNoBit = kCodeBits;

/// The coded bit that each tile of a block map carries, found by turning one bit after the other.
std::vector<std::size_t> bits_of_tiles(const ChipLayout& layout) {
    std::vector<std::size_t> bits(kBlockTiles, kNoBit);
    for (std::size_t k = 0; k < kCodeBits; ++k) {
        Codeword codeword{};
        codeword[k] = 1;
        const TileMap signs = layout.payload_signs(codeword);
        for (std::size_t t = 0; t < kBlockTiles; ++t) {
            if (signs[t] != layout.payload_chips()[t]) {
                EXPECT_EQ(bits[t], kNoBit) << "tile " << t << " carries more than one bit";
                EXPECT_EQ(signs[t], -layout.payload_chips()[t]);
                bits[t] = k;
            }
        }
    }
    return bits;
}

char letter(const ChipLayout& layout, std::size_t tile) {
    if (layout.pilot()[tile] != 0.0F) {
        return layout.pilot()[tile] > 0.0F ? '+' : '-';
    }
    return layout.payload_chips()[tile] > 0.0F ? 'P' : 'N';
}

/// The golden file comes from a second implementation, so equal lines mean equal chips on every machine.
TEST(ChipLayout, IsTheGoldenOneForTheGoldenKey) {
    const ChipLayout layout(golden_key());
    std::ifstream golden(WM_GOLDEN_DIR "/chip_layout.txt");
    std::string expected;
    for (std::size_t row = 0; row < kBlockRows; ++row) {
        ASSERT_TRUE(std::getline(golden, expected));
        std::string found;
        for (std::size_t b = 0; b < kNumBands; ++b) {
            found += letter(layout, row * kMapStride + b);
        }
        ASSERT_EQ(found, expected) << row;
    }
    const std::vector<std::size_t> bits = bits_of_tiles(layout);
    std::vector<std::uint8_t> packed;
    for (std::size_t t = 0; t < kBlockTiles; ++t) {
        if (t % kMapStride < kNumBands) {
            const std::size_t value = bits[t] == kNoBit ? 0xFFFF : bits[t];
            packed.push_back(static_cast<std::uint8_t>(value & 0xFF));
            packed.push_back(static_cast<std::uint8_t>(value >> 8));
        }
    }
    std::array<std::uint8_t, 16> hash{};
    crypto_generichash(hash.data(), hash.size(), packed.data(), packed.size(), nullptr, 0);
    ASSERT_TRUE(std::getline(golden, expected));
    EXPECT_EQ("bits " + to_hex(hash), expected);
}

TEST(ChipLayout, UsesEveryTileOnceAQuarterForThePilot) {
    const ChipLayout layout(fixed_key(1));
    std::size_t num_pilot = 0;
    for (std::size_t t = 0; t < kBlockTiles; ++t) {
        const float pilot = std::abs(layout.pilot()[t]);
        const float payload = std::abs(layout.payload_chips()[t]);
        ASSERT_EQ(pilot, layout.pilot_mask()[t]);
        ASSERT_EQ(pilot + payload, t % kMapStride < kNumBands ? 1.0F : 0.0F) << t;
        num_pilot += pilot > 0.0F ? 1 : 0;
    }
    EXPECT_EQ(num_pilot, kNumTiles / 4);
}

TEST(ChipLayout, GivesEveryCodedBitEquallyManyTilesWithinOne) {
    const std::vector<std::size_t> bits = bits_of_tiles(ChipLayout(fixed_key(2)));
    std::array<int, kCodeBits + 1> counts{};
    for (const std::size_t bit : bits) {
        ++counts[bit];
    }
    const auto [fewest, most] = std::minmax_element(counts.begin(), counts.end() - 1);
    EXPECT_GE(*fewest, 16);
    EXPECT_LE(*most, *fewest + 1);
    EXPECT_EQ(std::accumulate(counts.begin(), counts.end() - 1, 0), static_cast<int>(kNumTiles - kPilotTiles));
}

/// Sums of fair signs: six standard deviations, 2e-9 each.
TEST(ChipLayout, SignsAreBalanced) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const ChipLayout layout(fixed_key(seed));
        const auto total = [](const TileMap& map) { return std::abs(std::accumulate(map.begin(), map.end(), 0.0F)); };
        EXPECT_LT(total(layout.pilot()), 6.0 * std::sqrt(kPilotTiles));
        EXPECT_LT(total(layout.payload_chips()), 6.0 * std::sqrt(kNumTiles - kPilotTiles));
    }
}

TEST(ChipLayout, PatternsOfDifferentKeysAreUncorrelatedAtEveryShift) {
    const Codeword codeword = polar_encode(0x5f3a9c0212ab77e1U);
    const TileMap one = ChipLayout(fixed_key(3)).signs(codeword);
    const TileMap other = ChipLayout(fixed_key(4)).signs(codeword);
    for (std::size_t shift = 0; shift < kBlockRows; ++shift) {
        TileMap turned = other;
        std::rotate(turned.begin(), turned.begin() + static_cast<std::ptrdiff_t>(shift * kMapStride), turned.end());
        EXPECT_LT(std::abs(inner_product(one, turned)), 6.0 * std::sqrt(kNumTiles)) << shift;
    }
}

TEST(ChipLayout, APatternIsUncorrelatedWithItsOwnShifts) {
    const TileMap signs = ChipLayout(fixed_key(5)).signs(polar_encode(1));
    EXPECT_EQ(inner_product(signs, signs), kNumTiles);
    for (std::size_t shift = 1; shift < kBlockRows; ++shift) {
        TileMap turned = signs;
        std::rotate(turned.begin(), turned.begin() + static_cast<std::ptrdiff_t>(shift * kMapStride), turned.end());
        EXPECT_LT(std::abs(inner_product(signs, turned)), 7.0 * std::sqrt(kNumTiles)) << shift;
    }
}

RC_GTEST_PROP(ChipLayout, GatheringAPatternGivesItsCodeword, (std::uint64_t payload)) {
    static const ChipLayout layout(fixed_key(6));
    const Codeword codeword = polar_encode(payload);
    float bits[kCodeBits] = {};
    layout.gather_bits(layout.signs(codeword).data(), bits);
    for (std::size_t k = 0; k < kCodeBits; ++k) {
        RC_ASSERT(std::abs(bits[k]) >= 16.0F);
        RC_ASSERT((bits[k] < 0.0F) == (codeword[k] != 0));
    }
}

TEST(ChipLayout, ThePatternIsThePilotPlusThePayloadsSigns) {
    const ChipLayout layout(fixed_key(7));
    const Codeword codeword = polar_encode(99);
    const TileMap signs = layout.signs(codeword);
    const TileMap payload = layout.payload_signs(codeword);
    for (std::size_t t = 0; t < kBlockTiles; ++t) {
        ASSERT_EQ(signs[t], layout.pilot()[t] + payload[t]);
    }
}

} // namespace
} // namespace wm
