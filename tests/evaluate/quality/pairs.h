#pragma once

#include <algorithm>
#include <vector>

#include "attacks/signals.h"

namespace wm {

inline constexpr int kPeaqTestRate_hz = 48000;

inline std::vector<const float*> pointers(const Audio& audio, std::size_t first = 0) {
    std::vector<const float*> result;
    for (const std::vector<float>& channel : audio.channels) {
        result.push_back(channel.data() + first);
    }
    return result;
}

/// a + weight * b, sample by sample.
inline Audio mixed(Audio a, const Audio& b, double weight) {
    for (std::size_t c = 0; c < a.num_channels(); ++c) {
        for (std::size_t j = 0; j < a.num_samples(); ++j) {
            a.channels[c][j] += static_cast<float>(weight) * b.channels[c][j];
        }
    }
    return a;
}

/// `audio` later by `delay_samples`, silence before it, of the same length.
inline Audio delayed(Audio audio, std::size_t delay_samples) {
    for (std::vector<float>& channel : audio.channels) {
        channel.insert(channel.begin(), delay_samples, 0.0F);
        channel.resize(channel.size() - delay_samples);
    }
    return audio;
}

/// Harmonics of 220 Hz whose loudness comes and goes, at 48 kHz: something for an ear model to hold on to.
inline Audio warbling_harmonics(std::size_t num_channels, double duration_s) {
    Audio audio{kPeaqTestRate_hz, std::vector<std::vector<float>>(num_channels)};
    for (std::size_t c = 0; c < num_channels; ++c) {
        for (int j = 0; j < static_cast<int>(duration_s * kPeaqTestRate_hz); ++j) {
            const double time_s = static_cast<double>(j) / kPeaqTestRate_hz;
            double sum = 0;
            for (int harmonic = 1; harmonic <= 20; ++harmonic) {
                sum += std::sin(2 * std::numbers::pi * 220 * harmonic * time_s + harmonic) / harmonic;
            }
            const double beat = 1 + 0.6 * std::sin(2 * std::numbers::pi * 3 * time_s + static_cast<double>(c));
            audio.channels[c].push_back(static_cast<float>(0.1 * beat * sum));
        }
    }
    return audio;
}

} // namespace wm
