#pragma once

/// What tests measure of attacked recordings, by means other than the attacks' own.

#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>
#include <vector>

#include "wm/audio.h"

namespace wm {

inline double db(double amplitude_ratio) {
    return 20 * std::log10(amplitude_ratio);
}

/// The amplitude of the sine of this frequency in the middle half of a channel, under a Hann window.
inline double tone_amplitude(const std::vector<float>& channel, double frequency_hz, double rate_hz) {
    const std::size_t first = channel.size() / 4;
    const std::size_t count = channel.size() / 2;
    std::complex<double> sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const double window = 1 - std::cos(2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(count));
        sum += window * static_cast<double>(channel[first + i]) *
               std::polar(1.0, -2 * std::numbers::pi * frequency_hz / rate_hz * static_cast<double>(first + i));
    }
    return 2 * std::abs(sum) / static_cast<double>(count);
}

/// The frequency of a nearly pure tone, by the zero crossings of the middle half of a channel.
inline double tone_frequency(const std::vector<float>& channel, double rate_hz) {
    std::vector<double> crossings;
    for (std::size_t i = channel.size() / 4; i + 1 < 3 * channel.size() / 4; ++i) {
        if (channel[i] < 0 && channel[i + 1] >= 0) {
            const double share = static_cast<double>(-channel[i]) / static_cast<double>(channel[i + 1] - channel[i]);
            crossings.push_back(static_cast<double>(i) + share);
        }
    }
    return crossings.size() < 2
               ? 0
               : rate_hz * static_cast<double>(crossings.size() - 1) / (crossings.back() - crossings.front());
}

/// By how many samples `later` follows `earlier`: the largest correlation among shifts up to `limit`.
inline std::ptrdiff_t delay_of(const std::vector<float>& later, const std::vector<float>& earlier,
                               std::ptrdiff_t limit) {
    std::ptrdiff_t best = 0;
    double highest = -1e300;
    const auto size = static_cast<std::ptrdiff_t>(std::min(later.size(), earlier.size()));
    for (std::ptrdiff_t shift = -limit; shift <= limit; ++shift) {
        double sum = 0;
        for (std::ptrdiff_t i = limit; i < size - limit; ++i) {
            sum += static_cast<double>(later[static_cast<std::size_t>(i + shift)]) *
                   static_cast<double>(earlier[static_cast<std::size_t>(i)]);
        }
        if (sum > highest) {
            highest = sum;
            best = shift;
        }
    }
    return best;
}

/// The root mean square of samples [first, last) of all channels.
inline double rms_between(const Audio& audio, std::size_t first, std::size_t last) {
    double energy = 0;
    for (const std::vector<float>& channel : audio.channels) {
        for (std::size_t i = first; i < last; ++i) {
            energy += static_cast<double>(channel[i]) * static_cast<double>(channel[i]);
        }
    }
    return std::sqrt(energy / static_cast<double>((last - first) * audio.num_channels()));
}

/// Signal over change, in dB.
inline double snr_db(const Audio& before, const Audio& after) {
    double signal = 0;
    double change = 0;
    for (std::size_t c = 0; c < before.num_channels(); ++c) {
        for (std::size_t i = 0; i < before.num_samples(); ++i) {
            const auto x = static_cast<double>(before.channels[c][i]);
            const double d = static_cast<double>(after.channels[c][i]) - x;
            signal += x * x;
            change += d * d;
        }
    }
    return 10 * std::log10(signal / change);
}

} // namespace wm
