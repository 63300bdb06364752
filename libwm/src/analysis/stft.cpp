#include "analysis/stft.h"

#include <cassert>
#include <utility>

namespace wm {

InputFrames input_frames(const float* first, std::size_t hop) {
    InputFrames starts;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        starts[lane] = first + lane * hop;
    }
    return starts;
}

OutputFrames output_frames(float* first, std::size_t hop) {
    OutputFrames starts;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        starts[lane] = first + lane * hop;
    }
    return starts;
}

Stft::Stft(std::vector<float> window)
    : window_(std::move(window)), synthesis_window_(window_), fft_(window_.size()), frames_(window_.size()) {
    assert(size() % kLanes == 0);
    for (float& weight : synthesis_window_) {
        weight /= static_cast<float>(size());
    }
}

void Stft::forward(const InputFrames& a, const InputFrames& b, ComplexLanes* spectrum) {
    forward(a.data(), b.data(), spectrum);
}

void Stft::forward(const InputFrames& a, ComplexLanes* spectrum) {
    forward(a.data(), nullptr, spectrum);
}

void Stft::inverse(const ComplexLanes* spectrum, const OutputFrames& a, const OutputFrames& b) {
    inverse(spectrum, a.data(), b.data());
}

void Stft::inverse(const ComplexLanes* spectrum, const OutputFrames& a) {
    inverse(spectrum, a.data(), nullptr);
}

void Stft::forward(const float* const* a, const float* const* b, ComplexLanes* spectrum) {
    kernels().gather(a, b, window_.data(), size(), frames_.data());
    fft_.forward(frames_.data(), spectrum);
}

void Stft::inverse(const ComplexLanes* spectrum, float* const* a, float* const* b) {
    fft_.inverse(spectrum, frames_.data());
    kernels().scatter_add(frames_.data(), synthesis_window_.data(), size(), a, b);
}

} // namespace wm
