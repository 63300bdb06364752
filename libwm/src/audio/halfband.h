#pragma once

#include <vector>

namespace wm {

/// A linear-phase half-band low-pass: coefficient 1/2 in the middle, zero at the other even distances, and taps[j] at the
/// odd distances 2 j + 1 on both sides. Kaiser-windowed sinc; the taps sum to 1/4, so that DC passes unchanged.
///
/// stop_band_db      attenuation, e.g. 100
/// transition_width  from the end of the pass band to the start of the stop band, in units of the higher rate
/// source            J. F. Kaiser, Nonrecursive digital filter design using the I0-sinh window function, ISCAS 1974
std::vector<float> halfband_taps(double stop_band_db, double transition_width);

} // namespace wm
