#include "watermark/gain_filter.h"

#include <algorithm>
#include <array>

#include "analysis/window.h"
#include "kernels/kernels.h"

namespace wm {
namespace {

constexpr std::size_t kNumBins = GainFilter::kFrameSize / 2 + 1;
constexpr std::size_t kNoBand = kNumBands;
constexpr float kOctavesPerDecibel = 0.166096405F; ///< log2(10) / 20

/// The band in which the centre of each bin lies.
std::vector<std::size_t> bands_of_bins() {
    const std::vector<double>& edges = band_edges_hz();
    std::vector<std::size_t> bands(kNumBins, kNoBand);
    for (std::size_t k = 0; k < kNumBins; ++k) {
        const double frequency_hz = static_cast<double>(k) * kTileRate_hz / GainFilter::kFrameSize;
        const auto above = std::upper_bound(edges.begin(), edges.end(), frequency_hz);
        if (above != edges.begin() && above != edges.end()) {
            bands[k] = static_cast<std::size_t>(above - edges.begin()) - 1;
        }
    }
    return bands;
}

} // namespace

GainFilter::GainFilter()
    : stft_(sine_window(kFrameSize)), spectrum_(kFrameSize), bin_gains_(kNumBins), band_of_bin_(bands_of_bins()) {}

/// Fills bin_gains_ with 10^(gain / 20) - 1.
void GainFilter::spread_gains(const float* gains) {
    std::array<float, kRowsPerBatch * kMapStride> factors;
    for (std::size_t i = 0; i < factors.size(); ++i) {
        factors[i] = gains[i] * kOctavesPerDecibel;
    }
    kernels().exp2(factors.data(), factors.size(), factors.data());
    for (std::size_t k = 0; k < kNumBins; ++k) {
        if (band_of_bin_[k] == kNoBand) {
            continue;
        }
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            const std::size_t row = lane * kHop / kRowSamples;
            bin_gains_[k].value[lane] = factors[row * kMapStride + band_of_bin_[k]] - 1.0F;
        }
    }
}

void GainFilter::apply(const SampleHistory& host, std::int64_t first_row, const float* gains, SampleHistory& residual) {
    spread_gains(gains);
    const std::int64_t start = first_row * static_cast<std::int64_t>(kRowSamples) + kFrameOffset;
    for (std::size_t c = 0; c < host.num_channels(); c += 2) {
        const InputFrames first = input_frames(host.at(c, start), kHop);
        const bool is_pair = c + 1 < host.num_channels();
        if (is_pair) {
            stft_.forward(first, input_frames(host.at(c + 1, start), kHop), spectrum_.data());
        } else {
            stft_.forward(first, spectrum_.data());
        }
        kernels().packed_scale(bin_gains_.data(), kFrameSize, spectrum_.data());
        const OutputFrames first_output = output_frames(residual.at(c, start), kHop);
        if (is_pair) {
            stft_.inverse(spectrum_.data(), first_output, output_frames(residual.at(c + 1, start), kHop));
        } else {
            stft_.inverse(spectrum_.data(), first_output);
        }
    }
}

} // namespace wm
