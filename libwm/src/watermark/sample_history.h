#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "audio/planar_queue.h"

namespace wm {

/// The last part of a planar stream, addressed by position in the stream.
class SampleHistory {
public:
    /// Before the first sample stand `num_leading_zeros` zeros, at negative positions.
    SampleHistory(std::size_t num_channels, std::size_t num_leading_zeros)
        : start_(-static_cast<std::int64_t>(num_leading_zeros)), samples_(num_channels) {
        samples_.append_zeros(num_leading_zeros);
    }

    std::size_t num_channels() const { return samples_.num_channels(); }
    std::int64_t start() const { return start_; }
    std::int64_t end() const { return start_ + static_cast<std::int64_t>(samples_.size()); }

    float* at(std::size_t channel, std::int64_t position) { return samples_.front(channel) + (position - start_); }
    const float* at(std::size_t channel, std::int64_t position) const {
        return samples_.front(channel) + (position - start_);
    }

    /// To append to.
    PlanarQueue& back() { return samples_; }

    /// samples [num_channels][count]
    void append(const float* const* samples, std::size_t count) { samples_.append(samples, count); }

    void append_zeros_until(std::int64_t position) {
        if (position > end()) {
            samples_.append_zeros(static_cast<std::size_t>(position - end()));
        }
    }

    /// Forgets what stands before `position`.
    void drop_before(std::int64_t position) {
        const std::int64_t from = std::clamp(position, start_, end());
        samples_.drop(static_cast<std::size_t>(from - start_));
        start_ = from;
    }

private:
    std::int64_t start_;
    PlanarQueue samples_; ///< from start_ on
};

} // namespace wm
