#include "audio/true_peak.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <deque>
#include <numbers>
#include <numeric>

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

/// One signal, from the block before the oldest one that was not taken on, with the levels of its whole blocks.
class Track {
public:
    explicit Track(std::size_t num_channels) : samples_(num_channels), peaks_(num_channels), energies_(num_channels) {
        samples_.append_zeros(kBlock);
        measure(1);
    }

    PlanarQueue& samples() { return samples_; }
    float* block(std::size_t channel, std::size_t index) { return samples_.front(channel) + index * kBlock; }
    const float* block(std::size_t channel, std::size_t index) const {
        return samples_.front(channel) + index * kBlock;
    }
    float energy(std::size_t channel, std::size_t index) const { return energies_[channel][index]; }

    /// Measures up to block `end`; returns the energy of those that are new.
    double measure(std::size_t end) {
        const std::size_t start = peaks_[0].size();
        double sum = 0;
        for (std::size_t c = 0; c < peaks_.size(); ++c) {
            peaks_[c].resize(end);
            energies_[c].resize(end);
            kernels().block_levels(block(c, start), end - start, peaks_[c].data() + start, energies_[c].data() + start);
            sum = std::accumulate(energies_[c].begin() + static_cast<std::ptrdiff_t>(start), energies_[c].end(), sum);
        }
        return sum;
    }

    void drop(std::size_t num_blocks) {
        samples_.drop(num_blocks * kBlock);
        for (std::vector<float>& levels : peaks_) {
            levels.erase(levels.begin(), levels.begin() + static_cast<std::ptrdiff_t>(num_blocks));
        }
        for (std::vector<float>& levels : energies_) {
            levels.erase(levels.begin(), levels.begin() + static_cast<std::ptrdiff_t>(num_blocks));
        }
    }

    /// The sample peak of a block and both neighbours.
    float peak_around(std::size_t channel, std::size_t index) const {
        const float* peak = &peaks_[channel][index];
        return std::max({peak[-1], peak[0], peak[1]});
    }

private:
    PlanarQueue samples_;
    std::vector<std::vector<float>> peaks_;    ///< [channel][block]
    std::vector<std::vector<float>> energies_; ///< [channel][block]
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
        : num_channels_(static_cast<std::size_t>(num_channels)),
          num_ramp_blocks_(std::max<std::size_t>(4, static_cast<std::size_t>(sample_rate_hz * kRampSeconds / kBlock))),
          slope_(1.0F / static_cast<float>(num_ramp_blocks_)), host_(num_channels_), residual_(num_channels_) {}

    PlanarQueue& host() override { return host_.samples(); }
    PlanarQueue& residual() override { return residual_.samples(); }

    void advance() override {
        const std::size_t num_blocks = std::min(host().size(), residual().size()) / kBlock;
        change_.host_energy += host_.measure(num_blocks);
        residual_.measure(num_blocks);
        while (num_done_ + needed_.size() + 2 < num_blocks) {
            add_needed_gain(num_done_ + needed_.size() + 1);
            if (needed_.size() > num_ramp_blocks_ + 1) { // the last one may yet become 0
                ++num_done_;
                scale(num_done_);
            }
        }
    }

    void finish() override {
        const std::size_t num_samples = host().size();
        num_left_ = num_samples - kBlock - num_taken_;
        residual().truncate(num_samples);
        host().append_zeros((num_ramp_blocks_ + 4) * kBlock);
        residual().append_zeros(host().size() - residual().size());
        advance();
    }

    std::size_t num_ready() const override { return std::min(num_done_ * kBlock - num_taken_, num_left_); }

    std::vector<const float*> ready() const override {
        std::vector<const float*> result;
        for (std::size_t c = 0; c < num_channels_; ++c) {
            result.push_back(residual_.block(c, 1) + num_taken_);
        }
        return result;
    }

    void drop(std::size_t num_samples) override {
        num_left_ -= num_samples;
        const std::size_t num_blocks = (num_taken_ + num_samples) / kBlock;
        num_taken_ = (num_taken_ + num_samples) % kBlock;
        num_done_ -= num_blocks;
        host_.drop(num_blocks);
        residual_.drop(num_blocks);
    }

    const ChangeTally& change() const override { return change_; }

private:
    static constexpr double kRampSeconds = 0.01;
    static constexpr float kRounding = 1e-6F;

    void add_needed_gain(std::size_t block) {
        float gain = is_next_to_zero_ ? 0.0F : 1.0F;
        is_next_to_zero_ = false;
        for (std::size_t c = 0; c < num_channels_; ++c) {
            const float residual_peak = residual_.peak_around(c, block);
            const float sample_peak = host_.peak_around(c, block) + residual_peak;
            if (residual_peak > 0 && sample_peak * interpolator().gain > ceiling_) {
                gain = std::min(gain, channel_gain(c, block, residual_peak));
            }
        }
        needed_.push_back(gain);
        num_low_ += gain < 1 ? 1 : 0;
    }

    float channel_gain(std::size_t channel, std::size_t block, float residual_peak) {
        constexpr std::size_t kReach = 8;
        const float* host = host_.block(channel, block);
        const float* residual = residual_.block(channel, block);
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
                num_low_ += needed_.back() < 1 ? 0 : 1;
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

    /// Scales the oldest block, and forgets what it needed.
    void scale(std::size_t block) {
        float end_gain = 1;
        if (num_low_ > 0 || start_gain_ < 1) {
            start_gain_ = std::min(start_gain_, gain_before(0)); // already so, but for the very first block
            end_gain = std::min({needed_[0], start_gain_ + slope_, gain_before(1)});
        }
        for (std::size_t c = 0; c < num_channels_; ++c) {
            change_.residual_energy += static_cast<double>(scaled_energy(c, block, end_gain));
        }
        start_gain_ = end_gain;
        num_low_ -= needed_.front() < 1 ? 1 : 0;
        needed_.pop_front();
    }

    /// Ramps the gain of a block from start_gain_ to end_gain; returns the energy of what remains.
    float scaled_energy(std::size_t channel, std::size_t block, float end_gain) {
        if (start_gain_ == 1 && end_gain == 1) {
            return residual_.energy(channel, block);
        }
        float* samples = residual_.block(channel, block);
        const float step = (end_gain - start_gain_) / static_cast<float>(kBlock);
        float energy = 0;
        for (std::size_t k = 0; k < kBlock; ++k) {
            samples[k] *= start_gain_ + step * static_cast<float>(k);
            energy += samples[k] * samples[k];
        }
        return energy;
    }

    std::size_t num_channels_;
    std::size_t num_ramp_blocks_;
    float slope_; ///< largest change of the gain a block
    Track host_;
    Track residual_;
    std::size_t num_done_ = 0;        ///< guarded blocks, from block 1 of the tracks on
    std::size_t num_taken_ = 0;       ///< samples of the first of them that were taken already
    std::size_t num_left_ = SIZE_MAX; ///< samples that are not taken, once the host's end is known
    std::deque<float> needed_;        ///< gains of the blocks after them
    std::size_t num_low_ = 0;         ///< how many of these are below 1
    bool is_next_to_zero_ = false;    ///< the last block's gain had to be exactly 0
    float start_gain_ = 1;            ///< at the start of the oldest block
    float ceiling_ = 1;
    ChangeTally change_;
};

} // namespace

std::unique_ptr<TruePeakGuard> TruePeakGuard::create(int num_channels, double sample_rate_hz) {
    return std::make_unique<BlockGuard>(num_channels, sample_rate_hz);
}

} // namespace wm
