#include "base/portable_math.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <numbers>

namespace wm {
namespace {

constexpr double kLn10 = std::numbers::ln10;
/// ln 2 in two parts; the first has 32 bits, so that its multiples by whole numbers up to 2^20 are exact.
constexpr double kLn2High = 0x1.62e42feep-1;
constexpr double kLn2Low = 0x1.a39ef35793c76p-33;

double power_of_two(std::int64_t exponent) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

std::int64_t nearest(double x) {
    return static_cast<std::int64_t>(x + (x < 0 ? -0.5 : 0.5));
}

/// Taylor series of sin and cos for |x| <= pi/4, where the first term left out is below 1e-18.
double sin_series(double x) {
    double sum = 1;
    for (int n = 18; n > 0; n -= 2) {
        sum = 1 - sum * x * x / (n * (n + 1.0));
    }
    return x * sum;
}

double cos_series(double x) {
    double sum = 1;
    for (int n = 20; n > 0; n -= 2) {
        sum = 1 - sum * x * x / (n * (n - 1.0));
    }
    return sum;
}

} // namespace

double portable_exp(double x) {
    if (!(x >= -700)) {
        return 0;
    }
    x = std::min(x, 700.0);
    const std::int64_t whole = nearest(x / std::numbers::ln2);
    const double rest = x - static_cast<double>(whole) * kLn2High - static_cast<double>(whole) * kLn2Low;
    double sum = 1; // Taylor series; |rest| <= 0.35, so the first term left out is below 1e-17
    for (int n = 13; n > 0; --n) {
        sum = 1 + sum * rest / n;
    }
    return sum * power_of_two(whole);
}

double portable_log(double x) {
    const auto bits = std::bit_cast<std::uint64_t>(std::max(x, 1e-300));
    constexpr std::uint64_t kSqrtHalf = 0x3FE6A09E667F3BCD;
    const std::int64_t exponent = static_cast<std::int64_t>(bits - kSqrtHalf) >> 52;
    // x = 2^exponent m with m in [sqrt(1/2), sqrt(2)); ln m = 2 atanh s, s = (m - 1) / (m + 1), |s| < 0.172.
    const double m = std::bit_cast<double>(bits - (static_cast<std::uint64_t>(exponent) << 52));
    const double s = (m - 1) / (m + 1);
    double sum = 0;
    for (int n = 21; n > 0; n -= 2) {
        sum = 1.0 / n + sum * s * s;
    }
    return static_cast<double>(exponent) * kLn2High + (2 * s * sum + static_cast<double>(exponent) * kLn2Low);
}

double portable_tanh(double x) {
    if (x < 0) {
        return -portable_tanh(-x);
    }
    const double falling = portable_exp(-2 * x);
    return (1 - falling) / (1 + falling);
}

double sin_of_turns(double turns) {
    return cos_of_turns(turns - 0.25);
}

double cos_of_turns(double turns) {
    const double part = turns - static_cast<double>(nearest(turns)); // exact, in [-1/2, 1/2]
    const std::int64_t quarter = nearest(4 * part);
    const double angle = 2 * std::numbers::pi * (part - static_cast<double>(quarter) / 4);
    switch (quarter & 3) {
    case 0:
        return cos_series(angle);
    case 1:
        return -sin_series(angle);
    case 2:
        return -cos_series(angle);
    default:
        return sin_series(angle);
    }
}

double amplitude_of_db(double db) {
    return portable_exp(db * (kLn10 / 20));
}

double db_of_amplitude(double amplitude) {
    return portable_log(amplitude) * (20 / kLn10);
}

} // namespace wm
