#pragma once

#include <cstddef>

namespace wm {

inline constexpr std::size_t kLanes = 8;

/// Element k of eight complex sequences: one cache line.
struct alignas(64) ComplexLanes {
    float re[kLanes];
    float im[kLanes];
};

/// Element k of eight real sequences.
struct alignas(32) RealLanes {
    float value[kLanes];
};

} // namespace wm
