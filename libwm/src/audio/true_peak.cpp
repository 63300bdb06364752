#include "audio/true_peak.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "kernels/kernels.h"
#include "kernels/unit_root.h"

namespace wm {
namespace {

constexpr std::size_t kBlock = kPeakBlock;

/// Fourfold oversampling with a Hann-windowed sinc over twelve samples, laid out as the interpolated_peak kernel wants it.
struct Interpolator {
    std::array<float, 18> taps;
    float gain = 1; ///< largest sum of |weights|: bounds the true peak by the sample peak
    float ramp_error =
        0; ///< largest sum of |weight| * |distance|: bounds what a slope of 1 per sample in a gain can add
};

/// The interpolator's weight of a sample that lies so many quarter samples away.
double sinc_weight(std::int64_t quarters) {
    const double sinc = unit_root(quarters, 8).sin / (std::numbers::pi * static_cast<double>(quarters) / 4);
    return sinc * (0.5 + 0.5 * unit_root(quarters, 48).cos);
}

Interpolator make_interpolator() {
    Interpolator result;
    double gain[2] = {};
    double ramp_error[2] = {};
    for (std::int64_t j = 0; j < 6; ++j) {
        const std::int64_t near =
            4 * j + 1; // from a quarter after the sixth sample: j samples before it and j + 1 after
        const std::int64_t far = 4 * j + 3;
        const std::int64_t middle = 4 * j + 2;
        const auto row = static_cast<std::size_t>(j);
        result.taps[row] = static_cast<float>((sinc_weight(near) + sinc_weight(far)) / 2);
        result.taps[6 + row] = static_cast<float>((sinc_weight(near) - sinc_weight(far)) / 2);
        result.taps[12 + row] = static_cast<float>(sinc_weight(middle));
        gain[0] += std::abs(sinc_weight(near)) + std::abs(sinc_weight(far));
        gain[1] += 2 * std::abs(sinc_weight(middle));
        for (const std::int64_t quarters : {near, far}) {
            ramp_error[0] += std::abs(sinc_weight(quarters)) * static_cast<double>(quarters) / 4;
        }
        ramp_error[1] += 2 * std::abs(sinc_weight(middle)) * static_cast<double>(middle) / 4;
    }
    result.gain = static_cast<float>(std::max(gain[0], gain[1]));
    result.ramp_error = static_cast<float>(std::max(ramp_error[0], ramp_error[1]));
    return result;
}

const Interpolator& interpolator() {
    static const Interpolator instance = make_interpolator();
    return instance;
}

/// The largest magnitude at and between the samples of a block; reads six samples on either side.
float true_peak(const float* block) {
    const float between = kernels().interpolated_peak(block - 5, interpolator().taps.data(), kBlock);
    return std::max(between, kernels().peak(block, kBlock));
}

/// One channel's samples, from the block before the oldest one that is not out yet, and the sample peak of each whole block.
struct Track {
    std::vector<float> samples = std::vector<float>(kBlock, 0.0F);
    std::vector<float> peaks = {0.0F};

    void append(const float* input, std::size_t count) {
        samples.insert(samples.end(), input, input + count);
        measure();
    }

    void append_silence(std::size_t count) {
        samples.resize(samples.size() + count, 0.0F);
        measure();
    }

    void measure() {
        const std::size_t start = peaks.size();
        peaks.resize(samples.size() / kBlock);
        kernels().block_peaks(samples.data() + start * kBlock, peaks.size() - start, peaks.data() + start);
    }

    void drop(std::size_t num_blocks) {
        samples.erase(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(num_blocks * kBlock));
        peaks.erase(peaks.begin(), peaks.begin() + static_cast<std::ptrdiff_t>(num_blocks));
    }

    /// The sample peak of a block and both neighbours.
    float peak_around(std::size_t block) const { return std::max({peaks[block - 1], peaks[block], peaks[block + 1]}); }
};

/// Works in blocks. Each block gets the largest constant gain that keeps it below the ceiling; the gain that is applied ramps
/// linearly between block boundaries and stays below the needed gains of all blocks, rising and falling by at most
/// 1 / num_ramp_blocks a block.
///
/// With h the host, r the residual and 0 <= g <= 1, |h + g r| <= (1 - g) |h| + g |h + r|, for interpolated values too; so
/// g = (limit - host peak) / (marked peak - host peak) holds the limit. A gain that ramps inside the interpolator's reach adds
/// at most ramp_error * slope * |r|, which is taken off the limit. Where the host itself reaches the limit the gain is 0, over
/// the neighbouring blocks too, so that the interpolator sees the host alone.
class BlockGuard : public TruePeakGuard {
public:
    BlockGuard(int num_channels, double sample_rate_hz)
        : num_ramp_blocks_(std::max<std::size_t>(4, static_cast<std::size_t>(sample_rate_hz * kRampSeconds / kBlock))),
          slope_(1.0F / static_cast<float>(num_ramp_blocks_)), host_(static_cast<std::size_t>(num_channels)),
          residual_(host_.size()) {}

    void push(const float* const* host, const float* const* residual, std::size_t num_samples,
              std::vector<std::vector<float>>& output) override {
        for (std::size_t c = 0; c < host_.size(); ++c) {
            host_[c].append(host[c], num_samples);
            residual_[c].append(residual[c], num_samples);
        }
        num_pending_ += num_samples;
        advance(output);
    }

    void finish(std::vector<std::vector<float>>& output) override {
        for (std::size_t c = 0; c < host_.size(); ++c) {
            host_[c].append_silence((num_ramp_blocks_ + 4) * kBlock);
            residual_[c].append_silence((num_ramp_blocks_ + 4) * kBlock);
        }
        advance(output);
    }

private:
    static constexpr double kRampSeconds = 0.01;
    static constexpr float kRounding = 1e-6F;

    void advance(std::vector<std::vector<float>>& output) {
        std::size_t num_done = 0; // blocks; needed_[k] belongs to block num_done + k + 1 of the tracks
        while (num_done + needed_.size() + 2 < host_[0].peaks.size()) {
            add_needed_gain(num_done + needed_.size() + 1);
            if (needed_.size() > num_ramp_blocks_ + 1) { // the last one may yet become 0
                emit(num_done + 1, output);
                ++num_done;
            }
        }
        for (std::size_t c = 0; c < host_.size(); ++c) {
            host_[c].drop(num_done);
            residual_[c].drop(num_done);
        }
    }

    void add_needed_gain(std::size_t block) {
        float gain = is_next_to_zero_ ? 0.0F : 1.0F;
        is_next_to_zero_ = false;
        for (std::size_t c = 0; c < host_.size(); ++c) {
            const float residual_peak = residual_[c].peak_around(block);
            const float sample_peak = host_[c].peak_around(block) + residual_peak;
            if (residual_peak > 0 && sample_peak * interpolator().gain > ceiling_) {
                gain = std::min(gain, channel_gain(c, block, residual_peak));
            }
        }
        needed_.push_back(gain);
    }

    float channel_gain(std::size_t channel, std::size_t block, float residual_peak) {
        constexpr std::size_t kReach = 8;
        const float* host = host_[channel].samples.data() + block * kBlock;
        const float* residual = residual_[channel].samples.data() + block * kBlock;
        std::array<float, kBlock + 2 * kReach> marked;
        for (std::size_t k = 0; k < marked.size(); ++k) {
            marked[k] = *(host + k - kReach) + *(residual + k - kReach);
        }
        const float allowance = interpolator().ramp_error * slope_ / kBlock * residual_peak + kRounding;
        const float marked_peak = true_peak(marked.data() + kReach);
        if (marked_peak <= ceiling_ - allowance) {
            return 1;
        }
        const float host_peak = true_peak(host);
        ceiling_ = std::max(ceiling_, host_peak);
        const float limit = ceiling_ - allowance;
        if (host_peak >= limit) {
            is_next_to_zero_ = true;
            if (!needed_.empty()) {
                needed_.back() = 0;
            }
            return 0;
        }
        return marked_peak <= limit ? 1.0F : (limit - host_peak) / (marked_peak - host_peak);
    }

    /// The highest gain at the start of a block from which the gains that it and all later blocks need can be reached.
    float gain_before(std::size_t block) const {
        float gain = 1;
        for (std::size_t k = block; k < needed_.size(); ++k) {
            gain = std::min(gain, needed_[k] + slope_ * static_cast<float>(k - block));
        }
        return gain;
    }

    /// Appends the oldest block, and forgets what it needed.
    void emit(std::size_t block, std::vector<std::vector<float>>& output) {
        start_gain_ = std::min(start_gain_, gain_before(0)); // already so, but for the very first block
        const float end_gain = std::min({needed_[0], start_gain_ + slope_, gain_before(1)});
        const std::size_t count = std::min(kBlock, num_pending_);
        for (std::size_t c = 0; c < residual_.size(); ++c) {
            append_ramp(residual_[c].samples.data() + block * kBlock, count, end_gain, output[c]);
        }
        start_gain_ = end_gain;
        num_pending_ -= count;
        needed_.erase(needed_.begin());
    }

    void append_ramp(const float* residual, std::size_t count, float end_gain, std::vector<float>& output) const {
        const std::size_t start = output.size();
        output.insert(output.end(), residual, residual + count);
        if (start_gain_ == 1 && end_gain == 1) {
            return;
        }
        const float step = (end_gain - start_gain_) / static_cast<float>(kBlock);
        for (std::size_t k = 0; k < count; ++k) {
            output[start + k] *= start_gain_ + step * static_cast<float>(k);
        }
    }

    std::size_t num_ramp_blocks_;
    float slope_; ///< largest change of the gain a block
    std::vector<Track> host_;
    std::vector<Track> residual_;
    std::vector<float> needed_;    ///< gains of the blocks that are not out yet
    bool is_next_to_zero_ = false; ///< the last block's gain had to be exactly 0
    float start_gain_ = 1;         ///< at the start of the oldest block
    float ceiling_ = 1;
    std::size_t num_pending_ = 0; ///< samples that are not out yet
};

} // namespace

std::unique_ptr<TruePeakGuard> TruePeakGuard::create(int num_channels, double sample_rate_hz) {
    return std::make_unique<BlockGuard>(num_channels, sample_rate_hz);
}

} // namespace wm
