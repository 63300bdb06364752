#include "fingerprint/contrast_map.h"

#include <algorithm>
#include <cmath>

namespace wm {
namespace {

constexpr std::size_t kContextFrames = 12;
constexpr std::size_t kContextBands = 8;
constexpr std::size_t kFrameBands = 18;
constexpr float kLeastVariance = 0.05F;
/// A peak of the query is the maximum of so many frames before and after it, and of so many bands, and stands out by so much.
constexpr std::size_t kPeakReach = 3;
constexpr float kLeastExcess = 0.3F; // in log2 of power
/// What a peak adds to its place, the four beside that, and the four at its corners.
constexpr float kPeakBonus = 2.0F;
constexpr float kBesideBonus = 1.0F;
constexpr float kCornerBonus = 0.5F;

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

/// Whether nothing within kPeakReach of `frame` and `band` is louder.
bool is_peak(const float* levels, std::size_t num_frames, std::size_t frame, std::size_t band) {
    const float level = levels[frame * kLevelStride + band];
    const std::size_t first_band = band - std::min(band, kPeakReach);
    const std::size_t end_band = std::min(band + kPeakReach + 1, kNumBands);
    const std::size_t end_frame = std::min(frame + kPeakReach + 1, num_frames);
    for (std::size_t t = frame - std::min(frame, kPeakReach); t < end_frame; ++t) {
        const float* const row = levels + t * kLevelStride;
        for (std::size_t b = first_band; b < end_band; ++b) {
            if (row[b] > level) {
                return false;
            }
        }
    }
    return true;
}

/// Calls use(frame, band) for the peaks that have neighbours on all sides.
template <class Use>
void for_each_peak(const float* levels, const std::vector<float>& means, std::size_t num_frames, Use use) {
    for (std::size_t t = 1; t + 1 < num_frames; ++t) {
        const float* const row = levels + t * kLevelStride;
        const float* const mean = means.data() + t * kLevelStride;
        for (std::size_t b = 1; b + 1 < kNumBands; ++b) {
            if (row[b] - mean[b] >= kLeastExcess && row[b] >= row[b - 1] && row[b] >= row[b + 1] &&
                is_peak(levels, num_frames, t, b)) {
                use(t, b);
            }
        }
    }
}

/// How much closer than a loud region a peak says where something is heard; bonuses of neighbours do not add up.
std::vector<float> peak_bonuses(const float* levels, const std::vector<float>& means, std::size_t num_frames) {
    std::vector<float> bonuses(num_frames * kLevelStride, 0.0F);
    for_each_peak(levels, means, num_frames, [&](std::size_t frame, std::size_t band) {
        for (std::size_t t = frame - 1; t <= frame + 1; ++t) {
            for (std::size_t b = band - 1; b <= band + 1; ++b) {
                const bool same_frame = t == frame;
                const bool same_band = b == band;
                const float bonus = same_frame && same_band   ? kPeakBonus
                                    : same_frame || same_band ? kBesideBonus
                                                              : kCornerBonus;
                float& cell = bonuses[t * kLevelStride + b];
                cell = std::max(cell, bonus);
            }
        }
    });
    return bonuses;
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
    const std::vector<float> bonuses = peak_bonuses(levels, means, num_frames);
    for (std::size_t k = 0; k < bonuses.size(); ++k) {
        contrasts_[k] += bonuses[k];
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
