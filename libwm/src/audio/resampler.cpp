#include "audio/resampler.h"

#include "audio/halfband.h"
#include "audio/halfband_resampler.h"
#include "audio/soxr_resampler.h"

namespace wm {
namespace {

class IdentityResampler : public Resampler {
public:
    void push(const float* const* input, std::size_t num_samples, PlanarQueue& output) override {
        output.append(input, num_samples);
    }

    void finish(PlanarQueue&) override {}
};

/// The pass and stop bands meet symmetrically about half the lower rate, a quarter of the higher one. 6 dB more than promised,
/// for an interpolator doubles the ripple.
std::vector<float> taps_for(Resampler::Quality quality) {
    return halfband_taps(quality == Resampler::Quality::kHigh ? 90 : 66, 0.13);
}

} // namespace

std::unique_ptr<Resampler> Resampler::create(double input_rate_hz, double output_rate_hz, int num_channels,
                                             Quality quality) {
    if (input_rate_hz == output_rate_hz) {
        return std::make_unique<IdentityResampler>();
    }
    if (quality == Quality::kFull) {
        return create_soxr_resampler(input_rate_hz, output_rate_hz, num_channels, quality);
    }
    if (input_rate_hz == 2 * output_rate_hz) {
        return create_halfband_decimator(num_channels, taps_for(quality));
    }
    if (output_rate_hz == 2 * input_rate_hz) {
        return create_halfband_interpolator(num_channels, taps_for(quality));
    }
    return create_soxr_resampler(input_rate_hz, output_rate_hz, num_channels, quality);
}

} // namespace wm
