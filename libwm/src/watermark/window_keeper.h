#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wm {

/// Keeps a few windows of a stream of unknown length, spread evenly over it: when there are too many, every other one goes,
/// and from then on half as many are kept.
class WindowKeeper {
public:
    struct Window {
        std::int64_t start = 0;
        std::vector<std::vector<float>> samples; ///< [channel]
    };

    WindowKeeper(std::size_t num_channels, std::size_t window_samples, std::size_t most_windows);

    /// Takes samples[channel][count].
    void push(const float* const* samples, std::size_t count);

    /// The windows kept, in the order of time. The last may be short.
    const std::vector<Window>& windows() const { return windows_; }

private:
    std::size_t num_channels_;
    std::int64_t window_samples_;
    std::size_t most_windows_;
    std::int64_t stride_ = 1; ///< windows stand at multiples of stride_ window lengths
    std::int64_t position_ = 0;
    std::vector<Window> windows_;
};

} // namespace wm
