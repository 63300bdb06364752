#include "evaluate/quality/peaq_patterns.h"

#include <algorithm>
#include <cmath>

namespace wm {
namespace {

/// Bands below and above that (51) averages a correction over.
constexpr std::size_t kBandsBelow = 3;
constexpr std::size_t kBandsAbove = 4;

/// The time constants of both kinds of processing (41, 56).
BandValues pattern_smoothing() {
    BandValues smoothing;
    for (std::size_t band = 0; band < kPeaqBands; ++band) {
        smoothing[band] = peaq_smoothing(PeaqBands::instance().centre_hz[band], 0.008, 0.050);
    }
    return smoothing;
}

/// The mean over the neighbours of a band, as far as they exist.
double neighbour_mean(const BandValues& values, std::size_t band) {
    const std::size_t first = band - std::min(band, kBandsBelow);
    const std::size_t last = std::min(band + kBandsAbove, kPeaqBands - 1);
    double sum = 0;
    for (std::size_t k = first; k <= last; ++k) {
        sum += values[k];
    }
    return sum / static_cast<double>(last - first + 1);
}

} // namespace

PatternAdapter::PatternAdapter() : smoothing_(pattern_smoothing()) {}

/// (42) to (45): above 1 the reference is louder.
double PatternAdapter::level_correction(const BandValues& reference, const BandValues& test) {
    double cross = 0;
    double sum = 0;
    for (std::size_t band = 0; band < kPeaqBands; ++band) {
        const double keep = smoothing_[band];
        smoothed_reference_[band] = keep * smoothed_reference_[band] + (1 - keep) * reference[band];
        smoothed_test_[band] = keep * smoothed_test_[band] + (1 - keep) * test[band];
        cross += std::sqrt(smoothed_reference_[band] * smoothed_test_[band]);
        sum += smoothed_test_[band];
    }
    return cross * cross / (sum * sum);
}

void PatternAdapter::adapt(const BandValues& reference, const BandValues& test) {
    const double correction = level_correction(reference, test);
    const double scale_reference = correction > 1 ? 1 / correction : 1; // (46)
    const double scale_test = correction > 1 ? 1 : correction;          // (47)
    for (std::size_t band = 0; band < kPeaqBands; ++band) {
        adapted_reference_[band] = reference[band] * scale_reference;
        adapted_test_[band] = test[band] * scale_test;
    }
    correct_spectrum();
}

/// (48) to (53). The internal noise keeps every pattern, and with it every denominator, above zero.
void PatternAdapter::correct_spectrum() {
    BandValues ratio_reference;
    BandValues ratio_test;
    for (std::size_t band = 0; band < kPeaqBands; ++band) {
        const double reference = adapted_reference_[band];
        products_[band] = smoothing_[band] * products_[band] + adapted_test_[band] * reference;
        squares_[band] = smoothing_[band] * squares_[band] + reference * reference;
        const double ratio = products_[band] / squares_[band];
        ratio_reference[band] = std::min(ratio, 1.0);
        ratio_test[band] = std::min(1 / ratio, 1.0);
    }
    for (std::size_t band = 0; band < kPeaqBands; ++band) {
        const double keep = smoothing_[band];
        correction_reference_[band] =
            keep * correction_reference_[band] + (1 - keep) * neighbour_mean(ratio_reference, band);
        correction_test_[band] = keep * correction_test_[band] + (1 - keep) * neighbour_mean(ratio_test, band);
        adapted_reference_[band] *= correction_reference_[band];
        adapted_test_[band] *= correction_test_[band];
    }
}

ModulationMeter::ModulationMeter() : smoothing_(pattern_smoothing()) {}

void ModulationMeter::push(const BandValues& unsmeared_excitation) {
    constexpr double kFrameRate_hz = kPeaqRate_hz / static_cast<double>(kPeaqHop);
    for (std::size_t band = 0; band < kPeaqBands; ++band) {
        const double keep = smoothing_[band];
        const double loudness = std::pow(unsmeared_excitation[band], 0.3);
        const double change = kFrameRate_hz * std::abs(loudness - last_loudness_[band]);
        mean_change_[band] = keep * mean_change_[band] + (1 - keep) * change;       // (54)
        mean_loudness_[band] = keep * mean_loudness_[band] + (1 - keep) * loudness; // (55)
        modulation_[band] = mean_change_[band] / (1 + mean_loudness_[band] / 0.3);  // (57)
        last_loudness_[band] = loudness;
    }
}

} // namespace wm
