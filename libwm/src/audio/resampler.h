#pragma once

/// Streaming sample-rate conversion of planar audio, linear phase, with the delay taken out: output sample k stands at input
/// time k * input_rate / output_rate.

#include <cstddef>
#include <memory>

#include "audio/planar_queue.h"

namespace wm {

/// threads  one at a time
/// cost     ratio 1: a copy; 2:1 and 1:2: a half-band FIR kernel, but for kFull; otherwise soxr
class Resampler {
public:
    virtual ~Resampler() = default;

    /// The pass band reaches to 0.37 of the lower rate (8,158 Hz at 22,050), and what aliases or images lies above it.
    /// kHigh: -84 dB, for a residual that returns to the original's rate, itself 20 dB and more below the host. kFast: -60 dB,
    /// for what is only looked at. kFull: -130 dB, and the pass band reaches to 0.47 of the lower rate (20.7 kHz at 44,100)
    /// and nothing aliases, for what is measured or heard.
    enum class Quality { kHigh, kFast, kFull };

    /// A converter for `num_channels`; rates 1 to 10^6 Hz.
    static std::unique_ptr<Resampler> create(double input_rate_hz, double output_rate_hz, int num_channels,
                                             Quality quality);

    /// Takes input[channel][num_samples] and appends what is ready to `output`.
    virtual void push(const float* const* input, std::size_t num_samples, PlanarQueue& output) = 0;

    /// Ends the input: appends the rest. In all, exactly ceil(inputs * ratio) samples came out. Nothing may follow.
    virtual void finish(PlanarQueue& output) = 0;
};

} // namespace wm
