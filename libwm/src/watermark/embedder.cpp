#include "watermark/embedder.h"

#include <algorithm>
#include <utility>

namespace wm {
namespace {

std::vector<const float*> pointers(const std::vector<std::vector<float>>& planar) {
    std::vector<const float*> result;
    for (const std::vector<float>& channel : planar) {
        result.push_back(channel.data());
    }
    return result;
}

void clear(std::vector<std::vector<float>>& planar) {
    for (std::vector<float>& channel : planar) {
        channel.clear();
    }
}

void drop_front(std::vector<std::vector<float>>& planar, std::size_t count) {
    for (std::vector<float>& channel : planar) {
        channel.erase(channel.begin(), channel.begin() + static_cast<std::ptrdiff_t>(count));
    }
}

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
    const std::size_t start = host_[0].size();
    std::vector<float*> planar;
    for (std::vector<float>& channel : host_) {
        channel.resize(start + block.num_samples);
        planar.push_back(channel.data() + start);
    }
    block.to_planar(planar.data());
    std::vector<const float*> added(planar.begin(), planar.end());
    down_->push(added.data(), block.num_samples, tile_host_);
    blocks_.push_back(std::move(block));
    mark(false);
    guard(false);
    return write_ready();
}

Result<void> Embedder::finish() {
    down_->finish(tile_host_);
    mark(true);
    guard(true);
    return write_ready();
}

void Embedder::mark(bool at_end) {
    const std::vector<const float*> host = pointers(tile_host_);
    const std::size_t count = tile_host_[0].size();
    if (search_ != nullptr) {
        search_->push(host.data(), count);
    }
    residual_maker_.push(host.data(), count, tile_residual_);
    clear(tile_host_);
    if (at_end) {
        residual_maker_.finish(tile_residual_);
    }
    up_->push(pointers(tile_residual_).data(), tile_residual_[0].size(), residual_);
    clear(tile_residual_);
    if (at_end) {
        up_->finish(residual_);
        for (std::vector<float>& channel : residual_) {
            channel.resize(host_[0].size(), 0.0F); // both conversions round the length up
        }
    }
}

void Embedder::guard(bool at_end) {
    const std::size_t count = std::min(residual_[0].size(), host_[0].size());
    guard_->push(pointers(host_).data(), pointers(residual_).data(), count, guarded_);
    for (const std::vector<float>& channel : host_) {
        change_.host_energy += energy(channel.data(), count);
    }
    drop_front(host_, count);
    drop_front(residual_, count);
    if (at_end) {
        guard_->finish(guarded_);
    }
}

Result<void> Embedder::write_ready() {
    std::size_t done = 0;
    while (!blocks_.empty() && guarded_[0].size() - done >= blocks_.front().num_samples) {
        const std::size_t count = blocks_.front().num_samples;
        std::vector<const float*> residual;
        for (const std::vector<float>& channel : guarded_) {
            residual.push_back(channel.data() + done);
            change_.residual_energy += energy(channel.data() + done, count);
        }
        if (Result<void> written = writer_.write(blocks_.front(), residual.data()); !written) {
            return written;
        }
        done += count;
        blocks_.pop_front();
    }
    drop_front(guarded_, done);
    return {};
}

} // namespace wm
