#include "audio/halfband_resampler.h"

#include <utility>

#include "kernels/kernels.h"

namespace wm {
namespace {

/// Output k = input[2k] / 2 + sum of taps[j] * (input[2k - 2j - 1] + input[2k + 2j + 1]): even samples pass through, and the
/// FIR runs over the odd ones alone.
class HalfbandDecimator : public Resampler {
public:
    HalfbandDecimator(int num_channels, std::vector<float> taps) : taps_(std::move(taps)) {
        // Silence before the start: the first output stands at the first input.
        channels_.resize(static_cast<std::size_t>(num_channels), {{}, std::vector<float>(taps_.size(), 0.0F)});
    }

    void push(const float* const* input, std::size_t num_samples, std::vector<std::vector<float>>& output) override {
        for (std::size_t c = 0; c < channels_.size(); ++c) {
            split(input[c], num_samples, channels_[c]);
            filter(channels_[c], output[c]);
        }
        next_is_odd_ = next_is_odd_ != (num_samples % 2 == 1);
    }

    void finish(std::vector<std::vector<float>>& output) override {
        for (std::size_t c = 0; c < channels_.size(); ++c) {
            channels_[c].odd.resize(channels_[c].odd.size() + taps_.size(), 0.0F);
            filter(channels_[c], output[c]);
        }
    }

private:
    struct Channel {
        std::vector<float> even; ///< not yet used; even[0] stands at the next output
        std::vector<float> odd;  ///< odd[num_taps] follows even[0]
    };

    void split(const float* input, std::size_t num_samples, Channel& channel) const {
        const std::size_t first_even = next_is_odd_ ? 1 : 0;
        const std::size_t num_even = (num_samples + 1 - first_even) / 2;
        const std::size_t num_odd = num_samples - num_even;
        const std::size_t even_end = channel.even.size();
        const std::size_t odd_end = channel.odd.size();
        channel.even.resize(even_end + num_even);
        channel.odd.resize(odd_end + num_odd);
        for (std::size_t k = 0; k < num_even; ++k) {
            channel.even[even_end + k] = input[2 * k + first_even];
        }
        for (std::size_t k = 0; k < num_odd; ++k) {
            channel.odd[odd_end + k] = input[2 * k + 1 - first_even];
        }
    }

    void filter(Channel& channel, std::vector<float>& output) const {
        const std::size_t context = 2 * taps_.size() - 1;
        const std::size_t from_odd = channel.odd.size() > context ? channel.odd.size() - context : 0;
        const std::size_t count = from_odd < channel.even.size() ? from_odd : channel.even.size();
        const std::size_t start = output.size();
        output.resize(start + count);
        kernels().symmetric_fir(channel.odd.data(), taps_.data(), taps_.size(), count, output.data() + start);
        for (std::size_t k = 0; k < count; ++k) {
            output[start + k] += 0.5F * channel.even[k];
        }
        channel.even.erase(channel.even.begin(), channel.even.begin() + static_cast<std::ptrdiff_t>(count));
        channel.odd.erase(channel.odd.begin(), channel.odd.begin() + static_cast<std::ptrdiff_t>(count));
    }

    std::vector<float> taps_;
    std::vector<Channel> channels_;
    bool next_is_odd_ = false;
};

/// Output 2k = input[k]; output 2k + 1 = sum of 2 * taps[j] * (input[k - j] + input[k + 1 + j]).
class HalfbandInterpolator : public Resampler {
public:
    HalfbandInterpolator(int num_channels, std::vector<float> taps) : taps_(std::move(taps)) {
        for (float& tap : taps_) {
            tap *= 2;
        }
        pending_.resize(static_cast<std::size_t>(num_channels), std::vector<float>(taps_.size() - 1, 0.0F));
    }

    void push(const float* const* input, std::size_t num_samples, std::vector<std::vector<float>>& output) override {
        for (std::size_t c = 0; c < pending_.size(); ++c) {
            pending_[c].insert(pending_[c].end(), input[c], input[c] + num_samples);
            filter(pending_[c], output[c]);
        }
    }

    void finish(std::vector<std::vector<float>>& output) override {
        for (std::size_t c = 0; c < pending_.size(); ++c) {
            pending_[c].resize(pending_[c].size() + taps_.size(), 0.0F);
            filter(pending_[c], output[c]);
        }
    }

private:
    /// pending[num_taps - 1] stands at the next output.
    void filter(std::vector<float>& pending, std::vector<float>& output) {
        const std::size_t context = 2 * taps_.size() - 1;
        if (pending.size() <= context) {
            return;
        }
        const std::size_t count = pending.size() - context;
        between_.resize(count);
        kernels().symmetric_fir(pending.data(), taps_.data(), taps_.size(), count, between_.data());
        const std::size_t start = output.size();
        output.resize(start + 2 * count);
        for (std::size_t k = 0; k < count; ++k) {
            output[start + 2 * k] = pending[taps_.size() - 1 + k];
            output[start + 2 * k + 1] = between_[k];
        }
        pending.erase(pending.begin(), pending.begin() + static_cast<std::ptrdiff_t>(count));
    }

    std::vector<float> taps_;
    std::vector<std::vector<float>> pending_;
    std::vector<float> between_;
};

} // namespace

std::unique_ptr<Resampler> create_halfband_decimator(int num_channels, std::vector<float> taps) {
    return std::make_unique<HalfbandDecimator>(num_channels, std::move(taps));
}

std::unique_ptr<Resampler> create_halfband_interpolator(int num_channels, std::vector<float> taps) {
    return std::make_unique<HalfbandInterpolator>(num_channels, std::move(taps));
}

} // namespace wm
