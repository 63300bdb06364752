#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace wm {

/// Planar samples that come in at the back and go out at the front, all channels alike. Memory moves seldom, and is written
/// once: room at the back is handed out as it is.
class PlanarQueue {
public:
    explicit PlanarQueue(std::size_t num_channels) : channels_(num_channels), backs_(num_channels) {}

    std::size_t num_channels() const { return channels_.size(); }
    std::size_t size() const { return end_ - begin_; }

    float* front(std::size_t channel) { return channels_[channel].get() + begin_; }
    const float* front(std::size_t channel) const { return channels_[channel].get() + begin_; }

    /// [channel], each `offset` samples after the front.
    std::vector<const float*> fronts(std::size_t offset = 0) const {
        std::vector<const float*> result;
        for (std::size_t c = 0; c < channels_.size(); ++c) {
            result.push_back(front(c) + offset);
        }
        return result;
    }

    /// Makes room for `count` samples at the back: [channel], to be written; valid until the next call.
    float* const* grow(std::size_t count) {
        make_room(count);
        for (std::size_t c = 0; c < channels_.size(); ++c) {
            backs_[c] = channels_[c].get() + end_;
        }
        end_ += count;
        return backs_.data();
    }

    void append(const float* const* samples, std::size_t count) {
        float* const* to = grow(count);
        for (std::size_t c = 0; c < channels_.size(); ++c) {
            std::copy_n(samples[c], count, to[c]);
        }
    }

    void append_zeros(std::size_t count) {
        float* const* to = grow(count);
        for (std::size_t c = 0; c < channels_.size(); ++c) {
            std::fill_n(to[c], count, 0.0F);
        }
    }

    /// Forgets the last samples beyond `count`.
    void truncate(std::size_t count) { end_ = std::min(end_, begin_ + count); }

    void drop(std::size_t count) {
        begin_ += count;
        if (begin_ == end_) {
            begin_ = end_ = 0;
        }
    }

    void clear() { drop(size()); }

private:
    void make_room(std::size_t count) {
        if (end_ + count <= capacity_) {
            return;
        }
        const std::size_t num_kept = size();
        const bool is_enough = 2 * (num_kept + count) <= capacity_;
        if (!is_enough) {
            capacity_ = 2 * (num_kept + count);
        }
        for (std::unique_ptr<float[]>& channel : channels_) {
            if (is_enough) {
                std::copy_n(channel.get() + begin_, num_kept, channel.get());
            } else {
                auto larger = std::make_unique_for_overwrite<float[]>(capacity_);
                std::copy_n(channel.get() + begin_, num_kept, larger.get());
                channel = std::move(larger);
            }
        }
        begin_ = 0;
        end_ = num_kept;
    }

    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t capacity_ = 0;
    std::vector<std::unique_ptr<float[]>> channels_;
    std::vector<float*> backs_;
};

} // namespace wm
