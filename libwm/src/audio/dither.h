#pragma once

/// Triangular dither noise, the same on every machine and whatever the block sizes.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace wm {

/// A stream of TPDF noise in (-1, 1) least significant bits: the difference of the two halves of a xorshift32 word, sixteen
/// generators in turn.
///
/// source  G. Marsaglia, Xorshift RNGs, J. Stat. Software 8(14), 2003; S. Lipshitz, R. Wannamaker, J. Vanderkooy, Quantization
///         and dither: a theoretical survey, J. AES 40(5), 1992
class DitherNoise {
public:
    DitherNoise();

    /// The next 1 to `max_count` values; valid until the next call.
    std::span<const float> take(std::size_t max_count);

private:
    static constexpr std::size_t kNumGenerators = 16;
    static constexpr std::size_t kBufferSize = 1024;

    std::array<std::int32_t, kNumGenerators> generators_;
    std::array<float, kBufferSize> buffer_;
    std::size_t next_ = kBufferSize;
};

} // namespace wm
