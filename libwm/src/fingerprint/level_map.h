#pragma once

/// The time-frequency map that fingerprints are made of: log power, 36 bands an octave, 62.5 frames a second.

#include <array>
#include <cstddef>
#include <vector>

#include "analysis/stft.h"
#include "fingerprint/mono_resampler.h"
#include "kernels/kernels.h"

namespace wm {

inline constexpr std::size_t kFrameSamples = 2048; ///< at kFingerprintRate_hz: 128 ms
inline constexpr std::size_t kHopSamples = 256;    ///< 16 ms
inline constexpr double kFrameRate_hz = static_cast<double>(kFingerprintRate_hz) / kHopSamples;
inline constexpr std::size_t kBandsPerOctave = 36;
inline constexpr std::size_t kNumOctaves = 5;
inline constexpr std::size_t kNumBands = kBandsPerOctave * kNumOctaves;
inline constexpr double kLowestBand_hz = 180; ///< the centre of band 0; the last band's is 5,650 Hz
/// Levels come in rows of this many floats: the bands, and padding that repeats the last one.
inline constexpr std::size_t kLevelStride = 184;

/// Levels of a stream of samples at kFingerprintRate_hz: frame t is the Hann-windowed samples from t * kHopSamples on.
///
/// A level is log2 of a band's power per bin. Bands narrower than a bin interpolate two bins; wider ones weigh the bins by how
/// much of each they cover. Powers have a floor of 1e-5 (-104 dB under a full-scale sine).
/// threads  one at a time
class LevelStream {
public:
    LevelStream();

    /// Takes samples[num_samples] and appends the rows that are complete, sixteen at a time.
    void push(const float* samples, std::size_t num_samples, std::vector<float>& rows);

    /// Appends the last rows; (samples - 2048) / 256 + 1 rows in all, none for fewer than 2,048 samples.
    void finish(std::vector<float>& rows);

private:
    void transform(const float* samples, std::size_t num_rows, std::vector<float>& rows);
    void append_rows(const std::vector<RealLanes>& power, std::size_t num_rows, std::vector<float>& rows);

    Stft stft_;
    std::vector<BandSpan> spans_;   ///< [kLevelStride]; bins counted from the first one in use
    std::vector<float> bin_shares_; ///< [kLevelStride]
    std::size_t first_bin_ = 0;
    std::size_t num_bins_ = 0;
    std::vector<ComplexLanes> spectrum_;
    std::array<std::vector<RealLanes>, 2> powers_;
    std::vector<RealLanes> sums_;
    std::vector<float> waiting_;
};

} // namespace wm
