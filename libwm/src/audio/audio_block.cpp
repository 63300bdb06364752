#include <cmath>

#include "audio/audio_file.h"
#include "kernels/kernels.h"

namespace wm {
namespace {

constexpr float kIntegerScale = 0x1p-31F;

float to_float(std::int32_t sample) {
    return static_cast<float>(sample) * kIntegerScale;
}

/// NaN, infinity and what is no sound become 0.
float to_float(double sample) {
    return std::fabs(sample) <= AudioBlock::kLoudest ? static_cast<float>(sample) : 0.0F;
}

void deinterleave_two(const std::int32_t* samples, std::size_t num_samples, float* left, float* right) {
    kernels().split_integer_pairs(samples, num_samples, kIntegerScale, left, right);
}

void deinterleave_two(const double* samples, std::size_t num_samples, float* __restrict left, float* __restrict right) {
    for (std::size_t i = 0; i < num_samples; ++i) {
        left[i] = to_float(samples[2 * i]);
        right[i] = to_float(samples[2 * i + 1]);
    }
}

template <class Sample>
void deinterleave(const Sample* samples, int num_channels, std::size_t num_samples, float* const* planar) {
    if (num_channels == 2) {
        return deinterleave_two(samples, num_samples, planar[0], planar[1]);
    }
    const auto stride = static_cast<std::size_t>(num_channels);
    for (std::size_t channel = 0; channel < stride; ++channel) {
        float* __restrict out = planar[channel];
        for (std::size_t i = 0; i < num_samples; ++i) {
            out[i] = to_float(samples[i * stride + channel]);
        }
    }
}

} // namespace

void AudioBlock::to_planar(float* const* planar) const {
    if (is_integer) {
        deinterleave(integers.data(), num_channels, num_samples, planar);
    } else {
        deinterleave(reals.data(), num_channels, num_samples, planar);
    }
}

} // namespace wm
