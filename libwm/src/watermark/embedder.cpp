#include "watermark/embedder.h"

#include <algorithm>
#include <utility>

namespace wm {
namespace {

constexpr std::size_t kPieceSamples = 4096;

double energy(const float* samples, std::size_t count) {
    float sums[8] = {};
    std::size_t k = 0;
    for (; k + 8 <= count; k += 8) {
        for (std::size_t lane = 0; lane < 8; ++lane) {
            sums[lane] += samples[k + lane] * samples[k + lane];
        }
    }
    double sum = 0.0;
    for (; k < count; ++k) {
        sum += static_cast<double>(samples[k]) * static_cast<double>(samples[k]);
    }
    for (const float part : sums) {
        sum += static_cast<double>(part);
    }
    return sum;
}

} // namespace

Embedder::Embedder(const AudioSpec& spec, TileMap signs, double strength, PlainSearch* search, AudioWriter& writer)
    : num_channels_(static_cast<std::size_t>(spec.num_channels)),
      down_(Resampler::create(spec.sample_rate_hz, kTileRate_hz, spec.num_channels, Resampler::Quality::kHigh)),
      up_(Resampler::create(kTileRate_hz, spec.sample_rate_hz, spec.num_channels, Resampler::Quality::kHigh)),
      guard_(TruePeakGuard::create(spec.num_channels, spec.sample_rate_hz)),
      residual_maker_(num_channels_, std::move(signs), strength), search_(search), writer_(writer),
      planar_(num_channels_), planar_channels_(num_channels_), tile_host_(num_channels_), tile_residual_(num_channels_),
      residual_(num_channels_), guarded_(num_channels_) {}

AudioBlock Embedder::spare_block() {
    if (spares_.empty()) {
        return {};
    }
    AudioBlock block = std::move(spares_.back());
    spares_.pop_back();
    return block;
}

/// The block's samples [channel], valid until the next call. Blocks wait as they were read and are converted twice: that is
/// cheaper than moving floats through memory for as long as the residual lags.
const std::vector<float*>& Embedder::planar_host(const AudioBlock& block) {
    for (std::size_t c = 0; c < num_channels_; ++c) {
        planar_[c].resize(std::max(planar_[c].size(), block.num_samples));
        planar_channels_[c] = planar_[c].data();
    }
    block.to_planar(planar_channels_.data());
    return planar_channels_;
}

Result<void> Embedder::push(AudioBlock block) {
    down_->push(planar_host(block).data(), block.num_samples, tile_host_.back());
    blocks_.push_back(std::move(block));
    return mark(false);
}

Result<void> Embedder::finish() {
    down_->finish(tile_host_.back());
    return mark(true);
}

Result<void> Embedder::mark(bool at_end) {
    if (search_ != nullptr) {
        search_->push(tile_host_.fronts().data(), tile_host_.size());
    }
    residual_maker_.push(tile_host_.fronts().data(), tile_host_.size(), tile_residual_.back());
    tile_host_.clear();
    if (at_end) {
        residual_maker_.finish(tile_residual_.back());
    }
    return bring_back(at_end);
}

/// Residual comes in bursts of seconds; all that follows is done piece by piece, in the processor's cache.
Result<void> Embedder::bring_back(bool at_end) {
    const std::vector<const float*> from = tile_residual_.fronts();
    std::vector<const float*> piece(num_channels_);
    for (std::size_t start = 0; start < tile_residual_.size(); start += kPieceSamples) {
        std::transform(from.begin(), from.end(), piece.begin(),
                       [start](const float* channel) { return channel + start; });
        up_->push(piece.data(), std::min(kPieceSamples, tile_residual_.size() - start), residual_.back());
        if (Result<void> done = guard_ready(); !done) {
            return done;
        }
    }
    tile_residual_.clear();
    if (!at_end) {
        return {};
    }
    up_->finish(residual_.back());
    std::size_t num_left = 0;
    for (std::size_t i = num_guarded_; i < blocks_.size(); ++i) {
        num_left += blocks_[i].num_samples;
    }
    residual_.resize(num_left); // both conversions round the length up
    if (Result<void> done = guard_ready(); !done) {
        return done;
    }
    guard_->finish(guarded_.back());
    return write_ready();
}

Result<void> Embedder::guard_ready() {
    for (; num_guarded_ < blocks_.size() && residual_.size() >= blocks_[num_guarded_].num_samples; ++num_guarded_) {
        const std::size_t count = blocks_[num_guarded_].num_samples;
        const std::vector<float*>& host = planar_host(blocks_[num_guarded_]);
        guard_->push(host.data(), residual_.fronts().data(), count, guarded_.back());
        for (const float* channel : host) {
            change_.host_energy += energy(channel, count);
        }
        residual_.drop(count);
    }
    return write_ready();
}

Result<void> Embedder::write_ready() {
    for (; num_guarded_ > 0 && guarded_.size() >= blocks_.front().num_samples; --num_guarded_) {
        const std::size_t count = blocks_.front().num_samples;
        for (std::size_t c = 0; c < num_channels_; ++c) {
            change_.residual_energy += energy(guarded_.front(c), count);
        }
        if (Result<void> written = writer_.write(blocks_.front(), guarded_.fronts().data()); !written) {
            return written;
        }
        guarded_.drop(count);
        spares_.push_back(std::move(blocks_.front()));
        blocks_.pop_front();
    }
    return {};
}

} // namespace wm
