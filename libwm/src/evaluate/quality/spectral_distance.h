#pragma once

#include <cstddef>
#include <vector>

#include "evaluate/quality/precise_fft.h"

namespace wm {

/// Log-spectral distance: the root mean square over the bins of the difference of two spectra in dB, averaged over frames of
/// 2,048 samples (Hann, half overlapped) and channels. Bins below -100 dB of a full-scale sine count as that.
/// source   A. H. Gray and J. D. Markel, Distance measures for speech processing, IEEE Trans. ASSP 24(5), 1976
/// threads  one at a time
class SpectralDistance {
public:
    explicit SpectralDistance(std::size_t num_channels);

    /// [channel][num_samples]
    void push(const float* const* reference, const float* const* test, std::size_t num_samples);

    /// 0 when there was no whole frame.
    double mean_db() const;

private:
    void add_frame(const float* reference, const float* test);

    PowerSpectrum spectrum_;
    std::vector<std::vector<float>> reference_; ///< what no frame has left behind yet
    std::vector<std::vector<float>> test_;
    std::vector<double> reference_power_;
    std::vector<double> test_power_;
    double sum_db_ = 0;
    std::size_t num_frames_ = 0;
};

} // namespace wm
