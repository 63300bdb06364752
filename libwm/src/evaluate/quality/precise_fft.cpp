#include "evaluate/quality/precise_fft.h"

#include <cassert>
#include <utility>

#include <kissfft/kissfft.hh>

namespace wm {

struct PreciseFft::Engines {
    explicit Engines(std::size_t size) : forward(size / 2, false), inverse(size, true), time(size), frequency(size) {}

    kissfft<double> forward; ///< of pairs of samples, as complex ones
    kissfft<double> inverse;
    std::vector<std::complex<double>> time;
    std::vector<std::complex<double>> frequency;
};

PreciseFft::PreciseFft(std::size_t size) : size_(size), engines_(std::make_unique<Engines>(size)) {
    assert(size >= 4 && size % 2 == 0);
}

PreciseFft::~PreciseFft() = default;
PreciseFft::PreciseFft(PreciseFft&&) noexcept = default;
PreciseFft& PreciseFft::operator=(PreciseFft&&) noexcept = default;

void PreciseFft::forward(const double* input, std::complex<double>* spectrum) {
    engines_->forward.transform_real(input, spectrum);
    spectrum[size_ / 2] = spectrum[0].imag(); // the real bins at both ends come packed into the first
    spectrum[0] = spectrum[0].real();
}

void PreciseFft::inverse(const std::complex<double>* spectrum, double* output) {
    for (std::size_t k = 0; k < num_bins(); ++k) {
        engines_->frequency[k] = spectrum[k];
    }
    for (std::size_t k = num_bins(); k < size_; ++k) {
        engines_->frequency[k] = std::conj(spectrum[size_ - k]);
    }
    engines_->inverse.transform(engines_->frequency.data(), engines_->time.data());
    for (std::size_t j = 0; j < size_; ++j) {
        output[j] = engines_->time[j].real();
    }
}

PowerSpectrum::PowerSpectrum(std::vector<double> window)
    : window_(std::move(window)), fft_(window_.size()), frame_(window_.size()), spectrum_(fft_.num_bins()) {}

void PowerSpectrum::measure(const float* samples, double* power) {
    for (std::size_t j = 0; j < window_.size(); ++j) {
        frame_[j] = window_[j] * static_cast<double>(samples[j]);
    }
    fft_.forward(frame_.data(), spectrum_.data());
    for (std::size_t k = 0; k < spectrum_.size(); ++k) {
        power[k] = std::norm(spectrum_[k]);
    }
}

} // namespace wm
