#include "fingerprint/mono_resampler.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "kernels/kernels.h"
#include "kernels/unit_root.h"

namespace wm {
namespace {

constexpr std::int64_t kRate_hz = kFingerprintRate_hz;
/// Half the length of the filter, in samples at 44.1 kHz or in periods of the cutoff's double, whichever is longer.
constexpr double kHalfLength_s = 16.0 / 44100;
/// Kaiser's window for -50 dB (J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", 1974).
constexpr double kKaiserBeta = 4.55;

/// The modified Bessel function of the first kind, order 0, by its power series.
double bessel_i0(double x) {
    double sum = 1;
    double term = 1;
    for (int k = 1; k < 40; ++k) {
        term *= (x / (2 * k)) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

/// sin(pi x) / (pi x) for x = numerator / denominator.
double sinc(std::int64_t numerator, std::int64_t denominator) {
    const double x = static_cast<double>(numerator) / static_cast<double>(denominator);
    return numerator == 0 ? 1 : unit_root(numerator, 2 * denominator).sin / (std::numbers::pi * x);
}

} // namespace

MonoResampler::MonoResampler(int input_rate_hz) : input_rate_hz_(input_rate_hz) {
    const std::int64_t divisor = std::gcd(input_rate_hz_, kRate_hz);
    up_ = static_cast<std::size_t>(kRate_hz / divisor);
    down_ = static_cast<std::size_t>(input_rate_hz_ / divisor);
    if (up_ != down_) {
        design();
        waiting_.assign(num_taps_ / 2 - 1, 0.0F);
    }
}

void MonoResampler::design() {
    // 44.1 kHz and its like pass 5,850 Hz and stop 10,150; below 16 kHz there is nothing to alias, only images to stop.
    const std::int64_t bandwidth_hz = std::min(kRate_hz, input_rate_hz_); // twice the cutoff
    const double longest_half_s =
        std::max(kHalfLength_s, input_rate_hz_ < kRate_hz ? 14.0 / static_cast<double>(input_rate_hz_) : 0);
    const auto half_taps =
        static_cast<std::size_t>(std::ceil(longest_half_s * static_cast<double>(input_rate_hz_) / 4 - 1e-9)) * 4;
    num_taps_ = 2 * half_taps;
    taps_.resize(up_ * num_taps_);
    const auto up = static_cast<std::int64_t>(up_);
    const auto half = static_cast<std::int64_t>(half_taps);
    for (std::size_t phase = 0; phase < up_; ++phase) {
        std::vector<double> weights(num_taps_);
        for (std::size_t j = 0; j < num_taps_; ++j) {
            // The distance from the output's place to this input, in steps of 1 / up input samples.
            const std::int64_t distance =
                (static_cast<std::int64_t>(j) - half + 1) * up - static_cast<std::int64_t>(phase);
            const double r = static_cast<double>(distance) / static_cast<double>(half * up);
            weights[j] = sinc(distance * bandwidth_hz, up * input_rate_hz_) *
                         bessel_i0(kKaiserBeta * std::sqrt(std::max(0.0, 1 - r * r)));
        }
        const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
        std::transform(weights.begin(), weights.end(), taps_.begin() + static_cast<std::ptrdiff_t>(phase * num_taps_),
                       [sum](double weight) { return static_cast<float>(weight / sum); });
    }
}

void MonoResampler::push(const float* input, std::size_t num_samples, std::vector<float>& output) {
    num_inputs_ += num_samples;
    if (up_ == down_) {
        output.insert(output.end(), input, input + num_samples);
        num_outputs_ += num_samples;
        return;
    }
    waiting_.insert(waiting_.end(), input, input + num_samples);
    if (waiting_.size() < num_taps_) {
        return;
    }
    // Output k reads inputs up to (phase + k down) / up + num_taps - 1.
    const std::size_t ready = ((waiting_.size() - num_taps_ + 1) * up_ - phase_ + down_ - 1) / down_;
    convert(ready / kLanes * kLanes, output);
}

void MonoResampler::convert(std::size_t count, std::vector<float>& output) {
    const std::size_t start = output.size();
    output.resize(start + count);
    kernels().polyphase_fir(waiting_.data(), taps_.data(), num_taps_, up_, down_, phase_, count, output.data() + start);
    const std::size_t position = phase_ + count * down_;
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(position / up_));
    phase_ = position % up_;
    num_outputs_ += count;
}

void MonoResampler::finish(std::vector<float>& output) {
    const std::uint64_t wanted = (num_inputs_ * up_ + down_ - 1) / down_;
    if (num_outputs_ >= wanted) {
        return;
    }
    const std::size_t missing = static_cast<std::size_t>(wanted - num_outputs_);
    const std::size_t count = (missing + kLanes - 1) / kLanes * kLanes;
    waiting_.resize((phase_ + count * down_) / up_ + num_taps_ + 1, 0.0F);
    convert(count, output);
    output.resize(output.size() - (count - missing));
}

} // namespace wm
