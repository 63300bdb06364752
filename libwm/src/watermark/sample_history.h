#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace wm {

/// The last part of a planar stream, addressed by position in the stream.
class SampleHistory {
public:
    /// Before the first sample stand `num_leading_zeros` zeros, at negative positions.
    SampleHistory(std::size_t num_channels, std::size_t num_leading_zeros)
        : base_(-static_cast<std::int64_t>(num_leading_zeros)), start_(base_),
          channels_(num_channels, std::vector<float>(num_leading_zeros, 0.0F)) {}

    std::size_t num_channels() const { return channels_.size(); }
    std::int64_t start() const { return start_; }
    std::int64_t end() const { return base_ + static_cast<std::int64_t>(channels_[0].size()); }

    float* at(std::size_t channel, std::int64_t position) { return channels_[channel].data() + (position - base_); }
    const float* at(std::size_t channel, std::int64_t position) const {
        return channels_[channel].data() + (position - base_);
    }

    /// samples [num_channels][count]
    void append(const float* const* samples, std::size_t count) {
        for (std::size_t c = 0; c < channels_.size(); ++c) {
            channels_[c].insert(channels_[c].end(), samples[c], samples[c] + count);
        }
    }

    void append_zeros_until(std::int64_t position) {
        for (std::vector<float>& channel : channels_) {
            channel.resize(static_cast<std::size_t>(position - base_), 0.0F);
        }
    }

    /// Forgets what stands before `position`. Memory moves only once that is the larger part.
    void drop_before(std::int64_t position) {
        start_ = std::max(start_, position);
        if (2 * (start_ - base_) < end() - base_) {
            return;
        }
        for (std::vector<float>& channel : channels_) {
            channel.erase(channel.begin(), channel.begin() + (start_ - base_));
        }
        base_ = start_;
    }

private:
    std::int64_t base_; ///< position of the first sample in memory
    std::int64_t start_;
    std::vector<std::vector<float>> channels_;
};

} // namespace wm
