#pragma once

#include <cstdint>
#include <vector>

#include "kernels/kernels.h"

namespace wm {

/// Uniform noise in -1..1, the same on every machine.
inline std::vector<float> noise(std::size_t count, std::uint32_t seed = 1) {
    std::vector<float> values(count);
    std::uint32_t state = seed * 2654435761U + 1;
    for (float& value : values) {
        state = state * 1664525U + 1013904223U;
        value = static_cast<float>(static_cast<std::int32_t>(state >> 8) - (1 << 23)) / static_cast<float>(1 << 23);
    }
    return values;
}

inline std::vector<ComplexLanes> noise_lanes(std::size_t size, std::uint32_t seed = 1) {
    const std::vector<float> values = noise(size * 2 * kLanes, seed);
    std::vector<ComplexLanes> lanes(size);
    for (std::size_t k = 0; k < size; ++k) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            lanes[k].re[lane] = values[2 * (k * kLanes + lane)];
            lanes[k].im[lane] = values[2 * (k * kLanes + lane) + 1];
        }
    }
    return lanes;
}

} // namespace wm
