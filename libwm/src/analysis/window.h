#pragma once

#include <cstddef>
#include <vector>

namespace wm {

/// The periodic Hann window, 0.5 - 0.5 cos(2 pi j / size): its copies at hops of size / 2, size / 4, ... add up to a constant.
/// The same bits on every processor.
std::vector<float> hann_window(std::size_t size);

/// The square root of the Hann window, sin(pi j / size): applied before and after an STFT it adds up as Hann does.
std::vector<float> sine_window(std::size_t size);

} // namespace wm
