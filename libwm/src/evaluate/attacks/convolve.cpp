#include "evaluate/attacks/convolve.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "analysis/fft.h"
#include "analysis/window.h"
#include "base/portable_math.h"
#include "kernels/kernels.h"

namespace wm {
namespace {

constexpr double kStopBand_db = 90;
constexpr std::size_t kShapingSize = 16384;
constexpr std::size_t kHilbertHalf = 2047;

/// Overlap-add with sixteen input blocks at once: eight lanes, two real blocks in each lane's complex transform.
class Convolver {
public:
    Convolver(const std::vector<float>& input, const std::vector<float>& taps)
        : input_(input), taps_(taps), size_(fft_size(taps.size())), block_(size_ / 2), fft_(size_), frames_(size_),
          spectra_(size_), products_(size_), window_(size_, 0.0F), scale_(size_, 1.0F / static_cast<float>(size_)),
          silence_(size_, 0.0F), output_(input.size() + taps.size() + 16 * block_ + size_) {
        std::fill_n(window_.begin(), block_, 1.0F);
        input_.resize(input.size() + size_);
    }

    std::vector<float> run() {
        std::vector<std::vector<ComplexLanes>> parts;
        for (std::size_t first = 0; first < taps_.size(); first += block_) {
            parts.push_back(spectrum_of_taps(first));
        }
        const std::size_t num_samples = input_.size() - size_;
        for (std::size_t start = 0; start < num_samples; start += 16 * block_) {
            gather(start, num_samples);
            fft_.forward(frames_.data(), spectra_.data());
            for (std::size_t p = 0; p < parts.size(); ++p) {
                add_product(parts[p], start + p * block_);
            }
        }
        output_.resize(num_samples + taps_.size() - 1);
        return std::move(output_);
    }

private:
    static std::size_t fft_size(std::size_t num_taps) {
        std::size_t size = 1024;
        while (size < 4 * num_taps && size < kMaxFftSize) {
            size *= 2;
        }
        return size;
    }

    /// The same spectrum in every lane.
    std::vector<ComplexLanes> spectrum_of_taps(std::size_t first) {
        std::vector<ComplexLanes> padded(size_, ComplexLanes{});
        const std::size_t count = std::min(block_, taps_.size() - first);
        for (std::size_t j = 0; j < count; ++j) {
            std::fill_n(padded[j].re, kLanes, taps_[first + j]);
        }
        std::vector<ComplexLanes> spectrum(size_);
        fft_.forward(padded.data(), spectrum.data());
        return spectrum;
    }

    void gather(std::size_t start, std::size_t num_samples) {
        const float* re[kLanes];
        const float* im[kLanes];
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            const std::size_t even = start + 2 * lane * block_;
            re[lane] = even < num_samples ? input_.data() + even : silence_.data();
            im[lane] = even + block_ < num_samples ? input_.data() + even + block_ : silence_.data();
        }
        kernels().gather(re, im, window_.data(), size_, frames_.data());
    }

    void add_product(const std::vector<ComplexLanes>& part, std::size_t offset) {
        for (std::size_t k = 0; k < size_; ++k) {
            const float re = part[k].re[0];
            const float im = part[k].im[0];
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                products_[k].re[lane] = spectra_[k].re[lane] * re - spectra_[k].im[lane] * im;
                products_[k].im[lane] = spectra_[k].re[lane] * im + spectra_[k].im[lane] * re;
            }
        }
        fft_.inverse(products_.data(), frames_.data());
        float* re[kLanes];
        float* im[kLanes];
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            re[lane] = output_.data() + offset + 2 * lane * block_;
            im[lane] = re[lane] + block_;
        }
        kernels().scatter_add(frames_.data(), scale_.data(), size_, re, im);
    }

    std::vector<float> input_;
    const std::vector<float>& taps_;
    std::size_t size_;
    std::size_t block_;
    BatchFft fft_;
    std::vector<ComplexLanes> frames_;
    std::vector<ComplexLanes> spectra_;
    std::vector<ComplexLanes> products_;
    std::vector<float> window_;
    std::vector<float> scale_;
    std::vector<float> silence_;
    std::vector<float> output_;
};

/// sin(pi x) / (pi x)
double sinc(double x) {
    return x == 0 ? 1 : sin_of_turns(x / 2) / (std::numbers::pi * x);
}

} // namespace

std::vector<float> convolve(const std::vector<float>& input, const std::vector<float>& taps) {
    if (input.empty() || taps.empty()) {
        return {};
    }
    return Convolver(input, taps).run();
}

std::vector<float> filter_centered(const std::vector<float>& input, const std::vector<float>& taps) {
    std::vector<float> output = convolve(input, taps);
    if (!output.empty()) {
        output.erase(output.begin(), output.begin() + static_cast<std::ptrdiff_t>(taps.size() / 2));
    }
    output.resize(input.size());
    return output;
}

double bessel_i0(double x) {
    double term = 1;
    double sum = 1;
    for (int k = 1; term > 1e-17 * sum; ++k) {
        term *= x * x / (4.0 * k * k);
        sum += term;
    }
    return sum;
}

std::vector<float> lowpass_taps(double cutoff_hz, double transition_hz, double sample_rate_hz) {
    const double beta = 0.1102 * (kStopBand_db - 8.7);
    const double width = 2 * std::numbers::pi * transition_hz / sample_rate_hz;
    const auto half = static_cast<std::ptrdiff_t>((kStopBand_db - 8) / (2.285 * width) / 2) + 1;
    const double per_sample = 2 * cutoff_hz / sample_rate_hz;
    std::vector<double> taps;
    double sum = 0;
    for (std::ptrdiff_t j = -half; j <= half; ++j) {
        const double place = static_cast<double>(j) / static_cast<double>(half + 1);
        const double window = bessel_i0(beta * std::sqrt(1 - place * place)) / bessel_i0(beta);
        taps.push_back(per_sample * sinc(per_sample * static_cast<double>(j)) * window);
        sum += taps.back();
    }
    std::vector<float> result;
    for (const double tap : taps) {
        result.push_back(static_cast<float>(tap / sum));
    }
    return result;
}

std::vector<float> highpass_taps(double cutoff_hz, double transition_hz, double sample_rate_hz) {
    std::vector<float> taps = lowpass_taps(cutoff_hz, transition_hz, sample_rate_hz);
    for (float& tap : taps) {
        tap = -tap;
    }
    taps[taps.size() / 2] += 1.0F;
    return taps;
}

std::vector<float> shaping_taps(const std::function<double(double)>& magnitude, double sample_rate_hz) {
    std::vector<ComplexLanes> spectrum(kShapingSize, ComplexLanes{});
    for (std::size_t k = 0; k <= kShapingSize / 2; ++k) {
        const double frequency_hz = static_cast<double>(k) * sample_rate_hz / static_cast<double>(kShapingSize);
        const auto gain = static_cast<float>(magnitude(frequency_hz) / static_cast<double>(kShapingSize));
        spectrum[k].re[0] = gain;
        spectrum[(kShapingSize - k) % kShapingSize].re[0] = gain;
    }
    std::vector<ComplexLanes> response(kShapingSize);
    BatchFft(kShapingSize).inverse(spectrum.data(), response.data());
    const std::vector<float> window = hann_window(kShapingSize);
    std::vector<float> taps;
    for (std::size_t j = 1; j < kShapingSize; ++j) {
        taps.push_back(window[j] * response[(j + kShapingSize / 2) % kShapingSize].re[0]);
    }
    return taps;
}

std::vector<float> hilbert_taps() {
    const std::vector<float> window = hann_window(2 * kHilbertHalf + 2);
    std::vector<float> taps;
    for (std::size_t j = 0; j <= 2 * kHilbertHalf; ++j) {
        const double distance = static_cast<double>(j) - static_cast<double>(kHilbertHalf);
        const bool is_odd = (j + kHilbertHalf) % 2 == 1;
        taps.push_back(is_odd ? static_cast<float>(2 / (std::numbers::pi * distance)) * window[j + 1] : 0.0F);
    }
    return taps;
}

} // namespace wm
