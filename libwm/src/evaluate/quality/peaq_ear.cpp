#include "evaluate/quality/peaq_ear.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

namespace wm {
namespace {

constexpr double kFullScale_db_spl = 92;
constexpr double kCalibration_hz = 1019.5;
/// Spreading adds powers that were raised to this: louder neighbours outweigh quieter ones (section 2.1.7).
constexpr double kSpreadingExponent = 0.4;
/// 8000 in the standard's units, where full scale is 32768.
constexpr double kEnergeticSquares = 8000.0 / (32768.0 * 32768.0);

/// (2); the standard divides by size - 1, unlike the periodic window of analysis/.
std::vector<double> hann_window() {
    std::vector<double> window(kPeaqFrame);
    for (std::size_t j = 0; j < kPeaqFrame; ++j) {
        window[j] = std::sqrt(8.0 / 3.0) * 0.5 *
                    (1 - std::cos(2 * std::numbers::pi * static_cast<double>(j) / (kPeaqFrame - 1)));
    }
    return window;
}

/// Turns |X|^2 into power such that a full-scale sine at the calibration frequency reaches 92 dB in its highest bin (5, 6).
/// What the sine's mirror image adds depends on its phase, and on average cancels.
double level_scale(const std::vector<double>& window) {
    const double cycles_per_frame = kCalibration_hz * kPeaqFrame / kPeaqRate_hz;
    const double distance_bins = cycles_per_frame - std::round(cycles_per_frame);
    std::complex<double> highest = 0;
    for (std::size_t j = 0; j < kPeaqFrame; ++j) {
        highest +=
            window[j] / 2 * std::polar(1.0, 2 * std::numbers::pi * distance_bins * static_cast<double>(j) / kPeaqFrame);
    }
    return std::pow(10.0, kFullScale_db_spl / 10) / std::norm(highest);
}

bool is_energetic(const float* samples) {
    double squares = 0;
    for (std::size_t j = kPeaqHop; j < kPeaqFrame; ++j) {
        squares += static_cast<double>(samples[j]) * static_cast<double>(samples[j]);
    }
    return squares >= kEnergeticSquares;
}

} // namespace

PeaqEar::PeaqEar() : spectrum_(hann_window()), level_scale_(level_scale(hann_window())), spreading_(make_spreading()) {
    const PeaqBands& bands = PeaqBands::instance();
    for (std::size_t band = 0; band < kPeaqBands; ++band) {
        smoothing_[band] = peaq_smoothing(bands.centre_hz[band], 0.008, 0.030);
    }
}

PeaqEar::Spreading PeaqEar::make_spreading() {
    const PeaqBands& bands = PeaqBands::instance();
    Spreading spreading;
    spreading.down = std::pow(10.0, -2.7 * kPeaqBandWidth_bark);
    for (std::size_t band = 0; band < kPeaqBands; ++band) {
        spreading.up[band] = std::numbers::ln10 * (-2.4 - 23 / bands.centre_hz[band]) * kPeaqBandWidth_bark;
    }
    spreading.scale.fill(1);
    BandValues flat;
    flat.fill(1);
    const BandValues spread_flat = spread_with(spreading, flat);
    for (std::size_t band = 0; band < kPeaqBands; ++band) {
        spreading.scale[band] = 1 / spread_flat[band];
    }
    return spreading;
}

/// Equations 15 to 20. Each band's power is spread over all bands, keeping its sum; what arrives in a band is added up under
/// the exponent. The upper slope is flatter for louder bands: 24 + 230 / f - 0.2 L dB per Bark.
BandValues PeaqEar::spread_with(const Spreading& spreading, const BandValues& pattern) {
    std::array<double, kPeaqBands> sources; // of each band itself, under the exponent
    std::array<double, kPeaqBands> slopes;  // upwards, under the exponent
    for (std::size_t band = 0; band < kPeaqBands; ++band) {
        const double log_power = std::log(pattern[band]);
        const double log_slope = spreading.up[band] + 0.2 * kPeaqBandWidth_bark * log_power;
        const double num_above = static_cast<double>(kPeaqBands - band);
        const double sum_up = std::expm1(num_above * log_slope) / std::expm1(log_slope);
        const double sum_down = (1 - std::pow(spreading.down, static_cast<double>(band + 1))) / (1 - spreading.down);
        sources[band] = std::exp(kSpreadingExponent * (log_power - std::log(sum_down + sum_up - 1)));
        slopes[band] = std::exp(kSpreadingExponent * log_slope);
    }

    BandValues sums;
    const double slope_down = std::pow(spreading.down, kSpreadingExponent);
    double from_above = 0;
    for (std::size_t band = kPeaqBands; band-- > 0;) {
        from_above = slope_down * from_above + sources[band];
        sums[band] = from_above;
    }
    for (std::size_t band = 0; band < kPeaqBands; ++band) {
        double arriving = sources[band];
        for (std::size_t above = band + 1; above < kPeaqBands; ++above) {
            arriving *= slopes[band];
            sums[above] += arriving;
        }
    }
    for (std::size_t band = 0; band < kPeaqBands; ++band) {
        sums[band] = std::pow(sums[band], 1 / kSpreadingExponent) * spreading.scale[band];
    }
    return sums;
}

void PeaqEar::hear(const float* samples) {
    const PeaqBands& bands = PeaqBands::instance();
    spectrum_.measure(samples, frame_.power.data());
    for (std::size_t k = 0; k < kPeaqBins; ++k) {
        frame_.power[k] *= level_scale_;
        frame_.weighted[k] = frame_.power[k] * bands.ear_weight[k];
    }
    BandValues pattern = bands.sum(frame_.weighted.data());
    for (std::size_t band = 0; band < kPeaqBands; ++band) {
        pattern[band] += bands.internal_noise[band];
    }
    frame_.unsmeared = spread_with(spreading_, pattern);
    for (std::size_t band = 0; band < kPeaqBands; ++band) { // (22, 23)
        smeared_[band] = smoothing_[band] * smeared_[band] + (1 - smoothing_[band]) * frame_.unsmeared[band];
        frame_.excitation[band] = std::max(smeared_[band], frame_.unsmeared[band]);
    }
    frame_.is_energetic = is_energetic(samples);
}

double PeaqEar::loudness_sone() const {
    const PeaqBands& bands = PeaqBands::instance();
    double sum = 0;
    for (std::size_t band = 0; band < kPeaqBands; ++band) {
        const double index = bands.threshold_index[band];
        const double specific =
            std::pow(1 - index + index * frame_.excitation[band] / bands.excitation_threshold[band], 0.23) - 1;
        sum += std::max(bands.loudness_scale[band] * specific, 0.0);
    }
    return sum * 24 / static_cast<double>(kPeaqBands);
}

} // namespace wm
