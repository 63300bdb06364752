#include "fingerprint/level_map.h"

#include <algorithm>
#include <cmath>

#include "analysis/window.h"

namespace wm {
namespace {

constexpr std::size_t kBatchFrames = 2 * kLanes;
constexpr std::size_t kBatchSamples = (kBatchFrames - 1) * kHopSamples + kFrameSamples;
constexpr float kPowerFloor = 1e-5F;
constexpr double kStep = 1.0194406437021448;     // 2^(1/36)
constexpr double kHalfStep = 1.0096735332285108; // 2^(1/72)

/// A band's bins and, for its level per bin, how many bins it is wide.
struct Band {
    BandSpan span;
    float width = 1;
};

Band band_at(double center_bin) {
    const double low = center_bin / kHalfStep;
    const double high = center_bin * kHalfStep;
    Band band;
    if (high - low < 2) {
        const double whole = std::floor(center_bin);
        const auto first = static_cast<std::uint32_t>(whole);
        const auto share = static_cast<float>(center_bin - whole);
        band.span = {first, first + 1, 1 - share, share};
        return band;
    }
    // Bin k covers k - 1/2 to k + 1/2.
    const double first = std::floor(low + 0.5);
    const double last = std::floor(high + 0.5);
    band.span = {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last),
                 static_cast<float>(first + 0.5 - low), static_cast<float>(high - last + 0.5)};
    band.width = static_cast<float>(high - low);
    return band;
}

} // namespace

LevelStream::LevelStream() : stft_(hann_window(kFrameSamples)), spectrum_(kFrameSamples), sums_(kLevelStride) {
    double center_bin = kLowestBand_hz * kFrameSamples / kFingerprintRate_hz;
    for (std::size_t b = 0; b < kNumBands; ++b, center_bin *= kStep) {
        const Band band = band_at(center_bin);
        spans_.push_back(band.span);
        bin_shares_.push_back(1 / band.width);
    }
    spans_.resize(kLevelStride, spans_.back());
    bin_shares_.resize(kLevelStride, bin_shares_.back());
    first_bin_ = spans_.front().first;
    num_bins_ = spans_.back().last + 1 - first_bin_;
    for (BandSpan& span : spans_) {
        span.first -= static_cast<std::uint32_t>(first_bin_);
        span.last -= static_cast<std::uint32_t>(first_bin_);
    }
    for (std::vector<RealLanes>& power : powers_) {
        power.resize(num_bins_);
    }
}

void LevelStream::push(const float* samples, std::size_t num_samples, std::vector<float>& rows) {
    waiting_.insert(waiting_.end(), samples, samples + num_samples);
    std::size_t done = 0;
    for (; waiting_.size() - done >= kBatchSamples; done += kBatchFrames * kHopSamples) {
        transform(waiting_.data() + done, kBatchFrames, rows);
    }
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(done));
}

void LevelStream::finish(std::vector<float>& rows) {
    if (waiting_.size() >= kFrameSamples) {
        const std::size_t num_rows = (waiting_.size() - kFrameSamples) / kHopSamples + 1;
        waiting_.resize(kBatchSamples, 0.0F);
        transform(waiting_.data(), num_rows, rows);
    }
    waiting_.clear();
}

void LevelStream::transform(const float* samples, std::size_t num_rows, std::vector<float>& rows) {
    const Kernels& kernel = kernels();
    stft_.forward(input_frames(samples, kHopSamples), input_frames(samples + kLanes * kHopSamples, kHopSamples),
                  spectrum_.data());
    kernel.unpacked_power(spectrum_.data(), kFrameSamples, first_bin_, num_bins_, powers_[0].data(), powers_[1].data());
    append_rows(powers_[0], std::min(num_rows, kLanes), rows);
    if (num_rows > kLanes) {
        append_rows(powers_[1], num_rows - kLanes, rows);
    }
}

void LevelStream::append_rows(const std::vector<RealLanes>& power, std::size_t num_rows, std::vector<float>& rows) {
    const Kernels& kernel = kernels();
    const std::size_t start = rows.size();
    rows.resize(start + kLanes * kLevelStride);
    float* const first_row = rows.data() + start;
    kernel.tiles.band_sums(power.data(), spans_.data(), kLevelStride, sums_.data());
    kernel.tiles.lanes_to_rows(sums_.data(), kLevelStride, output_frames(first_row, kLevelStride).data());
    for (std::size_t row = 0; row < kLanes; ++row) {
        for (std::size_t b = 0; b < kLevelStride; ++b) {
            float& power_per_bin = first_row[row * kLevelStride + b];
            power_per_bin = power_per_bin * bin_shares_[b] + kPowerFloor;
        }
    }
    kernel.log2(first_row, kLanes * kLevelStride, first_row);
    rows.resize(start + num_rows * kLevelStride);
}

} // namespace wm
