#pragma once

#include <cstdint>

namespace wm {

struct UnitRoot {
    double cos;
    double sin;
};

/// cos and sin of 2 pi numerator / denominator, to 1e-16, with the same bits on every processor (libm's differ in the last
/// bit between processors with and without FMA). Exact at multiples of a quarter turn.
UnitRoot unit_root(std::int64_t numerator, std::int64_t denominator);

} // namespace wm
