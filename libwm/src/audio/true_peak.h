#pragma once

/// Keeps a mark from raising the true peak (ITU-R BS.1770-4 annex 2).

#include <cstddef>
#include <memory>
#include <vector>

#include "audio/planar_queue.h"

namespace wm {

/// The level of a change so far, as sums of squares.
struct ChangeTally {
    double host_energy = 0;
    double residual_energy = 0;
};

/// Scales a residual down smoothly around the moments where host + residual would exceed the ceiling: the larger of 0 dBTP
/// and the highest true peak the host itself had reached by then (look-ahead included).
///
/// Both signals wait inside, and the residual is scaled where it stands. What is done comes out at the front, some
/// milliseconds late.
/// cost     near nothing where the sample peak is far below full scale; 4x oversampling elsewhere
/// threads  one at a time
class TruePeakGuard {
public:
    virtual ~TruePeakGuard() = default;
    static std::unique_ptr<TruePeakGuard> create(int num_channels, double sample_rate_hz);

    /// To append the next samples to. The residual may run ahead of the host.
    virtual PlanarQueue& host() = 0;
    virtual PlanarQueue& residual() = 0;

    /// Guards as far as both signals reach.
    virtual void advance() = 0;
    /// The host is complete: guards all of it. The residual is taken as silent where it is shorter.
    virtual void finish() = 0;

    /// The guarded residual that has not been taken yet: num_ready() samples from ready()[channel] on.
    virtual std::size_t num_ready() const = 0;
    virtual std::vector<const float*> ready() const = 0;
    virtual void drop(std::size_t num_samples) = 0;

    /// Of all that is guarded.
    virtual const ChangeTally& change() const = 0;
};

} // namespace wm
