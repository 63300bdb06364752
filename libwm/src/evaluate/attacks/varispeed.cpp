#include "evaluate/attacks/varispeed.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/portable_math.h"
#include "base/random_stream.h"
#include "evaluate/attacks/convolve.h"

namespace wm {
namespace {

constexpr std::size_t kNumPhases = 512;
constexpr double kZeroCrossings = 64; ///< of the kernel, on each side
constexpr double kKaiserBeta = 9.0;   ///< 90 dB
constexpr double kPassBand = 0.955;   ///< of the lower Nyquist frequency, at -6 dB

/// A windowed sinc at kNumPhases places between two samples, linear between those: errors below -100 dB.
class SincInterpolator {
public:
    /// bandwidth   share of the input's band to keep, up to 1
    explicit SincInterpolator(double bandwidth)
        : half_(8 * (static_cast<std::size_t>(kZeroCrossings / bandwidth) / 8 + 1)) {
        const double cutoff = kPassBand * bandwidth;
        rows_.resize((kNumPhases + 1) * 2 * half_);
        for (std::size_t phase = 0; phase <= kNumPhases; ++phase) {
            for (std::size_t j = 0; j < 2 * half_; ++j) {
                const double distance = static_cast<double>(j) - static_cast<double>(half_ - 1) -
                                        static_cast<double>(phase) / static_cast<double>(kNumPhases);
                rows_[phase * 2 * half_ + j] = static_cast<float>(kernel(distance, cutoff));
            }
        }
    }

    /// Pads with silence what read() reaches beyond the ends.
    std::vector<float> padded(const std::vector<float>& channel) const {
        std::vector<float> result(half_, 0.0F);
        result.insert(result.end(), channel.begin(), channel.end());
        result.resize(result.size() + half_ + 1, 0.0F);
        return result;
    }

    /// The sound of a padded() channel at `position`, in samples; 0 far outside.
    float read(const std::vector<float>& channel, double position) const {
        const double floor = std::floor(position);
        const auto first = static_cast<std::ptrdiff_t>(floor) + 1;
        if (first < 0 || static_cast<std::size_t>(first) + 2 * half_ > channel.size()) {
            return 0.0F;
        }
        const double place = (position - floor) * kNumPhases;
        const auto phase = static_cast<std::size_t>(place);
        const auto share = static_cast<float>(place - static_cast<double>(phase));
        const float* row = rows_.data() + phase * 2 * half_;
        return weighted_sum(channel.data() + first, row, row + 2 * half_, share);
    }

private:
    double kernel(double distance, double cutoff) const {
        const double place = distance / static_cast<double>(half_);
        if (place <= -1 || place >= 1) {
            return 0;
        }
        const double window = bessel_i0(kKaiserBeta * std::sqrt(1 - place * place)) / bessel_i0(kKaiserBeta);
        const double x = std::numbers::pi * cutoff * distance;
        return window * cutoff * (distance == 0 ? 1 : sin_of_turns(cutoff * distance / 2) / x);
    }

    /// Eight partial sums in a fixed order, which the compiler may hold in one register.
    float weighted_sum(const float* samples, const float* row, const float* next_row, float share) const {
        float sums[8] = {};
        for (std::size_t j = 0; j < 2 * half_; j += 8) {
            for (std::size_t lane = 0; lane < 8; ++lane) {
                const float weight = row[j + lane] + share * (next_row[j + lane] - row[j + lane]);
                sums[lane] += weight * samples[j + lane];
            }
        }
        return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
    }

    std::size_t half_;
    std::vector<float> rows_; ///< [phase][tap]
};

/// num_samples samples of `audio` at the times that `position_of` gives each.
template <class PositionOf>
Audio read_at(const Audio& audio, double bandwidth, std::size_t num_samples, PositionOf position_of) {
    const SincInterpolator interpolator(bandwidth);
    Audio output{audio.sample_rate_hz, {}};
    for (const std::vector<float>& channel : audio.channels) {
        const std::vector<float> padded = interpolator.padded(channel);
        std::vector<float>& to = output.channels.emplace_back(num_samples);
        for (std::size_t i = 0; i < num_samples; ++i) {
            to[i] = interpolator.read(padded, position_of(static_cast<double>(i)));
        }
    }
    return output;
}

/// Samples that stand `step` input samples apart.
Audio read_steps(const Audio& audio, double step, std::size_t num_samples) {
    return read_at(audio, std::min(1.0, 1 / step), num_samples, [step](double i) { return i * step; });
}

std::size_t rounded_up(double count) {
    return static_cast<std::size_t>(std::ceil(count - 1e-6));
}

} // namespace

Audio convert_rate(const Audio& audio, int sample_rate_hz) {
    const double step = static_cast<double>(audio.sample_rate_hz) / sample_rate_hz;
    Audio output = read_steps(audio, step, rounded_up(static_cast<double>(audio.num_samples()) / step));
    output.sample_rate_hz = sample_rate_hz;
    return output;
}

Audio resample_there_and_back(const Audio& audio, double rate_hz) {
    const double step = audio.sample_rate_hz / rate_hz;
    const Audio there = read_steps(audio, step, rounded_up(static_cast<double>(audio.num_samples()) / step));
    return read_steps(there, 1 / step, audio.num_samples());
}

Audio change_speed(const Audio& audio, double factor) {
    return read_steps(audio, factor, static_cast<std::size_t>(static_cast<double>(audio.num_samples()) / factor + 0.5));
}

Audio wobble_speed(const Audio& audio, double depth, double rate_hz, std::uint64_t seed) {
    const double phase_turns = RandomStream(seed).uniform();
    const double turns_per_sample = rate_hz / audio.sample_rate_hz;
    // The integral of the speed; its swing is depth / (2 pi rate).
    const double swing_samples = depth / (2 * std::numbers::pi * turns_per_sample);
    return read_at(audio, 1, audio.num_samples(),
                   [=](double i) { return i + swing_samples * sin_of_turns(turns_per_sample * i + phase_turns); });
}

Audio jitter_times(const Audio& audio, double deviation_samples, std::uint64_t seed) {
    RandomStream random(seed);
    Audio output = audio;
    const auto last = static_cast<double>(audio.num_samples()) - 1;
    for (std::size_t i = 0; i < audio.num_samples(); ++i) {
        const double time = std::clamp(static_cast<double>(i) + deviation_samples * random.gaussian(), 0.0, last);
        const auto before = static_cast<std::size_t>(time);
        const std::size_t after = std::min(before + 1, audio.num_samples() - 1);
        const auto share = static_cast<float>(time - static_cast<double>(before));
        for (std::size_t c = 0; c < audio.num_channels(); ++c) {
            const std::vector<float>& from = audio.channels[c];
            output.channels[c][i] = from[before] + share * (from[after] - from[before]);
        }
    }
    return output;
}

} // namespace wm
