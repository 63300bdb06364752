#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "analysis/fft.h"

namespace wm {

/// Where the eight frames of a batch start in memory, for one of the two real signals of a complex transform.
using InputFrames = std::array<const float*, kLanes>;
using OutputFrames = std::array<float*, kLanes>;

/// Frames that start `hop` samples apart.
InputFrames input_frames(const float* first, std::size_t hop);
OutputFrames output_frames(float* first, std::size_t hop);

/// Short-time Fourier transform and its inverse, eight frames at a time.
///
/// Each lane carries two real frames, z = FFT(w a + i w b): the left and right channel of one moment, or two moments of one
/// channel (sixteen frames of mono in one batch). On z work the `packed_*` and `unpack` kernels; bins k and size - k of z
/// together hold bin k of both frames.
/// threads  one at a time
class Stft {
public:
    /// window   its length is the frame size: a multiple of 8
    explicit Stft(std::vector<float> window);

    std::size_t size() const { return window_.size(); }
    std::size_t num_bins() const { return window_.size() / 2 + 1; }

    /// Windows and transforms eight frames of `a` and of `b`; each start must have size() readable samples.
    /// spectrum [size()]
    void forward(const InputFrames& a, const InputFrames& b, ComplexLanes* spectrum);

    /// The same for `a` alone, b = 0.
    void forward(const InputFrames& a, ComplexLanes* spectrum);

    /// Transforms back, multiplies by the window and 1 / size(), and adds each frame to what stands at its start. With a
    /// window whose squares add up to one at the hop (sine_window at hop size / 2), inverse of forward restores the signal.
    void inverse(const ComplexLanes* spectrum, const OutputFrames& a, const OutputFrames& b);

    /// The same for `a` alone.
    void inverse(const ComplexLanes* spectrum, const OutputFrames& a);

private:
    void forward(const float* const* a, const float* const* b, ComplexLanes* spectrum);
    void inverse(const ComplexLanes* spectrum, float* const* a, float* const* b);

    std::vector<float> window_;
    std::vector<float> synthesis_window_;
    BatchFft fft_;
    std::vector<ComplexLanes> frames_;
};

} // namespace wm
