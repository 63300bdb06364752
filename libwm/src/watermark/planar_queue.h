#pragma once

#include <cstddef>
#include <vector>

namespace wm {

/// Planar samples that come in at the back and go out at the front. Memory moves seldom: what went out is cleared away only
/// once it is the larger part.
class PlanarQueue {
public:
    explicit PlanarQueue(std::size_t num_channels) : channels_(num_channels) {}

    std::size_t size() const { return channels_[0].size() - begin_; }

    /// To append to: [channel].
    std::vector<std::vector<float>>& back() { return channels_; }

    float* front(std::size_t channel) { return channels_[channel].data() + begin_; }

    /// [channel], each at the front.
    std::vector<const float*> fronts() const {
        std::vector<const float*> result;
        for (const std::vector<float>& channel : channels_) {
            result.push_back(channel.data() + begin_);
        }
        return result;
    }

    /// Makes room for `count` samples at the back: [channel], to be written.
    std::vector<float*> grow(std::size_t count) {
        std::vector<float*> result;
        for (std::vector<float>& channel : channels_) {
            channel.resize(channel.size() + count);
            result.push_back(channel.data() + channel.size() - count);
        }
        return result;
    }

    /// Cuts or extends with zeros to `count` samples.
    void resize(std::size_t count) {
        for (std::vector<float>& channel : channels_) {
            channel.resize(begin_ + count, 0.0F);
        }
    }

    void drop(std::size_t count) {
        begin_ += count;
        if (2 * begin_ < channels_[0].size()) {
            return;
        }
        for (std::vector<float>& channel : channels_) {
            channel.erase(channel.begin(), channel.begin() + static_cast<std::ptrdiff_t>(begin_));
        }
        begin_ = 0;
    }

    void clear() { drop(size()); }

private:
    std::size_t begin_ = 0;
    std::vector<std::vector<float>> channels_;
};

} // namespace wm
