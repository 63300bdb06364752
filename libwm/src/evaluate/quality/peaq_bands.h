#pragma once

/// The constants of PEAQ's ear model, basic version. Equation numbers in the peaq_* files are those of ITU-R BS.1387-1.

#include <array>
#include <cstddef>

namespace wm {

inline constexpr double kPeaqRate_hz = 48000;
inline constexpr std::size_t kPeaqFrame = 2048;
inline constexpr std::size_t kPeaqHop = kPeaqFrame / 2;
inline constexpr std::size_t kPeaqBins = kPeaqFrame / 2 + 1;
inline constexpr std::size_t kPeaqBands = 109;
inline constexpr double kPeaqBandWidth_bark = 0.25;

using BandValues = std::array<double, kPeaqBands>;

/// The weight that a recursive average gives to its past, one frame later, in a band at `centre_hz`: a time constant of
/// `at_100_s` at 100 Hz that falls to `least_s` (equations 21 and 24).
double peaq_smoothing(double centre_hz, double least_s, double at_100_s);

/// What hearing looks like from 80 Hz to 18 kHz, a quarter of a Bark at a time.
struct PeaqBands {
    BandValues centre_hz;
    BandValues internal_noise;                ///< power (13)
    BandValues masking_offset;                ///< power ratio of excitation to what it masks (25)
    BandValues excitation_threshold;          ///< power, for loudness (60)
    BandValues threshold_index;               ///< (61)
    BandValues loudness_scale;                ///< the factors of (58) that do not change
    std::array<double, kPeaqBins> ear_weight; ///< power gain of the outer and middle ear for each bin (7)

    static const PeaqBands& instance();

    /// Adds up a spectrum [kPeaqBins] over the bands; a bin that an edge cuts counts in each band by its share.
    BandValues sum(const double* spectrum) const;

private:
    PeaqBands();
    void place_band(std::size_t band);

    /// The bins that a band touches; all but the first and last count whole.
    struct Range {
        std::size_t first = 0;
        std::size_t last = 0;
        double first_share = 0;
        double last_share = 0; ///< 0 when the band lies within one bin
    };
    std::array<Range, kPeaqBands> ranges_;
};

} // namespace wm
