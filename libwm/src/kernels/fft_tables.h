#pragma once

#include <vector>

#include "kernels/kernels.h"

namespace wm {

/// Whether the FFT kernels have this size: the powers of two from kMinFftSize to kMaxFftSize.
bool has_fft_kernel(std::size_t size);

/// The twiddle factors that the FFT kernels of one size need.
/// threads  immutable after construction
class FftTables {
public:
    /// size     one that has_fft_kernel()
    explicit FftTables(std::size_t size);
    FftTables(const FftTables&) = delete;
    FftTables& operator=(const FftTables&) = delete;

    /// Valid as long as this object.
    const FftPlan& plan() const { return plan_; }

private:
    std::vector<std::vector<float>> levels_;
    std::vector<const float*> level_starts_;
    FftPlan plan_;
};

} // namespace wm
