#pragma once

/// CRC-aided polar code: 64 payload bits and a 16-bit check in 512 coded bits.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace wm {

inline constexpr std::size_t kPayloadBits = 64;
inline constexpr std::size_t kCheckBits = 16;
inline constexpr std::size_t kCodeBits = 512;

using Codeword = std::array<std::uint8_t, kCodeBits>; ///< 0 or 1 each

Codeword polar_encode(std::uint64_t payload);

/// One survivor of list decoding.
struct PolarCandidate {
    std::uint64_t payload = 0;
    float path_metric = 0; ///< lower is likelier: sum of |llr| over the code bits that contradict their LLR's sign
};

/// Successive-cancellation list decoding. `llr[k]` > 0 favours bit 0. Returns the survivors whose check holds, likeliest
/// first (most often none or one); the same on every machine.
///
/// llr        finite; their common scale does not matter
/// list_size  1 (plain successive cancellation) to 32
/// cost       O(list_size * kCodeBits * log kCodeBits), 0.2 ms for a list of 32; 200 kB kept per thread that decodes
/// threads    any
/// source     I. Tal and A. Vardy, List decoding of polar codes, IEEE Trans. Inf. Theory 61(5), 2015; path metric of
///            A. Balatsoukas-Stimming et al., LLR-based successive cancellation list decoding, IEEE Trans. Signal Process.
///            63(19), 2015
std::vector<PolarCandidate> polar_decode(std::span<const float, kCodeBits> llr, int list_size);

} // namespace wm
