#pragma once

/// The work that every rival in the STFT benchmark gets: sixteen real frames, eight of each channel of stereo audio, half
/// overlapping, to be windowed and transformed into sixteen half spectra.

#include <cstddef>
#include <vector>

#include <benchmark/benchmark.h>

namespace wm::bench {

inline constexpr std::size_t kFramesPerChannel = 8;
inline constexpr std::size_t kFrames = 2 * kFramesPerChannel;

struct StereoFrames {
    explicit StereoFrames(std::size_t frame_size);

    /// The eight frames of the left channel, then those of the right one.
    const float* frame(std::size_t index) const {
        const std::vector<float>& channel = index < kFramesPerChannel ? left : right;
        return channel.data() + index % kFramesPerChannel * hop;
    }

    std::size_t size;
    std::size_t hop;
    std::vector<float> window;
    std::vector<float> left;
    std::vector<float> right;
};

/// Noise in -1..1, the same in every run.
std::vector<float> noise(std::size_t count, unsigned seed);

/// Frames per second, and bytes per second of the frames' samples.
void set_frame_counters(benchmark::State& state, std::size_t frame_size);

/// Registers KissFFT and, when built in, FFTW as "stft/<size>/<rival>".
void register_stft_rivals(std::size_t size);

} // namespace wm::bench
