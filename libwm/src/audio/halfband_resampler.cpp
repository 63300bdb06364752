#include "audio/halfband_resampler.h"

#include <algorithm>
#include <utility>

#include "kernels/kernels.h"

namespace wm {
namespace {

/// Input is taken in pieces that stay in the first-level cache from one step to the next.
constexpr std::size_t kPieceSamples = 2048;

/// Samples that wait for those after them. Its memory is allotted once.
class Waiting {
public:
    /// Starts with `num_silent` samples of silence; holds `capacity`.
    Waiting(std::size_t num_silent, std::size_t capacity) : samples_(capacity, 0.0F), size_(num_silent) {}

    const float* begin() const { return samples_.data(); }
    std::size_t size() const { return size_; }

    void append(const float* input, std::size_t count) { std::copy_n(input, count, grow(count)); }

    /// Makes room for `count` samples, to be written.
    float* grow(std::size_t count) {
        float* const end = samples_.data() + size_;
        size_ += count;
        return end;
    }

    void append_silence(std::size_t count) {
        std::fill_n(samples_.begin() + static_cast<std::ptrdiff_t>(size_), count, 0.0F);
        size_ += count;
    }

    void drop(std::size_t count) {
        std::copy(begin() + count, begin() + size_, samples_.begin());
        size_ -= count;
    }

private:
    std::vector<float> samples_;
    std::size_t size_;
};

/// Output k = input[2k] / 2 + sum of taps[j] * (input[2k - 2j - 1] + input[2k + 2j + 1]): even samples pass through, and the
/// FIR runs over the odd ones alone.
class HalfbandDecimator : public Resampler {
public:
    HalfbandDecimator(int num_channels, std::vector<float> taps) : taps_(std::move(taps)) {
        const std::size_t capacity = kPieceSamples / 2 + 3 * taps_.size();
        for (int c = 0; c < num_channels; ++c) {
            // Silence before the start: the first output stands at the first input.
            channels_.push_back({Waiting(0, capacity), Waiting(taps_.size(), capacity)});
        }
    }

    void push(const float* const* input, std::size_t num_samples, PlanarQueue& output) override {
        for (std::size_t start = 0; start < num_samples; start += kPieceSamples) {
            const std::size_t count = std::min(kPieceSamples, num_samples - start);
            for (std::size_t c = 0; c < channels_.size(); ++c) {
                append(channels_[c], input[c] + start, count);
            }
            next_is_odd_ = next_is_odd_ != (count % 2 == 1);
            filter(output);
        }
    }

    void finish(PlanarQueue& output) override {
        for (Channel& channel : channels_) {
            channel.odd.append_silence(taps_.size());
        }
        filter(output);
    }

private:
    struct Channel {
        Waiting even; ///< the first stands at the next output
        Waiting odd;  ///< the one after num_taps others follows the first of `even`
    };

    void append(Channel& channel, const float* piece, std::size_t count) const {
        Waiting& first = next_is_odd_ ? channel.odd : channel.even;
        Waiting& second = next_is_odd_ ? channel.even : channel.odd;
        const std::size_t num_pairs = count / 2;
        kernels().split_pairs(piece, num_pairs, first.grow(num_pairs), second.grow(num_pairs));
        if (count % 2 == 1) {
            *first.grow(1) = piece[count - 1];
        }
    }

    void filter(PlanarQueue& output) {
        const std::size_t context = 2 * taps_.size() - 1;
        const std::size_t num_odd = channels_[0].odd.size();
        const std::size_t count = std::min(num_odd - std::min(num_odd, context), channels_[0].even.size());
        float* const* to = output.grow(count);
        for (std::size_t c = 0; c < channels_.size(); ++c) {
            Channel& channel = channels_[c];
            kernels().symmetric_fir(channel.odd.begin(), taps_.data(), taps_.size(), count, to[c]);
            kernels().add_scaled(channel.even.begin(), 0.5F, count, to[c]);
            channel.even.drop(count);
            channel.odd.drop(count);
        }
    }

    std::vector<float> taps_;
    std::vector<Channel> channels_;
    bool next_is_odd_ = false;
};

/// Output 2k = input[k]; output 2k + 1 = sum of 2 * taps[j] * (input[k - j] + input[k + 1 + j]).
class HalfbandInterpolator : public Resampler {
public:
    HalfbandInterpolator(int num_channels, std::vector<float> taps)
        : taps_(std::move(taps)), between_(kPieceSamples + taps_.size()) {
        for (float& tap : taps_) {
            tap *= 2;
        }
        for (int c = 0; c < num_channels; ++c) {
            channels_.emplace_back(taps_.size() - 1, kPieceSamples + 3 * taps_.size());
        }
    }

    void push(const float* const* input, std::size_t num_samples, PlanarQueue& output) override {
        for (std::size_t start = 0; start < num_samples; start += kPieceSamples) {
            const std::size_t count = std::min(kPieceSamples, num_samples - start);
            for (std::size_t c = 0; c < channels_.size(); ++c) {
                channels_[c].append(input[c] + start, count);
            }
            filter(output);
        }
    }

    void finish(PlanarQueue& output) override {
        for (Waiting& channel : channels_) {
            channel.append_silence(taps_.size());
        }
        filter(output);
    }

private:
    /// The sample after num_taps - 1 others stands at the next output.
    void filter(PlanarQueue& output) {
        const std::size_t context = 2 * taps_.size() - 1;
        const std::size_t count = channels_[0].size() - std::min(channels_[0].size(), context);
        float* const* to = output.grow(2 * count);
        for (std::size_t c = 0; c < channels_.size(); ++c) {
            Waiting& channel = channels_[c];
            kernels().symmetric_fir(channel.begin(), taps_.data(), taps_.size(), count, between_.data());
            kernels().join_pairs(channel.begin() + taps_.size() - 1, between_.data(), count, to[c]);
            channel.drop(count);
        }
    }

    std::vector<float> taps_;
    std::vector<float> between_;
    std::vector<Waiting> channels_;
};

} // namespace

std::unique_ptr<Resampler> create_halfband_decimator(int num_channels, std::vector<float> taps) {
    return std::make_unique<HalfbandDecimator>(num_channels, std::move(taps));
}

std::unique_ptr<Resampler> create_halfband_interpolator(int num_channels, std::vector<float> taps) {
    return std::make_unique<HalfbandInterpolator>(num_channels, std::move(taps));
}

} // namespace wm
