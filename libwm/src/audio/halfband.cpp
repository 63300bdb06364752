#include "audio/halfband.h"

#include <cmath>
#include <numbers>

namespace wm {
namespace {

/// Modified Bessel function of the first kind, order zero, by its power series.
double bessel_i0(double x) {
    double term = 1;
    double sum = 1;
    for (int n = 1; term > 1e-17 * sum; ++n) {
        term *= (x / 2 / n) * (x / 2 / n);
        sum += term;
    }
    return sum;
}

} // namespace

std::vector<float> halfband_taps(double stop_band_db, double transition_width) {
    const double beta = 0.1102 * (stop_band_db - 8.7);
    const double order = (stop_band_db - 8) / (2.285 * 2 * std::numbers::pi * transition_width);
    const auto num_taps = static_cast<std::size_t>(std::ceil((order / 2 + 1) / 2));
    const double reach = static_cast<double>(2 * num_taps);
    std::vector<double> taps;
    taps.reserve(num_taps);
    double sum = 0;
    for (std::size_t j = 0; j < num_taps; ++j) {
        const double distance = static_cast<double>(2 * j + 1);
        const double sinc = (j % 2 == 0 ? 1 : -1) / (std::numbers::pi * distance);
        const double position = distance / reach;
        taps.push_back(sinc * bessel_i0(beta * std::sqrt(1 - position * position)) / bessel_i0(beta));
        sum += taps.back();
    }
    std::vector<float> normalized;
    normalized.reserve(num_taps);
    for (const double tap : taps) {
        normalized.push_back(static_cast<float>(tap * 0.25 / sum));
    }
    return normalized;
}

} // namespace wm
