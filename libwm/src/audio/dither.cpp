#include "audio/dither.h"

#include <algorithm>

namespace wm {
namespace {

constexpr std::uint64_t kSeed = 0x776D2D646974686; // any constant: dither needs no secret
constexpr float kHalfScale = 0x1p-16F;

/// splitmix64 (S. Vigna), to start the lanes far apart.
std::uint64_t split_mix(std::uint64_t& state) {
    state += 0x9E3779B97F4A7C15;
    std::uint64_t word = state;
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
    return word ^ (word >> 31);
}

} // namespace

DitherNoise::DitherNoise() {
    std::uint64_t state = kSeed;
    for (std::uint32_t& lane : lanes_)
        lane = static_cast<std::uint32_t>(split_mix(state)) | 1U; // xorshift never leaves 0
}

void DitherNoise::refill() {
    std::array<std::uint32_t, kNumLanes> lanes = lanes_;
    for (std::size_t i = 0; i < kBufferSize; i += kNumLanes) {
        for (std::size_t k = 0; k < kNumLanes; ++k) {
            std::uint32_t word = lanes[k];
            word ^= word << 13;
            word ^= word >> 17;
            word ^= word << 5;
            lanes[k] = word;
            const auto difference = static_cast<std::int32_t>(word >> 16) - static_cast<std::int32_t>(word & 0xFFFF);
            buffer_[i + k] = static_cast<float>(difference) * kHalfScale;
        }
    }
    lanes_ = lanes;
    next_ = 0;
}

std::span<const float> DitherNoise::take(std::size_t max_count) {
    if (next_ == kBufferSize)
        refill();
    const std::size_t count = std::min(max_count, kBufferSize - next_);
    const std::span<const float> noise(buffer_.data() + next_, count);
    next_ += count;
    return noise;
}

} // namespace wm
