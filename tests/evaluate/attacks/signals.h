#pragma once

/// Recordings whose attacked form can be told in advance.

#include <cmath>
#include <cstdint>
#include <numbers>

#include "base/random_stream.h"
#include "wm/audio.h"

namespace wm {

inline constexpr int kTestRate_hz = 44100;

inline Audio sine(double frequency_hz, double amplitude, double duration_s, int sample_rate_hz = kTestRate_hz) {
    Audio audio{sample_rate_hz, {{}}};
    const auto count = static_cast<std::size_t>(duration_s * sample_rate_hz);
    for (std::size_t i = 0; i < count; ++i) {
        const double angle = 2 * std::numbers::pi * frequency_hz * static_cast<double>(i) / sample_rate_hz;
        audio.channels[0].push_back(static_cast<float>(amplitude * std::sin(angle)));
    }
    return audio;
}

/// Independent white noise in each channel.
inline Audio white_noise(std::size_t num_channels, double rms, double duration_s, std::uint64_t seed = 1) {
    Audio audio{kTestRate_hz, std::vector<std::vector<float>>(num_channels)};
    RandomStream random(seed);
    for (std::vector<float>& channel : audio.channels) {
        for (int i = 0; i < static_cast<int>(duration_s * kTestRate_hz); ++i) {
            channel.push_back(static_cast<float>(rms * random.gaussian()));
        }
    }
    return audio;
}

} // namespace wm
