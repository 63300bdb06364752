#include "fingerprint/peaks.h"

#include <algorithm>

namespace wm {
namespace {

constexpr std::size_t kContextFrames = 16;
constexpr std::size_t kContextBands = 9;
constexpr float kLeastExcess = 0.3F; // in log2 of power
/// How much of its surroundings' level a peak's strength leaves out.
constexpr float kContextWeight = 0.85F;

/// means[b] = the mean of the levels up to kContextBands below and above.
void average_bands(const float* levels, float* means) {
    float sum = 0;
    for (std::size_t b = 0; b < kContextBands; ++b) {
        sum += levels[b];
    }
    std::size_t count = kContextBands;
    for (std::size_t b = 0; b < kNumBands; ++b) {
        if (b + kContextBands < kNumBands) {
            sum += levels[b + kContextBands];
            ++count;
        }
        if (b > kContextBands) {
            sum -= levels[b - kContextBands - 1];
            --count;
        }
        means[b] = sum / static_cast<float>(count);
    }
    std::fill(means + kNumBands, means + kLevelStride, means[kNumBands - 1]);
}

/// Where a parabola through three neighbours has its top, from the middle one.
float vertex(float before, float top, float after) {
    const float curvature = before - 2 * top + after;
    return curvature < -1e-6F ? std::clamp(0.5F * (before - after) / curvature, -0.5F, 0.5F) : 0.0F;
}

std::uint32_t quantized(float value, std::size_t steps, std::size_t num_levels) {
    const float scaled = std::max(0.0F, value * static_cast<float>(steps) + 0.5F);
    return std::min(static_cast<std::uint32_t>(scaled), static_cast<std::uint32_t>(num_levels - 1));
}

} // namespace

void PeakFinder::push(const float* rows, std::size_t num_rows, std::vector<SpectralPeak>& peaks) {
    levels_.insert(levels_.end(), rows, rows + num_rows * kLevelStride);
    const std::size_t known = band_means_.size();
    band_means_.resize(levels_.size());
    for (std::size_t k = known; k < levels_.size(); k += kLevelStride) {
        average_bands(levels_.data() + k, band_means_.data() + k);
    }
    num_frames_ += num_rows;
    while (num_frames_ >= block_start_ + kCellFrames + kContextFrames) {
        find_in_block(peaks);
    }
}

void PeakFinder::finish(std::vector<SpectralPeak>& peaks) {
    while (block_start_ < num_frames_) {
        find_in_block(peaks);
    }
}

void PeakFinder::find_in_block(std::vector<SpectralPeak>& peaks) {
    const std::size_t first = block_start_ - first_row_;
    const std::size_t last = std::min(first + kCellFrames, num_kept_rows());
    std::vector<float> means(kLevelStride);
    context_sums_.assign(kLevelStride, 0.0F);
    std::size_t begin = first < kContextFrames ? 0 : first - kContextFrames;
    std::size_t end = begin;
    for (std::size_t row = first; row < last; ++row) {
        for (; end < std::min(row + kContextFrames + 1, num_kept_rows()); ++end) {
            for (std::size_t b = 0; b < kLevelStride; ++b) {
                context_sums_[b] += band_means_[end * kLevelStride + b];
            }
        }
        for (; begin + kContextFrames < row; ++begin) {
            for (std::size_t b = 0; b < kLevelStride; ++b) {
                context_sums_[b] -= band_means_[begin * kLevelStride + b];
            }
        }
        const float share = 1.0F / static_cast<float>(end - begin);
        for (std::size_t b = 0; b < kLevelStride; ++b) {
            means[b] = context_sums_[b] * share;
        }
        if (row > 0 && row + 1 < num_kept_rows()) {
            find_in_row(row, means.data());
        }
    }
    append_cells(peaks);
    block_start_ += kCellFrames;
    const std::size_t keep_from = block_start_ - kContextFrames;
    const std::size_t obsolete = std::min(keep_from - first_row_, num_kept_rows());
    const auto erased = static_cast<std::ptrdiff_t>(obsolete * kLevelStride);
    levels_.erase(levels_.begin(), levels_.begin() + erased);
    band_means_.erase(band_means_.begin(), band_means_.begin() + erased);
    first_row_ += obsolete;
}

void PeakFinder::find_in_row(std::size_t row, const float* means) {
    const float* const levels = level_row(row);
    const float* const before = level_row(row - 1);
    const float* const after = level_row(row + 1);
    for (std::size_t b = 1; b + 1 < kNumBands; ++b) {
        const float level = levels[b];
        if (level - means[b] >= kLeastExcess && level >= levels[b - 1] && level >= levels[b + 1] &&
            level >= before[b] && level >= after[b] && is_local_maximum(row, b)) {
            add_candidate(row, b, means[b]);
        }
    }
}

bool PeakFinder::is_local_maximum(std::size_t row, std::size_t band) const {
    const float level = level_row(row)[band];
    const std::size_t first_row = row < selection_.num_frames ? 0 : row - selection_.num_frames;
    const std::size_t last_row = std::min(row + selection_.num_frames, num_kept_rows() - 1);
    const std::size_t first_band = band < selection_.num_bands ? 0 : band - selection_.num_bands;
    const std::size_t last_band = std::min(band + selection_.num_bands, kNumBands - 1);
    for (std::size_t r = first_row; r <= last_row; ++r) {
        const float* const levels = level_row(r);
        for (std::size_t b = first_band; b <= last_band; ++b) {
            if (levels[b] > level) {
                return false;
            }
        }
    }
    return true;
}

void PeakFinder::add_candidate(std::size_t row, std::size_t band, float mean) {
    const float* const at = level_row(row) + band;
    const float time = static_cast<float>(first_row_ + row - block_start_) +
                       vertex(level_row(row - 1)[band], *at, level_row(row + 1)[band]);
    const float place = static_cast<float>(band % kBandsPerOctave) + vertex(at[-1], *at, at[1]);
    candidates_[band / kBandsPerOctave].push_back({*at - kContextWeight * mean, time, place});
}

void PeakFinder::append_cells(std::vector<SpectralPeak>& peaks) {
    for (std::size_t octave = 0; octave < kNumOctaves; ++octave) {
        std::vector<Candidate>& cell = candidates_[octave];
        std::stable_sort(cell.begin(), cell.end(),
                         [](const Candidate& a, const Candidate& b) { return a.strength > b.strength; });
        for (std::size_t rank = 0; rank < std::min(cell.size(), selection_.cell_peaks); ++rank) {
            const std::uint32_t time = quantized(cell[rank].time, kTimeSteps, kCellFrames * kTimeSteps);
            const std::uint32_t band = quantized(cell[rank].band, kBandSteps, kBandsPerOctave * kBandSteps);
            peaks.push_back({static_cast<std::uint32_t>(block_start_ * kTimeSteps) + time,
                             static_cast<std::uint16_t>(octave * kBandsPerOctave * kBandSteps + band),
                             static_cast<std::uint8_t>(rank)});
        }
        cell.clear();
    }
}

} // namespace wm
