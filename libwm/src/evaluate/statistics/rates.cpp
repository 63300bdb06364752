#include "evaluate/statistics/rates.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace wm {
namespace {

/// The normal distribution's 0.975 quantile.
constexpr double kConfidence = 1.959963984540054;

double normal_cdf(double x) {
    return std::erfc(-x / std::numbers::sqrt2) / 2;
}

double log_choose(std::size_t n, std::size_t k) {
    const auto real = [](std::size_t count) { return static_cast<double>(count); };
    return std::lgamma(real(n) + 1) - std::lgamma(real(k) + 1) - std::lgamma(real(n - k) + 1);
}

} // namespace

Rate count_rate(std::size_t successes, std::size_t trials) {
    assert(successes <= trials);
    if (trials == 0) {
        return {};
    }
    const auto n = static_cast<double>(trials);
    const double share = static_cast<double>(successes) / n;
    const double z_squares = kConfidence * kConfidence;
    const double middle = (share + z_squares / (2 * n)) / (1 + z_squares / n);
    const double reach =
        kConfidence * std::sqrt(share * (1 - share) / n + z_squares / (4 * n * n)) / (1 + z_squares / n);
    // At the ends the bound is the share itself, but for rounding.
    return {successes, trials, share, successes == 0 ? 0 : middle - reach, successes == trials ? 1 : middle + reach};
}

double mcnemar_p_value(std::size_t only_a, std::size_t only_b) {
    const std::size_t discordant = only_a + only_b;
    double tail = 0;
    for (std::size_t k = 0; k <= std::min(only_a, only_b); ++k) {
        tail += std::exp(log_choose(discordant, k) - static_cast<double>(discordant) * std::numbers::ln2);
    }
    return std::min(1.0, 2 * tail);
}

double probit(double probability) {
    assert(probability > 0 && probability < 1);
    if (probability > 0.5) {
        return -probit(1 - probability);
    }
    double low = -39; // normal_cdf is 0 in double precision below
    double high = 0;
    while (high - low > 1e-10) {
        const double middle = (low + high) / 2;
        (normal_cdf(middle) < probability ? low : high) = middle;
    }
    return (low + high) / 2;
}

} // namespace wm
