#pragma once

#include <array>

#include "evaluate/quality/peaq_bands.h"
#include "evaluate/quality/precise_fft.h"

namespace wm {

/// What one ear makes of one frame.
struct EarFrame {
    std::array<double, kPeaqBins> power;    ///< of the sound
    std::array<double, kPeaqBins> weighted; ///< of what reaches the inner ear
    BandValues unsmeared;                   ///< excitation, spread over frequency (section 2.1.7)
    BandValues excitation;                  ///< the same, and it lingers (section 2.1.8)
    bool is_energetic =
        false; ///< its second half holds energy enough to look for harmonic structure in (section 5.2.4.3)
};

/// PEAQ's FFT-based ear model for one channel of one signal (section 2.1); full scale is 92 dB SPL.
/// threads  one at a time
class PeaqEar {
public:
    PeaqEar();

    /// samples  [kPeaqFrame] at 48 kHz, full scale +-1; frames come in order, kPeaqHop apart
    void hear(const float* samples);

    /// Of the frame heard last.
    const EarFrame& frame() const { return frame_; }

    /// Loudness in sone of the frame heard last (58).
    double loudness_sone() const;

private:
    /// Slopes of the spreading function, as power ratios a band.
    struct Spreading {
        double down = 0;                   ///< the same at every level
        std::array<double, kPeaqBands> up; ///< of the logarithm, at level 0 dB
        BandValues scale;                  ///< makes a flat pattern of ones come out flat
    };
    static Spreading make_spreading();
    static BandValues spread_with(const Spreading& spreading, const BandValues& pattern);

    PowerSpectrum spectrum_;
    double level_scale_;
    Spreading spreading_;
    BandValues smoothing_;
    BandValues smeared_ = {};
    EarFrame frame_;
};

} // namespace wm
