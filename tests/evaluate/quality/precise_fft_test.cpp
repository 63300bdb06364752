#include "evaluate/quality/precise_fft.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace wm {
namespace {

std::vector<double> draw_signal(std::size_t size) {
    return *rc::gen::container<std::vector<double>>(
        size, rc::gen::map(rc::gen::inRange(-1000, 1001), [](int value) { return value / 1000.0; }));
}

RC_GTEST_PROP(PreciseFft, AgreesWithItsDefinition, ()) {
    const auto size = *rc::gen::element<std::size_t>(4, 6, 16, 30, 64);
    const std::vector<double> signal = draw_signal(size);
    PreciseFft fft(size);
    std::vector<std::complex<double>> spectrum(fft.num_bins());
    fft.forward(signal.data(), spectrum.data());
    for (std::size_t k = 0; k < fft.num_bins(); ++k) {
        std::complex<double> sum = 0;
        for (std::size_t j = 0; j < size; ++j) {
            const double turns = static_cast<double>(j * k) / static_cast<double>(size);
            sum += signal[j] * std::polar(1.0, -2 * std::numbers::pi * turns);
        }
        RC_ASSERT(std::abs(spectrum[k] - sum) < 1e-12 * static_cast<double>(size));
    }
}

RC_GTEST_PROP(PreciseFft, ComesBack, ()) {
    const auto size = *rc::gen::element<std::size_t>(4, 30, 2048);
    const std::vector<double> signal = draw_signal(size);
    PreciseFft fft(size);
    std::vector<std::complex<double>> spectrum(fft.num_bins());
    std::vector<double> back(size);
    fft.forward(signal.data(), spectrum.data());
    fft.inverse(spectrum.data(), back.data());
    for (std::size_t j = 0; j < size; ++j) {
        RC_ASSERT(std::abs(back[j] / static_cast<double>(size) - signal[j]) < 1e-13);
    }
}

} // namespace
} // namespace wm
