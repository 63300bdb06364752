#include "analysis/window.h"

#include "kernels/unit_root.h"

namespace wm {

std::vector<float> hann_window(std::size_t size) {
    std::vector<float> window(size);
    for (std::size_t j = 0; j < size; ++j) {
        const double cos = unit_root(static_cast<std::int64_t>(j), static_cast<std::int64_t>(size)).cos;
        window[j] = static_cast<float>(0.5 - 0.5 * cos);
    }
    return window;
}

std::vector<float> sine_window(std::size_t size) {
    std::vector<float> window(size);
    for (std::size_t j = 0; j < size; ++j) {
        window[j] =
            static_cast<float>(unit_root(static_cast<std::int64_t>(j), static_cast<std::int64_t>(2 * size)).sin);
    }
    return window;
}

} // namespace wm
