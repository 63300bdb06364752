#include "audio/dither.h"

#include <algorithm>

#include "base/random_stream.h"
#include "kernels/kernels.h"

namespace wm {
namespace {

constexpr std::uint64_t kSeed = 0x776D2D646974686; // any constant: dither needs no secret

} // namespace

DitherNoise::DitherNoise() {
    std::uint64_t state = kSeed;
    for (std::int32_t& generator : generators_) {
        generator = static_cast<std::int32_t>(split_mix(state) | 1U); // far apart, and xorshift never leaves 0
    }
}

std::span<const float> DitherNoise::take(std::size_t max_count) {
    if (next_ == kBufferSize) {
        kernels().tpdf_noise(generators_.data(), kBufferSize, buffer_.data());
        next_ = 0;
    }
    const std::size_t count = std::min(max_count, kBufferSize - next_);
    const std::span<const float> noise(buffer_.data() + next_, count);
    next_ += count;
    return noise;
}

} // namespace wm
