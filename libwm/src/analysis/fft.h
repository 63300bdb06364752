#pragma once

#include <cstddef>
#include <memory>

#include "kernels/kernels.h"

namespace wm {

/// Complex Fourier transforms of eight sequences side by side, of any size.
///
/// Powers of two from kMinFftSize to kMaxFftSize run on the kernels and give the same bits on every processor; every other
/// size runs on KissFFT, ten times slower, with the last bit left to the C library's sine.
/// cost     O(size log size) where the size has small prime factors
/// threads  one at a time
class BatchFft {
public:
    /// size     at least 1
    explicit BatchFft(std::size_t size);
    ~BatchFft();
    BatchFft(BatchFft&&) noexcept;
    BatchFft& operator=(BatchFft&&) noexcept;

    std::size_t size() const { return size_; }

    /// output[k] = sum of input[j] * exp(-2 pi i j k / size). [size] each, not overlapping.
    void forward(const ComplexLanes* input, ComplexLanes* output);

    /// output[k] = sum of input[j] * exp(+2 pi i j k / size): forward, then inverse, multiplies by size.
    void inverse(const ComplexLanes* input, ComplexLanes* output);

private:
    class Engine;
    class KernelEngine;
    class KissEngine;
    std::size_t size_;
    std::unique_ptr<Engine> engine_;
};

} // namespace wm
