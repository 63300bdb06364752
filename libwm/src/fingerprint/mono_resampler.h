#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wm {

inline constexpr int kFingerprintRate_hz = 16000;

/// Converts one channel to kFingerprintRate_hz, the same bits on every processor (soxr promises no such thing). What lies below
/// 5,850 Hz stays, what would alias into it is 50 dB down; output sample k stands at input time k * input_rate / 16,000.
/// threads  one at a time
class MonoResampler {
public:
    /// input_rate_hz  1,000 to 10^6
    explicit MonoResampler(int input_rate_hz);

    /// Takes input[num_samples] and appends what is ready.
    void push(const float* input, std::size_t num_samples, std::vector<float>& output);

    /// Ends the input: appends the rest, ceil(inputs * 16,000 / input_rate) samples in all.
    void finish(std::vector<float>& output);

private:
    void design();
    void convert(std::size_t count, std::vector<float>& output);

    std::int64_t input_rate_hz_;
    std::size_t up_;
    std::size_t down_;
    std::size_t num_taps_ = 0;
    std::vector<float> taps_;    ///< [up][num_taps]
    std::vector<float> waiting_; ///< inputs from where the next output's filter begins
    std::size_t phase_ = 0;
    std::uint64_t num_inputs_ = 0;
    std::uint64_t num_outputs_ = 0;
};

} // namespace wm
