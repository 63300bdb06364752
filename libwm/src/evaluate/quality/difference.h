#pragma once

#include <cstddef>
#include <vector>

namespace wm {

/// Signal-to-noise ratios of a test signal against its reference, pushed piece by piece.
/// threads  one at a time
class DifferenceMeter {
public:
    DifferenceMeter(std::size_t num_channels, double sample_rate_hz);

    /// [channel][num_samples]
    void push(const float* const* reference, const float* const* test, std::size_t num_samples);

    bool is_identical() const { return is_identical_; }

    /// 10 log10 of the reference's energy over the difference's, all channels together. Infinite when identical.
    double snr_db() const;

    /// Scale-invariant: means are removed from each channel, and the difference is what the best single gain leaves over.
    /// source   J. Le Roux et al., SDR - half-baked or well done?, ICASSP 2019, with zero means as SI-SNR has them
    double si_snr_db() const;

    /// The mean of the SNR of segments of 20 ms, each within -10 to 35 dB; those whose reference lies below -80 dBFS do not
    /// count. 35 when none counts.
    /// source   J. H. L. Hansen and B. L. Pellom, ICSLP 1998 (limits)
    double segmental_snr_db() const;

private:
    struct Energies {
        double reference = 0;
        double difference = 0;
    };
    struct Moments {
        double reference = 0;
        double difference = 0;
        double reference_squares = 0;
        double difference_squares = 0;
        double products = 0; ///< of reference and difference
    };

    void end_segment();

    std::vector<Moments> channels_;
    std::size_t segment_samples_;
    std::size_t segment_fill_ = 0;
    Energies segment_;
    double segment_sum_db_ = 0;
    std::size_t num_segments_ = 0;
    double num_samples_ = 0;
    bool is_identical_ = true;
};

} // namespace wm
