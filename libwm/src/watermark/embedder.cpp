#include "watermark/embedder.h"

#include <algorithm>
#include <utility>

namespace wm {
namespace {

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
      host_(num_channels_), tile_host_(num_channels_), tile_residual_(num_channels_), residual_(num_channels_),
      guarded_(num_channels_) {}

Result<void> Embedder::push(AudioBlock block) {
    const std::vector<float*> planar = host_.grow(block.num_samples);
    block.to_planar(planar.data());
    const std::vector<const float*> added(planar.begin(), planar.end());
    down_->push(added.data(), block.num_samples, tile_host_.back());
    blocks_.push_back(std::move(block));
    mark(false);
    guard(false);
    return write_ready();
}

Result<void> Embedder::finish() {
    down_->finish(tile_host_.back());
    mark(true);
    guard(true);
    return write_ready();
}

void Embedder::mark(bool at_end) {
    if (search_ != nullptr) {
        search_->push(tile_host_.fronts().data(), tile_host_.size());
    }
    residual_maker_.push(tile_host_.fronts().data(), tile_host_.size(), tile_residual_.back());
    tile_host_.clear();
    if (at_end) {
        residual_maker_.finish(tile_residual_.back());
    }
    up_->push(tile_residual_.fronts().data(), tile_residual_.size(), residual_.back());
    tile_residual_.clear();
    if (at_end) {
        up_->finish(residual_.back());
        residual_.resize(host_.size()); // both conversions round the length up
    }
}

void Embedder::guard(bool at_end) {
    const std::size_t count = std::min(residual_.size(), host_.size());
    guard_->push(host_.fronts().data(), residual_.fronts().data(), count, guarded_.back());
    for (std::size_t c = 0; c < num_channels_; ++c) {
        change_.host_energy += energy(host_.front(c), count);
    }
    host_.drop(count);
    residual_.drop(count);
    if (at_end) {
        guard_->finish(guarded_.back());
    }
}

Result<void> Embedder::write_ready() {
    while (!blocks_.empty() && guarded_.size() >= blocks_.front().num_samples) {
        const std::size_t count = blocks_.front().num_samples;
        for (std::size_t c = 0; c < num_channels_; ++c) {
            change_.residual_energy += energy(guarded_.front(c), count);
        }
        if (Result<void> written = writer_.write(blocks_.front(), guarded_.fronts().data()); !written) {
            return written;
        }
        guarded_.drop(count);
        blocks_.pop_front();
    }
    return {};
}

} // namespace wm
