#include "watermark/embedder.h"

#include <utility>

namespace wm {

Embedder::Embedder(const AudioSpec& spec, TileMap signs, double strength, SpanSearch* search, AudioWriter& writer)
    : num_channels_(static_cast<std::size_t>(spec.num_channels)),
      down_(Resampler::create(spec.sample_rate_hz, kTileRate_hz, spec.num_channels, Resampler::Quality::kFast)),
      up_(Resampler::create(kTileRate_hz, spec.sample_rate_hz, spec.num_channels, Resampler::Quality::kHigh)),
      guard_(TruePeakGuard::create(spec.num_channels, spec.sample_rate_hz)),
      residual_maker_(num_channels_, std::move(signs), strength, search), writer_(writer), planar_(num_channels_) {}

AudioBlock Embedder::spare_block() {
    if (spares_.empty()) {
        return {};
    }
    AudioBlock block = std::move(spares_.back());
    spares_.pop_back();
    return block;
}

/// Blocks wait as they were read and are converted twice: that is cheaper than moving floats through memory for as long as
/// the residual lags.
Result<void> Embedder::push(AudioBlock block) {
    planar_.clear();
    float* const* channels = planar_.grow(block.num_samples);
    block.to_planar(channels);
    down_->push(channels, block.num_samples, residual_maker_.host());
    blocks_.push_back(std::move(block));
    residual_maker_.advance();
    return bring_back();
}

Result<void> Embedder::finish() {
    down_->finish(residual_maker_.host());
    residual_maker_.finish();
    if (Result<void> done = bring_back(); !done) {
        return done;
    }
    up_->finish(guard_->residual());
    for (; num_guarded_ < blocks_.size(); ++num_guarded_) {
        blocks_[num_guarded_].to_planar(guard_->host().grow(blocks_[num_guarded_].num_samples));
    }
    guard_->finish();
    return write_ready();
}

/// Residual can be made in bursts of seconds. It is made and used piece by piece instead, in the processor's cache.
Result<void> Embedder::bring_back() {
    bool is_made = true;
    while (is_made) {
        is_made = residual_maker_.make();
        up_->push(residual_maker_.ready().data(), residual_maker_.num_ready(), guard_->residual());
        residual_maker_.drop(residual_maker_.num_ready());
        if (Result<void> done = guard_ready(); !done) {
            return done;
        }
    }
    return {};
}

Result<void> Embedder::guard_ready() {
    while (num_guarded_ < blocks_.size() &&
           guard_->residual().size() >= guard_->host().size() + blocks_[num_guarded_].num_samples) {
        const AudioBlock& block = blocks_[num_guarded_];
        block.to_planar(guard_->host().grow(block.num_samples));
        guard_->advance();
        ++num_guarded_;
    }
    return write_ready();
}

Result<void> Embedder::write_ready() {
    for (; num_guarded_ > 0 && guard_->num_ready() >= blocks_.front().num_samples; --num_guarded_) {
        if (Result<void> written = writer_.write(blocks_.front(), guard_->ready().data()); !written) {
            return written;
        }
        guard_->drop(blocks_.front().num_samples);
        spares_.push_back(std::move(blocks_.front()));
        blocks_.pop_front();
    }
    return {};
}

} // namespace wm
