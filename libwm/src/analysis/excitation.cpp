#include "analysis/excitation.h"

#include <cmath>

#include "analysis/masking.h"
#include "kernels/kernels.h"

namespace wm {
namespace {

constexpr double kCompression = 0.4;
constexpr double kFullScale_db_spl = 92.0;
constexpr double kResolution_bark = 0.25;
constexpr double kSlopeDown_db = 27.0;
constexpr double kSlopeUp_db = 24.0;
constexpr double kSlopeUpPerHz = 230.0;
constexpr double kSlopeUpPerLevel = 0.2;
constexpr double kTypicalLevel_db = 55.0;
constexpr float kContributionOctavesPerDecibel = 0.132877124F; ///< 0.4 log2(10) / 10

/// Outer and middle ear (BS.1387, equation 7), dB.
double ear_weight_db(double frequency_khz) {
    const double from_peak = frequency_khz - 3.3;
    return -2.184 * std::pow(frequency_khz, -0.8) + 6.5 * std::exp(-0.6 * from_peak * from_peak) -
           1e-3 * std::pow(frequency_khz, 3.6);
}

/// The ear's own noise in a quarter Bark (equation 13), dB.
double ear_noise_db(double frequency_khz) {
    return 0.4 * 3.64 * std::pow(frequency_khz, -0.8);
}

double compressed(double level_db) {
    return std::pow(10.0, kCompression * level_db / 10.0);
}

} // namespace

ExcitationModel::ExcitationModel(const std::vector<double>& edges_hz, double full_scale_level_db)
    : offsets_(kMapStride, 0.0F), noise_(kMapStride, 1.0F), up_(kMapStride, 0.0F), down_(kMapStride, 0.0F) {
    double previous_bark = 0.0;
    for (std::size_t b = 0; b + 1 < edges_hz.size(); ++b) {
        const double center_hz = std::sqrt(edges_hz[b] * edges_hz[b + 1]);
        const double num_resolved = (bark(edges_hz[b + 1]) - bark(edges_hz[b])) / kResolution_bark;
        const double spread = 10.0 * std::log10(num_resolved) * (1.0 / kCompression - 1.0); // n cells of E / n each
        const double offset_db = ear_weight_db(center_hz / 1000.0) + kFullScale_db_spl - full_scale_level_db + spread;
        offsets_[b] = static_cast<float>(std::log2(compressed(offset_db)));
        noise_[b] = static_cast<float>(num_resolved * compressed(ear_noise_db(center_hz / 1000.0)));
        const double step_bark = b == 0 ? 0.0 : bark(center_hz) - previous_bark;
        previous_bark = bark(center_hz);
        const double slope_up = kSlopeUp_db + kSlopeUpPerHz / center_hz - kSlopeUpPerLevel * kTypicalLevel_db;
        if (b > 0) {
            up_[b] = static_cast<float>(compressed(-slope_up * step_bark));
            down_[b - 1] = static_cast<float>(compressed(-kSlopeDown_db * step_bark));
        }
    }
}

void ExcitationModel::contributions(const float* levels_db, std::size_t num_rows, float* contributions) const {
    for (std::size_t t = 0; t < num_rows * kMapStride; t += kMapStride) {
        for (std::size_t b = 0; b < kMapStride; ++b) {
            contributions[t + b] = kContributionOctavesPerDecibel * levels_db[t + b] + offsets_[b];
        }
    }
    kernels().exp2(contributions, num_rows * kMapStride, contributions);
}

void ExcitationModel::changes(const float* contributions, const float* changes_db, std::size_t num_rows,
                              float* excitation_changes_db) const {
    const SpreadSlopes slopes{noise_.data(), up_.data(), down_.data()};
    kernels().tiles.spread_mean(contributions, changes_db, num_rows, slopes, excitation_changes_db);
}

} // namespace wm
