#pragma once

/// Section 3: what the excitation patterns of reference and test become before they are compared.

#include "evaluate/quality/peaq_bands.h"

namespace wm {

/// Takes differences of level and of a slowly changing spectrum out of a pair of patterns (section 3.1): they are heard less
/// than others.
/// threads  one at a time
class PatternAdapter {
public:
    PatternAdapter();

    void adapt(const BandValues& reference, const BandValues& test);

    const BandValues& reference() const { return adapted_reference_; }
    const BandValues& test() const { return adapted_test_; }

private:
    double level_correction(const BandValues& reference, const BandValues& test);
    void correct_spectrum();

    BandValues smoothing_;
    BandValues smoothed_reference_ = {};
    BandValues smoothed_test_ = {};
    BandValues products_ = {}; ///< the numerator of (48)
    BandValues squares_ = {};  ///< and its denominator
    BandValues correction_reference_ = {};
    BandValues correction_test_ = {};
    BandValues adapted_reference_ = {};
    BandValues adapted_test_ = {};
};

/// How strongly the envelope of each band is modulated (section 3.2).
/// threads  one at a time
class ModulationMeter {
public:
    ModulationMeter();

    void push(const BandValues& unsmeared_excitation);

    const BandValues& modulation() const { return modulation_; }
    const BandValues& mean_loudness() const { return mean_loudness_; } ///< smoothed excitation^0.3

private:
    BandValues smoothing_;
    BandValues last_loudness_ = {};
    BandValues mean_loudness_ = {};
    BandValues mean_change_ = {};
    BandValues modulation_ = {};
};

} // namespace wm
