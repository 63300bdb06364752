#pragma once

/// Recordings with music's traits, made in place: the same on every run.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace wm::test {

using Planar = std::vector<std::vector<float>>; ///< [channel][sample]

/// Notes of decaying harmonics that come and go, a bass, and drums over a bed of pink noise; each channel mixes them in its
/// own proportions. Peak 0.5.
Planar synthesize_music(std::uint32_t seed, double rate_hz, std::size_t num_channels, double duration_s);

/// Writes as WAV, `bits` 16, 24 or 32 (float).
void write_wav(const std::string& path, const Planar& samples, int rate_hz, int bits = 16);

/// Reads any file of libsndfile.
Planar read_samples(const std::string& path);

/// Samples [first, first + count) of every channel, as far as they exist.
Planar excerpt(const Planar& samples, std::size_t first, std::size_t count);

std::vector<const float*> pointers(const Planar& samples);

/// The share of the energy of `samples` between two frequencies.
double energy_share(const std::vector<float>& samples, double rate_hz, double low_hz, double high_hz);

} // namespace wm::test
