#include "kernels/unit_root.h"

#include <numbers>
#include <utility>

namespace wm {
namespace {

/// Taylor series of sin and cos for 0 <= x <= pi/4, where the first term left out is below 1e-18.
UnitRoot series(double x) {
    const double square = x * x;
    double sin = 1;
    double cos = 1;
    for (int n = 20; n > 0; n -= 2) {
        sin = 1 - sin * square / (n * (n + 1.0));
        cos = 1 - cos * square / (n * (n - 1.0));
    }
    return {cos, x * sin};
}

} // namespace

UnitRoot unit_root(std::int64_t numerator, std::int64_t denominator) {
    std::int64_t part = numerator % denominator;
    part += part < 0 ? denominator : 0;
    const std::int64_t octant = 8 * part / denominator;
    // Odd octants are measured back from their end, so that mirrored angles give mirrored bits.
    const std::int64_t eighths = 8 * part - octant * denominator;
    const std::int64_t from_axis = octant % 2 == 0 ? eighths : denominator - eighths;
    UnitRoot root = series(std::numbers::pi / 4 * static_cast<double>(from_axis) / static_cast<double>(denominator));
    if (octant % 4 == 1 || octant % 4 == 2) {
        std::swap(root.cos, root.sin);
    }
    if (octant >= 2 && octant < 6) {
        root.cos = -root.cos;
    }
    if (octant >= 4) {
        root.sin = -root.sin;
    }
    return root;
}

} // namespace wm
