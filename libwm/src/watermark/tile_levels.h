#pragma once

#include <cstddef>
#include <vector>

#include "analysis/stft.h"
#include "watermark/tile_grid.h"

namespace wm {

/// Measures the power of the bands of any frames of audio at kTileRate_hz, eight at a time.
///
/// Channels count by energy, so that polarity and panning do not matter.
/// threads  one at a time
class TileLevels {
public:
    explicit TileLevels(std::size_t num_channels);

    /// The power spectra of the frames that start at starts[lane] in every channel; each must have kTileFrameSize readable
    /// samples.
    /// channels [num_channels]
    /// returns  [kTileFrameSize / 2 + 1], valid until the next call
    const RealLanes* spectra(const float* const* channels, const std::size_t (&starts)[kLanes]);

    /// The power of each band of each channel of such frames.
    /// energies [num_channels * kMapStride], zero past the last band
    void channel_energies(const float* const* channels, const std::size_t (&starts)[kLanes],
                          const std::vector<BandSpan>& bands, RealLanes* energies);

    /// The power of each band of such spectra: a full-scale sine has 3/32 kTileFrameSize^2 a channel.
    /// energies [kMapStride], zero past the last band
    static void energies(const RealLanes* spectra, const std::vector<BandSpan>& bands, RealLanes* energies);

    /// Turns energies into levels in dB, with a floor 60 dB under the frame's mean band and 90 dB under full scale, so that
    /// silence has no structure.
    static void levels(const RealLanes* energies, RealLanes* levels);

    /// Whether a moment of such energies [kNumBands] is loud and wide enough to hold a mark: a quarter of its bands stand
    /// less than 60 dB under all of it together and above the floor of silence.
    static bool carries(const float* energies);

private:
    bool transform(const float* const* channels, const std::size_t (&starts)[kLanes], std::size_t first_channel);

    std::size_t num_channels_;
    Stft stft_;
    std::vector<ComplexLanes> spectrum_;
    std::vector<RealLanes> power_;
    std::vector<RealLanes> pair_power_;
};

} // namespace wm
