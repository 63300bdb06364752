#include "watermark/window_keeper.h"

#include <algorithm>
#include <utility>

namespace wm {

WindowKeeper::WindowKeeper(std::size_t num_channels, std::size_t window_samples, std::size_t most_windows)
    : num_channels_(num_channels), window_samples_(static_cast<std::int64_t>(window_samples)),
      most_windows_(most_windows) {}

void WindowKeeper::push(const float* const* samples, std::size_t count) {
    const std::int64_t end = position_ + static_cast<std::int64_t>(count);
    std::int64_t done = position_;
    while (done < end) {
        const std::int64_t index = done / window_samples_;
        const std::int64_t part_end = std::min(end, (index + 1) * window_samples_);
        if (index % stride_ == 0) {
            if (windows_.empty() || windows_.back().start != index * window_samples_) {
                windows_.push_back({index * window_samples_, std::vector<std::vector<float>>(num_channels_)});
            }
            for (std::size_t c = 0; c < num_channels_; ++c) {
                std::vector<float>& kept = windows_.back().samples[c];
                kept.insert(kept.end(), samples[c] + (done - position_), samples[c] + (part_end - position_));
            }
        }
        done = part_end;
        if (windows_.size() > most_windows_) {
            std::vector<Window> thinned;
            for (std::size_t i = 0; i < windows_.size(); i += 2) {
                thinned.push_back(std::move(windows_[i]));
            }
            windows_ = std::move(thinned);
            stride_ *= 2;
        }
    }
    position_ = end;
}

} // namespace wm
