#include "evaluate/quality/alignment.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <vector>

#include "evaluate/quality/precise_fft.h"

namespace wm {
namespace {

constexpr double kCompared_s = 10;
constexpr double kMostDelay_s = 0.25;
constexpr float kAudible = 1e-3F; // -60 dBFS
constexpr double kLeastGain = 4;

/// The first sample of any channel that can be heard, or the number of samples.
std::size_t first_audible(const Audio& audio) {
    std::size_t first = audio.num_samples();
    for (const std::vector<float>& channel : audio.channels) {
        const auto place =
            std::find_if(channel.begin(), channel.end(), [](float sample) { return std::abs(sample) > kAudible; });
        first = std::min(first, static_cast<std::size_t>(place - channel.begin()));
    }
    return first;
}

/// The sum of all channels from `first` on, `count` samples followed by silence up to `size`.
std::vector<double> downmix(const Audio& audio, std::int64_t first, std::size_t count, std::size_t size) {
    std::vector<double> sum(size, 0.0);
    for (const std::vector<float>& channel : audio.channels) {
        for (std::size_t j = 0; j < count; ++j) {
            const std::int64_t place = first + static_cast<std::int64_t>(j);
            if (place >= 0 && place < static_cast<std::int64_t>(channel.size())) {
                sum[j] += static_cast<double>(channel[static_cast<std::size_t>(place)]);
            }
        }
    }
    return sum;
}

/// products[lag] = sum over j of a[j] * b[j + lag], for all lags.
std::vector<double> correlate(const std::vector<double>& a, const std::vector<double>& b) {
    PreciseFft fft(a.size());
    std::vector<std::complex<double>> spectrum_a(fft.num_bins());
    std::vector<std::complex<double>> spectrum_b(fft.num_bins());
    fft.forward(a.data(), spectrum_a.data());
    fft.forward(b.data(), spectrum_b.data());
    for (std::size_t k = 0; k < fft.num_bins(); ++k) {
        spectrum_b[k] *= std::conj(spectrum_a[k]) / static_cast<double>(a.size());
    }
    std::vector<double> products(a.size());
    fft.inverse(spectrum_b.data(), products.data());
    return products;
}

} // namespace

std::int64_t find_delay(const Audio& reference, const Audio& test) {
    const auto most = static_cast<std::size_t>(kMostDelay_s * reference.sample_rate_hz);
    const auto wanted = static_cast<std::size_t>(kCompared_s * reference.sample_rate_hz);
    const std::size_t first = first_audible(reference);
    const std::size_t count = std::min(wanted, reference.num_samples() - first);
    if (count <= most) {
        return 0;
    }
    const std::size_t size = std::bit_ceil(count + 2 * most);
    // The test's piece begins `most` samples earlier, so that product `lag` stands for a delay of lag - most.
    const std::vector<double> host = downmix(reference, static_cast<std::int64_t>(first), count, size);
    const std::vector<double> copy =
        downmix(test, static_cast<std::int64_t>(first) - static_cast<std::int64_t>(most), count + 2 * most, size);
    const std::vector<double> products = correlate(host, copy);

    double host_energy = 0;
    double copy_energy = 0; // of what overlaps the host's piece at the lag
    for (std::size_t j = 0; j < count; ++j) {
        host_energy += host[j] * host[j];
        copy_energy += copy[j] * copy[j];
    }
    double least = host_energy; // of what the best gain leaves of the host
    double least_unshifted = host_energy;
    std::size_t best = most;
    for (std::size_t lag = 0; lag <= 2 * most; ++lag) {
        const double explained = products[lag] > 0 && copy_energy > 0 ? products[lag] * products[lag] / copy_energy : 0;
        const double left = host_energy - std::min(explained, host_energy);
        if (lag == most) {
            least_unshifted = left;
        }
        if (left < least) {
            least = left;
            best = lag;
        }
        copy_energy += copy[lag + count] * copy[lag + count] - copy[lag] * copy[lag];
    }
    const bool is_worth_it = least_unshifted > kLeastGain * least + 1e-12 * host_energy;
    return is_worth_it ? static_cast<std::int64_t>(best) - static_cast<std::int64_t>(most) : 0;
}

} // namespace wm
