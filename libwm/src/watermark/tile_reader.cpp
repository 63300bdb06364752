#include "watermark/tile_reader.h"

#include <algorithm>

#include "watermark/tile_grid.h"

namespace wm {
namespace {

constexpr std::size_t kBlockSamples = 8192;

} // namespace

TileReader::TileReader(AudioReader& reader, AudioHasher* hasher)
    : reader_(reader), hasher_(hasher), down_(Resampler::create(reader.spec().sample_rate_hz, kTileRate_hz,
                                                                reader.spec().num_channels, Resampler::Quality::kFast)),
      planar_(static_cast<std::size_t>(reader.spec().num_channels)), samples_(planar_.num_channels()) {}

Result<std::size_t> TileReader::read() {
    samples_.clear();
    while (samples_.size() == 0 && !at_end_) {
        const Result<std::size_t> count = reader_.read(block_, kBlockSamples);
        if (!count) {
            return tl::unexpected(count.error());
        }
        if (*count == 0) {
            at_end_ = true;
            down_->finish(samples_);
            break;
        }
        if (hasher_ != nullptr) {
            hasher_->add(block_);
        }
        planar_.clear();
        float* const* channels = planar_.grow(*count);
        block_.to_planar(channels);
        down_->push(channels, *count, samples_);
        position_ += static_cast<std::int64_t>(*count);
    }
    channels_ = samples_.fronts();
    return samples_.size();
}

Result<bool> TileReader::read_all(const std::function<void(const float* const* channels, std::size_t count)>& use,
                                  const Progress& report) {
    while (true) {
        const Result<std::size_t> count = read();
        if (!count) {
            return tl::unexpected(count.error());
        }
        if (*count == 0) {
            return true;
        }
        use(channels(), *count);
        if (report && !report(share_done())) {
            return false;
        }
    }
}

double TileReader::share_done() const {
    const std::int64_t total = reader_.spec().num_samples;
    return total > 0 ? std::min(1.0, static_cast<double>(position_) / static_cast<double>(total)) : 0.0;
}

} // namespace wm
