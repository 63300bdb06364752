#include "evaluate/quality/peaq_bands.h"

#include <algorithm>
#include <cmath>

namespace wm {
namespace {

constexpr double kLowest_hz = 80;
constexpr double kHighest_hz = 18000;
constexpr double kLoudnessConstant = 1.07664;
/// Bands quieter than this count as this, so that no ratio has a zero in it.
constexpr double kLeastBandPower = 1e-12;

double bark_of(double frequency_hz) {
    return 7 * std::asinh(frequency_hz / 650);
}

double frequency_of(double bark) {
    return 650 * std::sinh(bark / 7);
}

double power_of_db(double level_db) {
    return std::pow(10.0, level_db / 10);
}

/// Equation 7 in power: the threshold in quiet's left side, the ear canal's resonance, the fall of old age.
double ear_power_gain(double frequency_hz) {
    const double f_khz = frequency_hz / 1000;
    return power_of_db(-0.6 * 3.64 * std::pow(f_khz, -0.8) + 6.5 * std::exp(-0.6 * (f_khz - 3.3) * (f_khz - 3.3)) -
                       1e-3 * std::pow(f_khz, 3.6));
}

} // namespace

double peaq_smoothing(double centre_hz, double least_s, double at_100_s) {
    const double constant_s = least_s + 100 / centre_hz * (at_100_s - least_s);
    return std::exp(-static_cast<double>(kPeaqHop) / (kPeaqRate_hz * constant_s));
}

const PeaqBands& PeaqBands::instance() {
    static const PeaqBands bands;
    return bands;
}

PeaqBands::PeaqBands() {
    ear_weight[0] = 0;
    for (std::size_t k = 1; k < kPeaqBins; ++k) {
        ear_weight[k] = ear_power_gain(static_cast<double>(k) * kPeaqRate_hz / kPeaqFrame);
    }
    for (std::size_t band = 0; band < kPeaqBands; ++band) {
        place_band(band);
        const double f = centre_hz[band];
        const double rise = std::pow(f / 1000, -0.8);
        internal_noise[band] = power_of_db(0.4 * 3.64 * rise);
        excitation_threshold[band] = power_of_db(3.64 * rise);
        threshold_index[band] = power_of_db(-2 - 2.05 * std::atan(f / 4000) - 0.75 * std::atan(f / 1600 * f / 1600));
        loudness_scale[band] =
            kLoudnessConstant * std::pow(excitation_threshold[band] / (1e4 * threshold_index[band]), 0.23);
        const double above_lowest_bark = static_cast<double>(band) * kPeaqBandWidth_bark;
        masking_offset[band] = power_of_db(above_lowest_bark <= 12 ? 3 : 0.25 * above_lowest_bark);
    }
}

void PeaqBands::place_band(std::size_t band) {
    const double lower_bark = bark_of(kLowest_hz) + static_cast<double>(band) * kPeaqBandWidth_bark;
    const double upper_bark = std::min(bark_of(kHighest_hz), lower_bark + kPeaqBandWidth_bark);
    centre_hz[band] = frequency_of((lower_bark + upper_bark) / 2);

    // In bins; bin k reaches from k - 1/2 to k + 1/2.
    const double lower = frequency_of(lower_bark) * kPeaqFrame / kPeaqRate_hz;
    const double upper = frequency_of(upper_bark) * kPeaqFrame / kPeaqRate_hz;
    Range& range = ranges_[band];
    range.first = static_cast<std::size_t>(std::lround(lower));
    range.last = static_cast<std::size_t>(std::lround(upper));
    range.first_share = std::min(upper, static_cast<double>(range.first) + 0.5) - lower;
    range.last_share = range.last > range.first ? upper - (static_cast<double>(range.last) - 0.5) : 0;
}

BandValues PeaqBands::sum(const double* spectrum) const {
    BandValues sums;
    for (std::size_t band = 0; band < kPeaqBands; ++band) {
        const Range& range = ranges_[band];
        double sum = range.first_share * spectrum[range.first] + range.last_share * spectrum[range.last];
        for (std::size_t k = range.first + 1; k < range.last; ++k) {
            sum += spectrum[k];
        }
        sums[band] = std::max(sum, kLeastBandPower);
    }
    return sums;
}

} // namespace wm
