#include "watermark/tile_levels.h"

#include <algorithm>

#include "analysis/window.h"
#include "kernels/kernels.h"

namespace wm {
namespace {

constexpr std::size_t kNumBins = kTileFrameSize / 2 + 1;
constexpr float kSilence = 1e-9F * kTileFrameSize * kTileFrameSize / 8.0F; ///< energy of a band, 90 dB under full scale
constexpr float kLeastShare = 1e-6F;
constexpr std::size_t kLeastCarryingBands = kNumBands / 4;

InputFrames frames_of(const float* channel, const std::size_t (&starts)[kLanes]) {
    InputFrames frames;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        frames[lane] = channel + starts[lane];
    }
    return frames;
}

} // namespace

TileLevels::TileLevels(std::size_t num_channels)
    : num_channels_(num_channels), stft_(hann_window(kTileFrameSize)), spectrum_(kTileFrameSize), power_(kNumBins),
      pair_power_(kNumBins) {}

const RealLanes* TileLevels::spectra(const float* const* channels, const std::size_t (&starts)[kLanes]) {
    for (std::size_t c = 0; c < num_channels_; c += 2) {
        transform(channels, starts, c);
        std::vector<RealLanes>& power = c == 0 ? power_ : pair_power_;
        kernels().packed_power(spectrum_.data(), kTileFrameSize, power.data());
        if (c > 0) {
            kernels().tiles.accumulate(pair_power_[0].value, kNumBins * kLanes, power_[0].value);
        }
    }
    return power_.data();
}

void TileLevels::channel_energies(const float* const* channels, const std::size_t (&starts)[kLanes],
                                  const std::vector<BandSpan>& bands, RealLanes* energies) {
    for (std::size_t c = 0; c < num_channels_; c += 2) {
        if (transform(channels, starts, c)) { // no band reaches bin 0
            kernels().unpacked_power(spectrum_.data(), kTileFrameSize, 1, kNumBins - 1, &power_[1], &pair_power_[1]);
            TileLevels::energies(pair_power_.data(), bands, energies + (c + 1) * kMapStride);
        } else {
            kernels().packed_power(spectrum_.data(), kTileFrameSize, power_.data());
        }
        TileLevels::energies(power_.data(), bands, energies + c * kMapStride);
    }
}

/// Transforms a channel, together with the next one if there is one: whether there is.
bool TileLevels::transform(const float* const* channels, const std::size_t (&starts)[kLanes],
                           std::size_t first_channel) {
    const InputFrames first = frames_of(channels[first_channel], starts);
    const bool is_pair = first_channel + 1 < num_channels_;
    if (is_pair) {
        stft_.forward(first, frames_of(channels[first_channel + 1], starts), spectrum_.data());
    } else {
        stft_.forward(first, spectrum_.data());
    }
    return is_pair;
}

void TileLevels::energies(const RealLanes* spectra, const std::vector<BandSpan>& bands, RealLanes* energies) {
    kernels().tiles.band_sums(spectra, bands.data(), kNumBands, energies);
    for (std::size_t b = kNumBands; b < kMapStride; ++b) {
        energies[b] = {};
    }
}

void TileLevels::levels(const RealLanes* energies, RealLanes* levels) {
    constexpr float kDecibelsPerOctave = 3.01029996F; ///< 10 log10 2
    float floors[kLanes] = {};
    for (std::size_t b = 0; b < kNumBands; ++b) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            floors[lane] += energies[b].value[lane];
        }
    }
    for (float& floor : floors) {
        floor = kSilence + kLeastShare / kNumBands * floor;
    }
    for (std::size_t b = 0; b < kNumBands; ++b) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            levels[b].value[lane] = energies[b].value[lane] + floors[lane];
        }
    }
    kernels().log2(levels[0].value, kNumBands * kLanes, levels[0].value);
    for (std::size_t b = 0; b < kNumBands; ++b) {
        for (float& level : levels[b].value) {
            level *= kDecibelsPerOctave;
        }
    }
    for (std::size_t b = kNumBands; b < kMapStride; ++b) {
        levels[b] = {};
    }
}

bool TileLevels::carries(const float* energies) {
    float sum = 0.0F;
    for (std::size_t b = 0; b < kNumBands; ++b) {
        sum += energies[b];
    }
    const float floor = kSilence + kLeastShare * sum;
    return std::count_if(energies, energies + kNumBands, [floor](float energy) { return energy > floor; }) >=
           static_cast<std::ptrdiff_t>(kLeastCarryingBands);
}

} // namespace wm
