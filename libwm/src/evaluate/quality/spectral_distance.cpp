#include "evaluate/quality/spectral_distance.h"

#include <algorithm>
#include <cmath>

#include "analysis/window.h"

namespace wm {
namespace {

constexpr std::size_t kFrame = 2048;
constexpr std::size_t kHop = kFrame / 2;
/// A full-scale sine under a Hann window reaches (kFrame / 4)^2; this is 100 dB less.
constexpr double kFloor = 1e-10 * (kFrame / 4.0) * (kFrame / 4.0);

std::vector<double> double_window() {
    const std::vector<float> window = hann_window(kFrame);
    return {window.begin(), window.end()};
}

} // namespace

SpectralDistance::SpectralDistance(std::size_t num_channels)
    : spectrum_(double_window()), reference_(num_channels), test_(num_channels), reference_power_(spectrum_.num_bins()),
      test_power_(spectrum_.num_bins()) {}

void SpectralDistance::push(const float* const* reference, const float* const* test, std::size_t num_samples) {
    for (std::size_t c = 0; c < reference_.size(); ++c) {
        reference_[c].insert(reference_[c].end(), reference[c], reference[c] + num_samples);
        test_[c].insert(test_[c].end(), test[c], test[c] + num_samples);
        std::size_t first = 0;
        for (; first + kFrame <= reference_[c].size(); first += kHop) {
            add_frame(reference_[c].data() + first, test_[c].data() + first);
        }
        reference_[c].erase(reference_[c].begin(), reference_[c].begin() + static_cast<std::ptrdiff_t>(first));
        test_[c].erase(test_[c].begin(), test_[c].begin() + static_cast<std::ptrdiff_t>(first));
    }
}

void SpectralDistance::add_frame(const float* reference, const float* test) {
    spectrum_.measure(reference, reference_power_.data());
    spectrum_.measure(test, test_power_.data());
    double squares = 0;
    for (std::size_t k = 0; k < reference_power_.size(); ++k) {
        const double difference_db =
            10 * std::log10(std::max(test_power_[k], kFloor) / std::max(reference_power_[k], kFloor));
        squares += difference_db * difference_db;
    }
    sum_db_ += std::sqrt(squares / static_cast<double>(reference_power_.size()));
    ++num_frames_;
}

double SpectralDistance::mean_db() const {
    return num_frames_ > 0 ? sum_db_ / static_cast<double>(num_frames_) : 0;
}

} // namespace wm
