#include "analysis/masking.h"

#include <cmath>

namespace wm {
namespace {

constexpr double kSlopeDown_db = 27.0;
constexpr double kSlopeUp_db = 11.0;
constexpr double kSlopeUpPerHz = 230.0;
constexpr double kMaskedShare = 0.5;      ///< -3 dB
constexpr double kResolution_bark = 0.25; ///< energies are compared per quarter Bark

} // namespace

double bark(double frequency_hz) {
    return 7.0 * std::asinh(frequency_hz / 650.0);
}

MaskingModel::MaskingModel(const std::vector<double>& edges_hz) {
    const std::size_t num_bands = edges_hz.size() - 1;
    std::vector<double> centers_hz;
    for (std::size_t b = 0; b < num_bands; ++b) {
        centers_hz.push_back(std::sqrt(edges_hz[b] * edges_hz[b + 1]));
    }
    const double audible_bark = bark(18000.0) - bark(80.0);
    for (std::size_t b = 0; b < num_bands; ++b) {
        const double below = b == 0 ? 0.0 : bark(centers_hz[b]) - bark(centers_hz[b - 1]);
        const double above = b + 1 == num_bands ? 0.0 : bark(centers_hz[b + 1]) - bark(centers_hz[b]);
        const double slope_up_db = kSlopeUp_db + kSlopeUpPerHz / centers_hz[b];
        const double width_bark = bark(edges_hz[b + 1]) - bark(edges_hz[b]);
        spread_up_.push_back(static_cast<float>(std::pow(10.0, -slope_up_db * below / 10.0)));
        spread_down_.push_back(static_cast<float>(std::pow(10.0, -kSlopeDown_db * above / 10.0)));
        scales_.push_back(static_cast<float>(kMaskedShare * width_bark / kResolution_bark));
        range_shares_.push_back(static_cast<float>(width_bark / audible_bark));
    }
}

void MaskingModel::thresholds(const RealLanes* energies, RealLanes* thresholds) const {
    RealLanes excitation{};
    for (std::size_t b = 0; b < num_bands(); ++b) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            excitation.value[lane] = excitation.value[lane] * spread_up_[b] + energies[b].value[lane];
            thresholds[b].value[lane] = excitation.value[lane];
        }
    }
    excitation = {};
    for (std::size_t b = num_bands(); b-- > 0;) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            excitation.value[lane] *= spread_down_[b];
            thresholds[b].value[lane] = (thresholds[b].value[lane] + excitation.value[lane]) * scales_[b];
            excitation.value[lane] += energies[b].value[lane];
        }
    }
}

} // namespace wm
