#pragma once

/// How the polar code is built: which positions carry information, and the check over them.

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "watermark/polar.h"

namespace wm {

inline constexpr std::size_t kInfoBits = kPayloadBits + kCheckBits;
inline constexpr std::size_t kLevels = std::bit_width(kCodeBits) - 1;

/// Polarization weight of a position: sum of 2^(j/4) over its set bits j, in units of 2^-32. No two positions tie, because
/// the fourth roots are linearly independent over the rationals, and integers rank them alike on every machine.
/// source   G. He et al., Beta-expansion: a theoretical framework for fast and recursive construction of polar codes,
///          IEEE GLOBECOM 2017
constexpr std::uint64_t polarization_weight(std::size_t position) {
    constexpr std::array<std::uint64_t, 4> kFourthRoots = {4294967296, 5107605667, 6074001000, 7223245206};
    std::uint64_t weight = 0;
    for (std::size_t j = 0; j < kLevels; ++j) {
        if (position >> j & 1) {
            weight += kFourthRoots[j % 4] << (j / 4);
        }
    }
    return weight;
}

/// The most reliable positions, ascending: payload bits first (most significant first), then check bits.
constexpr std::array<std::uint16_t, kInfoBits> info_positions() {
    std::array<std::uint16_t, kCodeBits> positions{};
    for (std::size_t i = 0; i < kCodeBits; ++i) {
        positions[i] = static_cast<std::uint16_t>(i);
    }
    std::sort(positions.begin(), positions.end(),
              [](auto a, auto b) { return polarization_weight(a) > polarization_weight(b); });
    std::array<std::uint16_t, kInfoBits> info{};
    std::copy_n(positions.begin(), kInfoBits, info.begin());
    std::sort(info.begin(), info.end());
    return info;
}

inline constexpr auto kInfoPositions = info_positions();

/// kNumInfoBefore[i] positions below i carry information.
constexpr std::array<std::uint8_t, kCodeBits + 1> num_info_before() {
    std::array<std::uint8_t, kCodeBits + 1> count{};
    for (std::size_t i = 0; i < kCodeBits; ++i) {
        const bool is_info = std::binary_search(kInfoPositions.begin(), kInfoPositions.end(), i);
        count[i + 1] = static_cast<std::uint8_t>(count[i] + (is_info ? 1 : 0));
    }
    return count;
}

inline constexpr auto kNumInfoBefore = num_info_before();

/// Near the threshold the likeliest word is often not the right one, and its statistic passes too: the check keeps such ids from
/// being reported, and eight bits are too few (docs/watermark.md, "Tried, and lost").
///
/// CRC-16 with polynomial x^16 + x^12 + x^5 + 1, started at all ones, so that no payload maps to the zero codeword.
constexpr std::uint16_t check_of(std::uint64_t payload) {
    std::uint32_t crc = 0xffff;
    for (std::size_t i = kPayloadBits; i-- > 0;) {
        const bool feedback = ((crc >> 15 ^ payload >> i) & 1) != 0;
        crc = (crc << 1 & 0xffff) ^ (feedback ? 0x1021U : 0U);
    }
    return static_cast<std::uint16_t>(crc);
}

} // namespace wm
