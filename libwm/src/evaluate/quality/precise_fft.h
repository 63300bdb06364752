#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <vector>

namespace wm {

/// Fourier transforms of real signals in double precision, for measurements: far below a loud line the float kernels leave
/// rounding noise where a measure may take the ratio of two nearly empty bins.
/// threads  one at a time
class PreciseFft {
public:
    /// size     even, at least 4
    explicit PreciseFft(std::size_t size);
    ~PreciseFft();
    PreciseFft(PreciseFft&&) noexcept;
    PreciseFft& operator=(PreciseFft&&) noexcept;

    std::size_t size() const { return size_; }
    std::size_t num_bins() const { return size_ / 2 + 1; }

    /// spectrum[k] = sum of input[j] * exp(-2 pi i j k / size); input [size()], spectrum [num_bins()]
    void forward(const double* input, std::complex<double>* spectrum);

    /// output[j] = sum over all size() bins of spectrum[k] * exp(+2 pi i j k / size), the missing half being the conjugate.
    void inverse(const std::complex<double>* spectrum, double* output);

private:
    struct Engines;
    std::size_t size_;
    std::unique_ptr<Engines> engines_;
};

/// Powers |X[k]|^2 of windowed frames.
/// threads  one at a time
class PowerSpectrum {
public:
    /// window   its length is the frame size
    explicit PowerSpectrum(std::vector<double> window);

    std::size_t size() const { return window_.size(); }
    std::size_t num_bins() const { return fft_.num_bins(); }

    /// samples [size()], power [num_bins()]
    void measure(const float* samples, double* power);

private:
    std::vector<double> window_;
    PreciseFft fft_;
    std::vector<double> frame_;
    std::vector<std::complex<double>> spectrum_;
};

} // namespace wm
