#include "fingerprint/contrast_map.h"

#include <algorithm>
#include <cmath>

namespace wm {
namespace {

constexpr std::size_t kContextFrames = 12;
constexpr std::size_t kContextBands = 8;
constexpr std::size_t kFrameBands = 18;
constexpr float kLeastVariance = 0.05F;

/// means[b] = the mean of row[b - half] ... row[b + half], as far as there are bands.
void average_bands(const float* row, std::size_t half, float* means) {
    float sum = 0;
    for (std::size_t b = 0; b < half; ++b) {
        sum += row[b];
    }
    std::size_t count = half;
    for (std::size_t b = 0; b < kNumBands; ++b) {
        if (b + half < kNumBands) {
            sum += row[b + half];
            ++count;
        }
        if (b > half) {
            sum -= row[b - half - 1];
            --count;
        }
        means[b] = sum / static_cast<float>(count);
    }
    std::fill(means + kNumBands, means + kLevelStride, 0.0F);
}

/// The mean over kContextFrames before and after and kContextBands below and above.
std::vector<float> local_means(const float* map, std::size_t num_frames) {
    std::vector<float> over_bands(num_frames * kLevelStride);
    for (std::size_t t = 0; t < num_frames; ++t) {
        average_bands(map + t * kLevelStride, kContextBands, over_bands.data() + t * kLevelStride);
    }
    std::vector<float> means(over_bands.size());
    std::vector<float> sums(kLevelStride, 0.0F);
    std::size_t begin = 0;
    std::size_t end = 0;
    for (std::size_t t = 0; t < num_frames; ++t) {
        for (; end < std::min(t + kContextFrames + 1, num_frames); ++end) {
            for (std::size_t b = 0; b < kLevelStride; ++b) {
                sums[b] += over_bands[end * kLevelStride + b];
            }
        }
        for (; begin + kContextFrames < t; ++begin) {
            for (std::size_t b = 0; b < kLevelStride; ++b) {
                sums[b] -= over_bands[begin * kLevelStride + b];
            }
        }
        const float share = 1.0F / static_cast<float>(end - begin);
        for (std::size_t b = 0; b < kLevelStride; ++b) {
            means[t * kLevelStride + b] = sums[b] * share;
        }
    }
    return means;
}

} // namespace

ContrastMap::ContrastMap(const float* levels, std::size_t num_frames)
    : num_frames_(num_frames), contrasts_(num_frames * kLevelStride), variances_(kNumBands, 1e-3F) {
    const std::vector<float> means = local_means(levels, num_frames);
    std::vector<float> squares(contrasts_.size());
    for (std::size_t k = 0; k < squares.size(); ++k) {
        contrasts_[k] = levels[k] - means[k];
        squares[k] = contrasts_[k] * contrasts_[k];
    }
    const std::vector<float> variances = local_means(squares.data(), num_frames);
    for (std::size_t k = 0; k < squares.size(); ++k) {
        contrasts_[k] =
            std::clamp(contrasts_[k] / std::sqrt(std::max(variances[k], 0.0F) + kLeastVariance), -1.5F, 2.5F);
    }
    std::vector<float> frame_means(kLevelStride);
    std::vector<float> band_means(kLevelStride, 0.0F);
    for (std::size_t t = 0; t < num_frames; ++t) {
        float* const row = contrasts_.data() + t * kLevelStride;
        average_bands(row, kFrameBands, frame_means.data());
        for (std::size_t b = 0; b < kLevelStride; ++b) {
            row[b] -= frame_means[b];
            band_means[b] += row[b] / static_cast<float>(num_frames);
        }
    }
    for (std::size_t t = 0; t < num_frames; ++t) {
        float* const row = contrasts_.data() + t * kLevelStride;
        for (std::size_t b = 0; b < kNumBands; ++b) {
            row[b] -= band_means[b];
            variances_[b] += row[b] * row[b] / static_cast<float>(num_frames);
        }
    }
}

} // namespace wm
