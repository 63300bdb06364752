#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

namespace wm::test {

/// Plucked notes at random times and pitches over a little noise: full of spectral peaks, and the same for the same seed.
/// (Its last bits are libm's: nothing golden is made from it.)
inline std::vector<float> plucked_music(double seconds, std::uint32_t seed, double sample_rate_hz = 16000) {
    std::uint32_t state = seed * 2654435761U + 1;
    const auto uniform = [&state] {
        state = state * 1664525U + 1013904223U;
        return (state >> 8) / 16777216.0;
    };
    std::vector<float> samples(static_cast<std::size_t>(seconds * sample_rate_hz));
    for (float& sample : samples) {
        sample = static_cast<float>(0.002 * (uniform() - 0.5));
    }
    const auto note_samples = static_cast<std::size_t>(0.6 * sample_rate_hz);
    for (int note = 0; note < static_cast<int>(seconds * 12); ++note) {
        const auto start = static_cast<std::size_t>(uniform() * static_cast<double>(samples.size()));
        const double frequency_hz = 200 * std::exp2(uniform() * 4.5);
        const double level = 0.03 + 0.1 * uniform();
        for (std::size_t k = 0; k < note_samples && start + k < samples.size(); ++k) {
            const double time_s = static_cast<double>(k) / sample_rate_hz;
            samples[start + k] += static_cast<float>(level * std::exp(-6 * time_s) *
                                                     std::sin(2 * std::numbers::pi * frequency_hz * time_s));
        }
    }
    return samples;
}

/// A sine of one frequency.
inline std::vector<float> sine(double frequency_hz, double sample_rate_hz, std::size_t num_samples) {
    std::vector<float> samples(num_samples);
    for (std::size_t k = 0; k < num_samples; ++k) {
        samples[k] = static_cast<float>(
            0.5 * std::sin(2 * std::numbers::pi * frequency_hz * static_cast<double>(k) / sample_rate_hz));
    }
    return samples;
}

} // namespace wm::test
