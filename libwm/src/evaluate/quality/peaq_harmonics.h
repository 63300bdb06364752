#pragma once

#include <complex>
#include <vector>

#include "evaluate/quality/peaq_ear.h"

namespace wm {

/// Looks for harmonic structure in the error of a frame: regular ups and downs over frequency of what the test has more or
/// less of than the reference (section 4.8, error harmonic structure).
/// threads  one at a time
class HarmonicStructure {
public:
    HarmonicStructure();

    /// The height of the highest peak of the log ratio's autocorrelation's spectrum; 0 when the frames do not differ.
    double measure(const EarFrame& reference, const EarFrame& test);

private:
    void correlate();

    std::vector<double> window_;
    PreciseFft correlator_;
    PreciseFft fft_;
    std::vector<double> log_ratio_; ///< of the test's weighted spectrum to the reference's
    std::vector<double> correlation_;
    std::vector<double> scratch_;
    std::vector<std::complex<double>> spectrum_;
    std::vector<std::complex<double>> scratch_spectrum_;
};

} // namespace wm
