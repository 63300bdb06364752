#include "evaluate/quality/difference.h"

#include <algorithm>
#include <cmath>

namespace wm {
namespace {

constexpr double kSegment_s = 0.02;
constexpr double kLeastSegmentSnr_db = -10;
constexpr double kMostSegmentSnr_db = 35;
constexpr double kSilentPower = 1e-8; // -80 dBFS

double ratio_db(double signal, double noise) {
    return 10 * std::log10(signal / noise);
}

} // namespace

DifferenceMeter::DifferenceMeter(std::size_t num_channels, double sample_rate_hz)
    : channels_(num_channels), segment_samples_(static_cast<std::size_t>(std::lround(kSegment_s * sample_rate_hz))) {}

void DifferenceMeter::push(const float* const* reference, const float* const* test, std::size_t num_samples) {
    for (std::size_t j = 0; j < num_samples; ++j) {
        for (std::size_t c = 0; c < channels_.size(); ++c) {
            Moments& moments = channels_[c];
            const double host = static_cast<double>(reference[c][j]);
            const double difference = static_cast<double>(test[c][j]) - host;
            is_identical_ = is_identical_ && difference == 0;
            moments.reference += host;
            moments.difference += difference;
            moments.reference_squares += host * host;
            moments.difference_squares += difference * difference;
            moments.products += host * difference;
            segment_.reference += host * host;
            segment_.difference += difference * difference;
        }
        if (++segment_fill_ == segment_samples_) {
            end_segment();
        }
    }
    num_samples_ += static_cast<double>(num_samples);
}

void DifferenceMeter::end_segment() {
    if (segment_.reference > kSilentPower * static_cast<double>(segment_fill_ * channels_.size())) {
        segment_sum_db_ +=
            std::clamp(ratio_db(segment_.reference, segment_.difference), kLeastSegmentSnr_db, kMostSegmentSnr_db);
        ++num_segments_;
    }
    segment_ = {};
    segment_fill_ = 0;
}

double DifferenceMeter::snr_db() const {
    Energies sums;
    for (const Moments& moments : channels_) {
        sums.reference += moments.reference_squares;
        sums.difference += moments.difference_squares;
    }
    return ratio_db(sums.reference, sums.difference);
}

/// With s the reference and s + d the test, both without their means, the best gain is g = 1 + <s, d> / <s, s>, and what it
/// leaves has the energy <d, d> - <s, d>^2 / <s, s>: small numbers throughout, where <s + d, s + d> would cancel.
double DifferenceMeter::si_snr_db() const {
    double host = 0;
    double difference = 0;
    double product = 0;
    for (const Moments& moments : channels_) {
        host += moments.reference_squares - moments.reference * moments.reference / num_samples_;
        difference += moments.difference_squares - moments.difference * moments.difference / num_samples_;
        product += moments.products - moments.reference * moments.difference / num_samples_;
    }
    const double gain = 1 + product / host;
    return ratio_db(gain * gain * host, std::max(difference - product * product / host, 0.0));
}

double DifferenceMeter::segmental_snr_db() const {
    return num_segments_ > 0 ? segment_sum_db_ / static_cast<double>(num_segments_) : kMostSegmentSnr_db;
}

} // namespace wm
