#include "evaluate/attacks/filter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/portable_math.h"
#include "base/random_stream.h"
#include "evaluate/attacks/convolve.h"

namespace wm {
namespace {

/// Centres of the critical bands (E. Zwicker, Subdivision of the audible frequency range into critical bands, JASA 33, 1961).
constexpr std::array<double, 24> kBarkCenters_hz = {50,   150,  250,  350,  450,  570,  700,   840,
                                                    1000, 1170, 1370, 1600, 1850, 2150, 2500,  2900,
                                                    3400, 4000, 4800, 5800, 7000, 8500, 10500, 13500};
constexpr double kBarkQ = 2.5;

struct Biquad {
    double b0, b1, b2, a1, a2;
};

Biquad normalised(double b0, double b1, double b2, double a0, double a1, double a2) {
    return {b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0};
}

Audio filter_all(Audio audio, const Biquad& f) {
    for (std::vector<float>& channel : audio.channels) {
        double s1 = 0; // transposed direct form II
        double s2 = 0;
        for (float& sample : channel) {
            const auto x = static_cast<double>(sample);
            const double y = f.b0 * x + s1;
            s1 = f.b1 * x - f.a1 * y + s2;
            s2 = f.b2 * x - f.a2 * y;
            sample = static_cast<float>(y);
        }
    }
    return audio;
}

Audio filter_all(Audio audio, const std::vector<float>& taps) {
    for (std::vector<float>& channel : audio.channels) {
        channel = filter_centered(channel, taps);
    }
    return audio;
}

bool is_below_nyquist(double frequency_hz, const Audio& audio) {
    return 2 * frequency_hz < audio.sample_rate_hz;
}

double transition_or_default(double transition_hz, double cutoff_hz) {
    return transition_hz > 0 ? transition_hz : std::max(50.0, cutoff_hz / 10);
}

/// The angle of `frequency_hz` and what the cookbook calls alpha.
struct Angle {
    double cos, sin, alpha;
};
Angle angle_of(double frequency_hz, double q, const Audio& audio) {
    const double turns = frequency_hz / audio.sample_rate_hz;
    const double sin = sin_of_turns(turns);
    return {cos_of_turns(turns), sin, sin / (2 * q)};
}

Biquad shelf(const Angle& w, double a, double sign) {
    // Low shelf for sign +1; the high shelf is its mirror image, cos -> -cos.
    const double cos = sign * w.cos;
    const double root = 2 * std::sqrt(a) * w.alpha;
    return normalised(a * ((a + 1) - (a - 1) * cos + root), sign * 2 * a * ((a - 1) - (a + 1) * cos),
                      a * ((a + 1) - (a - 1) * cos - root), (a + 1) + (a - 1) * cos + root,
                      sign * -2 * ((a - 1) + (a + 1) * cos), (a + 1) + (a - 1) * cos - root);
}

constexpr double kButterworthQ = 0.70710678118654752;

} // namespace

Audio low_pass(Audio audio, double cutoff_hz, double transition_hz) {
    if (!is_below_nyquist(cutoff_hz, audio)) {
        return audio;
    }
    const double width_hz = transition_or_default(transition_hz, cutoff_hz);
    const std::vector<float> taps = lowpass_taps(cutoff_hz, width_hz, audio.sample_rate_hz);
    return filter_all(std::move(audio), taps);
}

Audio high_pass(Audio audio, double cutoff_hz, double transition_hz) {
    const double width_hz = transition_or_default(transition_hz, cutoff_hz);
    const std::vector<float> taps = is_below_nyquist(cutoff_hz, audio)
                                        ? highpass_taps(cutoff_hz, width_hz, audio.sample_rate_hz)
                                        : std::vector<float>{0.0F};
    return filter_all(std::move(audio), taps);
}

Audio band_pass(Audio audio, double low_hz, double high_hz) {
    return high_pass(low_pass(std::move(audio), high_hz), low_hz);
}

Audio low_pass_biquad(Audio audio, double cutoff_hz) {
    if (!is_below_nyquist(cutoff_hz, audio)) {
        return audio;
    }
    const Angle w = angle_of(cutoff_hz, kButterworthQ, audio);
    return filter_all(std::move(audio),
                      normalised((1 - w.cos) / 2, 1 - w.cos, (1 - w.cos) / 2, 1 + w.alpha, -2 * w.cos, 1 - w.alpha));
}

Audio high_pass_biquad(Audio audio, double cutoff_hz) {
    if (!is_below_nyquist(cutoff_hz, audio)) {
        return filter_all(std::move(audio), std::vector<float>{0.0F});
    }
    const Angle w = angle_of(cutoff_hz, kButterworthQ, audio);
    return filter_all(std::move(audio),
                      normalised((1 + w.cos) / 2, -(1 + w.cos), (1 + w.cos) / 2, 1 + w.alpha, -2 * w.cos, 1 - w.alpha));
}

Audio equalise(Audio audio, const EqBand& band) {
    if (!is_below_nyquist(band.frequency_hz, audio)) {
        return audio;
    }
    const double a = amplitude_of_db(band.gain_db / 2);
    const Angle w = angle_of(band.frequency_hz, band.q, audio);
    switch (band.shape) {
    case EqShape::kLowShelf:
        return filter_all(std::move(audio), shelf(w, a, 1));
    case EqShape::kHighShelf:
        return filter_all(std::move(audio), shelf(w, a, -1));
    case EqShape::kPeak:
        break;
    }
    return filter_all(std::move(audio), normalised(1 + w.alpha * a, -2 * w.cos, 1 - w.alpha * a, 1 + w.alpha / a,
                                                   -2 * w.cos, 1 - w.alpha / a));
}

Audio equalise_bark(Audio audio, double least_db, double limit_db, std::uint64_t seed) {
    RandomStream random(seed);
    for (const double center_hz : kBarkCenters_hz) {
        const double sign = random.uniform() < 0.5 ? -1 : 1;
        const double gain_db = sign * random.uniform(least_db, limit_db);
        audio = equalise(std::move(audio), {EqShape::kPeak, center_hz, gain_db, kBarkQ});
    }
    return audio;
}

Audio smooth(Audio audio, std::size_t num_samples) {
    const std::size_t before = num_samples / 2;
    for (std::vector<float>& channel : audio.channels) {
        std::vector<float> padded(channel.size() + num_samples, 0.0F);
        std::copy(channel.begin(), channel.end(), padded.begin() + static_cast<std::ptrdiff_t>(before));
        for (std::size_t i = 0; i < channel.size(); ++i) {
            float sum = 0;
            for (std::size_t j = 0; j < num_samples; ++j) {
                sum += padded[i + j];
            }
            channel[i] = sum / static_cast<float>(num_samples);
        }
    }
    return audio;
}

Audio rotate_phase(Audio audio, double degrees) {
    const auto cos = static_cast<float>(cos_of_turns(degrees / 360));
    const auto sin = static_cast<float>(sin_of_turns(degrees / 360));
    const std::vector<float> taps = hilbert_taps();
    for (std::vector<float>& channel : audio.channels) {
        const std::vector<float> quadrature = filter_centered(channel, taps);
        for (std::size_t i = 0; i < channel.size(); ++i) {
            channel[i] = cos * channel[i] - sin * quadrature[i];
        }
    }
    return audio;
}

} // namespace wm
