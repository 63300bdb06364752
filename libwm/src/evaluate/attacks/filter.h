#pragma once

/// Attacks on the spectrum. All keep the length; the linear-phase ones add no delay.

#include <cstdint>

#include "wm/audio.h"

namespace wm {

/// Linear-phase FIR filters with -6 dB at the cut-off and 90 dB beyond half a transition band on its far side. A transition of
/// 0 stands for a tenth of the cut-off, but at least 50 Hz. A cut-off at or above half the sample rate passes all (low-pass) or
/// nothing.
Audio low_pass(Audio audio, double cutoff_hz, double transition_hz = 0);
Audio high_pass(Audio audio, double cutoff_hz, double transition_hz = 0);
Audio band_pass(Audio audio, double low_hz, double high_hz);

/// Second-order Butterworth filters, 12 dB an octave: -3 dB at the cut-off.
Audio low_pass_biquad(Audio audio, double cutoff_hz);
Audio high_pass_biquad(Audio audio, double cutoff_hz);

enum class EqShape { kPeak, kLowShelf, kHighShelf };

/// One band of a parametric equaliser: `gain_db` at `frequency_hz` (shelves: half of it there), bandwidth by `q`. A frequency
/// at or above half the sample rate leaves the recording as it is.
/// source   R. Bristow-Johnson, Cookbook formulae for audio EQ biquad filter coefficients
struct EqBand {
    EqShape shape = EqShape::kPeak;
    double frequency_hz = 1000;
    double gain_db = 0;
    double q = 1;
};
Audio equalise(Audio audio, const EqBand& band);

/// Graphic equaliser over the 24 critical bands: a peak filter at each centre, each gain drawn from -limit_db to +limit_db, at
/// least least_db in magnitude.
Audio equalise_bark(Audio audio, double least_db, double limit_db, std::uint64_t seed);

/// Moving average over `num_samples` samples.
Audio smooth(Audio audio, std::size_t num_samples);

/// Turns the phase of all frequencies by `degrees`: cos x - sin H{x}, with H the Hilbert transform.
Audio rotate_phase(Audio audio, double degrees);

} // namespace wm
