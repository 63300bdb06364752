#include "audio/sample_mixer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/kernels.h"

namespace wm {
namespace {

constexpr int kMaxDitheredBits = 24;

int integer_bits(Encoding encoding) {
    switch (encoding) {
    case Encoding::kPcmU8:
    case Encoding::kPcm8:
        return 8;
    case Encoding::kPcm16:
        return 16;
    case Encoding::kPcm24:
        return 24;
    case Encoding::kPcm32:
        return 32;
    default:
        return std::numeric_limits<int>::max();
    }
}

} // namespace

SampleMixer::SampleMixer(const AudioSpec& source, const PcmFormat& output)
    : bits_(output.valid_bits), host_fits_(integer_bits(source.encoding) <= output.bytes_per_sample * 8) {}

void SampleMixer::interleave(const float* const* residual, int num_channels, std::size_t first, std::size_t count) {
    const auto stride = static_cast<std::size_t>(num_channels);
    residual_.resize(count * stride);
    float* __restrict out = residual_.data();
    if (num_channels == 2) {
        kernels().join_pairs(residual[0] + first, residual[1] + first, count, out);
        return;
    }
    for (std::size_t channel = 0; channel < stride; ++channel) {
        for (std::size_t i = 0; i < count; ++i) {
            out[i * stride + channel] = residual[channel][first + i];
        }
    }
}

void SampleMixer::mix_integers(const AudioBlock& host, const float* const* residual, std::size_t first,
                               std::size_t count, std::int32_t* out) {
    interleave(residual, host.num_channels, first, count);
    const std::size_t offset = first * static_cast<std::size_t>(host.num_channels);
    const std::size_t num_values = residual_.size();
    if (!host.is_integer) {
        requantise(host.reals.data() + offset, 1.0, num_values, out);
    } else if (!host_fits_) {
        requantise(host.integers.data() + offset, 0x1p-31, num_values, out);
    } else if (bits_ > kMaxDitheredBits) {
        add_exact(host.integers.data() + offset, num_values, out);
    } else {
        add_dithered(host.integers.data() + offset, num_values, out);
    }
}

void SampleMixer::add_dithered(const std::int32_t* host, std::size_t count, std::int32_t* out) {
    for (std::size_t i = 0; i < count;) {
        const auto noise = noise_.take(count - i);
        num_clipped_ +=
            kernels().add_dithered(host + i, residual_.data() + i, noise.data(), noise.size(), bits_, out + i);
        i += noise.size();
    }
}

/// 32-bit integers are finer than any residual: rounding alone.
void SampleMixer::add_exact(const std::int32_t* host, std::size_t count, std::int32_t* out) {
    constexpr std::int64_t kLow = std::numeric_limits<std::int32_t>::min();
    constexpr std::int64_t kHigh = std::numeric_limits<std::int32_t>::max();
    for (std::size_t i = 0; i < count; ++i) {
        const double bounded = std::clamp(static_cast<double>(residual_[i]), -2.0, 2.0);
        const std::int64_t sum = host[i] + std::llrint(bounded * 0x1p31);
        const std::int64_t clipped = std::clamp(sum, kLow, kHigh);
        num_clipped_ += clipped == sum || clipped == host[i] ? 0 : 1;
        out[i] = static_cast<std::int32_t>(clipped);
    }
}

template <class Sample>
void SampleMixer::requantise(const Sample* host, double host_scale, std::size_t count, std::int32_t* out) {
    const double steps = std::ldexp(1.0, bits_ - 1);
    const float noise_scale = bits_ <= kMaxDitheredBits ? 1.0F : 0.0F;
    for (std::size_t begin = 0; begin < count;) {
        const auto noise = noise_.take(count - begin);
        for (std::size_t k = 0; k < noise.size(); ++k) {
            const std::size_t i = begin + k;
            const double sample = static_cast<double>(host[i]) * host_scale + static_cast<double>(residual_[i]);
            const double wanted = std::isfinite(sample) ? sample * steps : 0.0;
            const bool is_on_step = residual_[i] == 0.0F && std::nearbyint(wanted) == wanted;
            const double added = is_on_step ? 0.0 : static_cast<double>(noise[k] * noise_scale);
            const double rounded = std::nearbyint(wanted + added);
            const double clipped = std::clamp(rounded, -steps, steps - 1.0);
            const bool was_there = clipped == static_cast<double>(host[i]) * host_scale * steps;
            num_clipped_ += clipped == rounded || was_there ? 0 : 1;
            const auto integer = static_cast<std::uint32_t>(static_cast<std::int32_t>(clipped));
            out[i] = static_cast<std::int32_t>(integer << (32 - bits_));
        }
        begin += noise.size();
    }
}

void SampleMixer::mix_reals(const AudioBlock& host, const float* const* residual, std::size_t first, std::size_t count,
                            double* out) {
    interleave(residual, host.num_channels, first, count);
    const double* samples = host.reals.data() + first * static_cast<std::size_t>(host.num_channels);
    for (std::size_t i = 0; i < residual_.size(); ++i) {
        out[i] = residual_[i] == 0.0F ? samples[i] : samples[i] + static_cast<double>(residual_[i]);
    }
}

} // namespace wm
