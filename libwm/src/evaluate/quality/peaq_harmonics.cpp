#include "evaluate/quality/peaq_harmonics.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace wm {
namespace {

/// Bins correlated, and lags: the power of two below 9 kHz.
constexpr std::size_t kLags = 256;
/// Bins read: the last lag needs as many again.
constexpr std::size_t kBinsRead = 2 * kLags;
constexpr double kScale = 1000;

/// A Hann window scaled so that its squares average to one, over the number of lags. It is not centred on lag 0, as the
/// standard's formula says.
std::vector<double> lag_window() {
    std::vector<double> window(kLags);
    for (std::size_t lag = 0; lag < kLags; ++lag) {
        const double hann = 0.5 * (1 - std::cos(2 * std::numbers::pi * static_cast<double>(lag) / (kLags - 1)));
        window[lag] = std::sqrt(8.0 / 3.0) * hann / static_cast<double>(kLags);
    }
    return window;
}

double log_ratio(double test, double reference) {
    return test == reference ? 0 : std::log(test / reference);
}

/// The highest value that stands above its lower neighbour: the slope down from the lowest bin does not count.
double highest_peak(const std::vector<std::complex<double>>& spectrum) {
    double highest = 0;
    for (std::size_t k = 1; k <= kLags / 2; ++k) {
        if (std::norm(spectrum[k]) > std::norm(spectrum[k - 1])) {
            highest = std::max(highest, std::norm(spectrum[k]));
        }
    }
    return highest;
}

} // namespace

HarmonicStructure::HarmonicStructure()
    : window_(lag_window()), correlator_(kBinsRead), fft_(kLags), log_ratio_(kBinsRead), correlation_(kBinsRead),
      scratch_(kBinsRead), spectrum_(kBinsRead), scratch_spectrum_(kBinsRead) {}

/// correlation_[l] = sum over k < kLags of log_ratio_[k] * log_ratio_[k + l], for l < kLags.
void HarmonicStructure::correlate() {
    std::copy_n(log_ratio_.begin(), kLags, scratch_.begin());
    std::fill(scratch_.begin() + kLags, scratch_.end(), 0.0);
    correlator_.forward(log_ratio_.data(), spectrum_.data());
    correlator_.forward(scratch_.data(), scratch_spectrum_.data());
    for (std::size_t k = 0; k < correlator_.num_bins(); ++k) {
        spectrum_[k] *= std::conj(scratch_spectrum_[k]) / static_cast<double>(kBinsRead);
    }
    correlator_.inverse(spectrum_.data(), correlation_.data());
}

double HarmonicStructure::measure(const EarFrame& reference, const EarFrame& test) {
    for (std::size_t k = 0; k < kBinsRead; ++k) {
        log_ratio_[k] = log_ratio(test.weighted[k], reference.weighted[k]);
    }
    const double squares = std::inner_product(log_ratio_.begin(), log_ratio_.begin() + kLags, log_ratio_.begin(), 0.0);
    if (!std::isfinite(squares) || squares == 0) {
        return 0;
    }
    correlate();
    double squares_at_lag = squares;
    for (std::size_t lag = 0; lag < kLags; ++lag) {
        correlation_[lag] /= std::sqrt(squares * squares_at_lag);
        squares_at_lag += log_ratio_[lag + kLags] * log_ratio_[lag + kLags] - log_ratio_[lag] * log_ratio_[lag];
    }
    const double mean = std::accumulate(correlation_.begin(), correlation_.begin() + kLags, 0.0) / kLags;
    for (std::size_t lag = 0; lag < kLags; ++lag) {
        scratch_[lag] = (correlation_[lag] - mean) * window_[lag];
    }
    fft_.forward(scratch_.data(), spectrum_.data());
    return kScale * highest_peak(spectrum_);
}

} // namespace wm
