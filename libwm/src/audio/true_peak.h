#pragma once

/// Keeps a mark from raising the true peak (ITU-R BS.1770-4 annex 2).

#include <cstddef>
#include <memory>
#include <vector>

namespace wm {

/// Scales a residual down smoothly around the moments where host + residual would exceed the ceiling: the larger of 0 dBTP
/// and the highest true peak the host itself had reached by then (look-ahead included).
///
/// Adds a fixed delay: pull() returns host-aligned residual, in all as many samples as were pushed after finish().
/// cost     near nothing where the sample peak is far below full scale; 4x oversampling elsewhere
/// threads  one at a time
class TruePeakGuard {
public:
    virtual ~TruePeakGuard() = default;
    static std::unique_ptr<TruePeakGuard> create(int num_channels, double sample_rate_hz);

    /// host, residual: [channel][num_samples]; appends ready residual samples to output[channel].
    virtual void push(const float* const* host, const float* const* residual, std::size_t num_samples,
                      std::vector<std::vector<float>>& output) = 0;
    virtual void finish(std::vector<std::vector<float>>& output) = 0;
};

} // namespace wm
