#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace wm {

/// Integrated loudness and true peak (ITU-R BS.1770-4), by libebur128.
/// threads  one at a time
class LoudnessMeter {
public:
    /// num_channels  1 to 8; sample_rate_hz 8,000 to 192,000
    LoudnessMeter(std::size_t num_channels, int sample_rate_hz);

    /// samples  [channel][num_samples]
    void push(const float* const* samples, std::size_t num_samples);

    double integrated_lufs() const; ///< minus infinity when all lies below the gate
    double true_peak_dbtp() const;  ///< minus infinity for digital silence

private:
    struct State;
    struct Delete {
        void operator()(State* state) const;
    };

    std::size_t num_channels_;
    std::unique_ptr<State, Delete> state_;
    std::vector<float> interleaved_;
};

} // namespace wm
