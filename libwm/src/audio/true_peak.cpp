#include "audio/true_peak.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "kernels/kernels.h"
#include "kernels/unit_root.h"

namespace wm {
namespace {

constexpr std::size_t kTaps = 12;
constexpr std::size_t kPhases = 3;

/// Fourfold oversampling with a Hann-windowed sinc over 12 samples. Phase p (1 to 3) stands p / 4 of a sample after the sixth
/// of the samples it weighs.
struct Interpolator {
    std::array<float, kPhases * kTaps> taps;
    float gain = 1;       ///< largest sum of |taps|: bounds the true peak by the sample peak
    float ramp_error = 0; ///< largest sum of |tap| * |distance|: bounds what a slope of 1 per sample in a gain can add
};

Interpolator make_interpolator() {
    Interpolator result;
    for (std::size_t phase = 1; phase <= kPhases; ++phase) {
        float gain = 0;
        float ramp_error = 0;
        for (std::size_t j = 0; j < kTaps; ++j) {
            const auto quarters = static_cast<std::int64_t>(phase + 20) - static_cast<std::int64_t>(4 * j);
            const double distance = static_cast<double>(quarters) / 4;
            const double sinc = unit_root(quarters, 8).sin / (M_PI * distance);
            const double hann = 0.5 + 0.5 * unit_root(quarters, 48).cos;
            const float tap = static_cast<float>(sinc * hann);
            result.taps[(phase - 1) * kTaps + j] = tap;
            gain += std::abs(tap);
            ramp_error += std::abs(tap * static_cast<float>(distance));
        }
        result.gain = std::max(result.gain, gain);
        result.ramp_error = std::max(result.ramp_error, ramp_error);
    }
    return result;
}

const Interpolator& interpolator() {
    static const Interpolator instance = make_interpolator();
    return instance;
}

/// Works in blocks. Each block gets the largest constant gain that keeps it and its surroundings below the ceiling; the gain
/// that is applied ramps linearly between block boundaries and stays below the needed gains of all blocks, rising and falling
/// by at most 1 / num_ramp_blocks a block.
///
/// With h the host, r the residual and 0 <= g <= 1, |h + g r| <= (1 - g) |h| + g |h + r|, for interpolated values too; so
/// g = (limit - host peak) / (marked peak - host peak) holds the limit. A gain that ramps inside the interpolator's reach adds
/// at most ramp_error * slope * |r|, which is taken off the limit.
class BlockGuard : public TruePeakGuard {
public:
    BlockGuard(int num_channels, double sample_rate_hz)
        : num_ramp_blocks_(std::max<std::size_t>(4, static_cast<std::size_t>(sample_rate_hz * kRampSeconds / kBlock))),
          slope_per_block_(1.0F / static_cast<float>(num_ramp_blocks_)),
          host_(static_cast<std::size_t>(num_channels), std::vector<float>(kMargin, 0.0F)), residual_(host_) {}

    void push(const float* const* host, const float* const* residual, std::size_t num_samples,
              std::vector<std::vector<float>>& output) override {
        for (std::size_t c = 0; c < host_.size(); ++c) {
            host_[c].insert(host_[c].end(), host[c], host[c] + num_samples);
            residual_[c].insert(residual_[c].end(), residual[c], residual[c] + num_samples);
        }
        num_pending_ += num_samples;
        advance(output);
    }

    void finish(std::vector<std::vector<float>>& output) override {
        const std::size_t padding = (num_ramp_blocks_ + 2) * kBlock + kMargin;
        for (std::size_t c = 0; c < host_.size(); ++c) {
            host_[c].resize(host_[c].size() + padding, 0.0F);
            residual_[c].resize(residual_[c].size() + padding, 0.0F);
        }
        advance(output);
    }

private:
    static constexpr double kRampSeconds = 0.01;
    static constexpr std::size_t kBlock = 64;
    /// Peaks are looked for this far outside a block, so that next to a block of gain 0 the gain is 0 as far as the
    /// interpolator reaches.
    static constexpr std::size_t kOverlap = 8;
    static constexpr std::size_t kMargin = 16; ///< kOverlap and half the interpolator, rounded up
    static constexpr std::size_t kSpan = kBlock + 2 * kMargin;
    static constexpr float kRounding = 1e-6F;

    void advance(std::vector<std::vector<float>>& output) {
        std::size_t num_done = 0;
        while ((num_done + needed_.size() + 1) * kBlock + 2 * kMargin <= host_[0].size()) {
            needed_.push_back(needed_gain((num_done + needed_.size()) * kBlock));
            if (needed_.size() > num_ramp_blocks_) {
                emit(kMargin + num_done * kBlock, output);
                ++num_done;
            }
        }
        const auto num_samples = static_cast<std::ptrdiff_t>(num_done * kBlock);
        for (std::size_t c = 0; c < host_.size(); ++c) {
            host_[c].erase(host_[c].begin(), host_[c].begin() + num_samples);
            residual_[c].erase(residual_[c].begin(), residual_[c].begin() + num_samples);
        }
    }

    /// The true peak of a span, between kOverlap before its block and kOverlap after.
    static float true_peak(const float* span) {
        constexpr std::size_t kFirst = kMargin - kOverlap;
        constexpr std::size_t kCount = kBlock + 2 * kOverlap;
        const float between = kernels().interpolated_peak(span + kFirst - 5, interpolator().taps.data(), kCount);
        return std::max(between, kernels().peak(span + kFirst, kCount));
    }

    /// The gain that the block whose span starts at `start` needs; raises the ceiling to the host's own true peak.
    float needed_gain(std::size_t start) {
        float gain = 1;
        for (std::size_t c = 0; c < host_.size(); ++c) {
            const float* host = host_[c].data() + start;
            const float* residual = residual_[c].data() + start;
            const float residual_peak = kernels().peak(residual, kSpan);
            const float sample_peak = kernels().peak(host, kSpan) + residual_peak;
            if (residual_peak > 0 && sample_peak * interpolator().gain > ceiling_) {
                gain = std::min(gain, channel_gain(host, residual, residual_peak));
            }
        }
        return gain;
    }

    float channel_gain(const float* host, const float* residual, float residual_peak) {
        std::array<float, kSpan> marked;
        for (std::size_t k = 0; k < kSpan; ++k) {
            marked[k] = host[k] + residual[k];
        }
        const float slope_per_sample = slope_per_block_ / static_cast<float>(kBlock);
        const float allowance = interpolator().ramp_error * slope_per_sample * residual_peak + kRounding;
        const float marked_peak = true_peak(marked.data());
        if (marked_peak <= ceiling_ - allowance) {
            return 1;
        }
        const float host_peak = true_peak(host);
        ceiling_ = std::max(ceiling_, host_peak);
        const float limit = ceiling_ - allowance;
        if (marked_peak <= limit) {
            return 1;
        }
        return host_peak >= limit ? 0.0F : (limit - host_peak) / (marked_peak - host_peak);
    }

    /// The highest gain at the start of a block from which the gains that it and all later blocks need can be reached.
    float gain_before(std::size_t block) const {
        float gain = 1;
        for (std::size_t k = block; k < needed_.size(); ++k) {
            gain = std::min(gain, needed_[k] + slope_per_block_ * static_cast<float>(k - block));
        }
        return gain;
    }

    /// Appends the oldest block, whose samples start at `start`, and forgets what it needed.
    void emit(std::size_t start, std::vector<std::vector<float>>& output) {
        start_gain_ = std::min(start_gain_, gain_before(0)); // already so, but for the very first block
        const float end_gain = std::min({needed_[0], start_gain_ + slope_per_block_, gain_before(1)});
        const std::size_t count = std::min(kBlock, num_pending_);
        const float step = (end_gain - start_gain_) / static_cast<float>(kBlock);
        for (std::size_t c = 0; c < residual_.size(); ++c) {
            const float* from = residual_[c].data() + start;
            const std::size_t end = output[c].size();
            output[c].resize(end + count);
            for (std::size_t k = 0; k < count; ++k) {
                output[c][end + k] = from[k] * (start_gain_ + step * static_cast<float>(k));
            }
        }
        start_gain_ = end_gain;
        num_pending_ -= count;
        needed_.erase(needed_.begin());
    }

    std::size_t num_ramp_blocks_;
    float slope_per_block_;
    std::vector<std::vector<float>> host_;     ///< from kMargin before the oldest block that is not out yet
    std::vector<std::vector<float>> residual_; ///< likewise
    std::vector<float> needed_;                ///< gains of the blocks that are not out yet
    float start_gain_ = 1;                     ///< at the start of the oldest block
    float ceiling_ = 1;
    std::size_t num_pending_ = 0; ///< samples that are not out yet
};

} // namespace

std::unique_ptr<TruePeakGuard> TruePeakGuard::create(int num_channels, double sample_rate_hz) {
    return std::make_unique<BlockGuard>(num_channels, sample_rate_hz);
}

} // namespace wm
