#include "watermark/tile_reader.h"

#include <algorithm>

#include "watermark/tile_grid.h"

namespace wm {
namespace {

constexpr std::size_t kBlockSamples = 32768;

} // namespace

TileReader::TileReader(AudioReader& reader, AudioHasher* hasher)
    : reader_(reader), hasher_(hasher), down_(Resampler::create(reader.spec().sample_rate_hz, kTileRate_hz,
                                                                reader.spec().num_channels, Resampler::Quality::kFast)),
      planar_(static_cast<std::size_t>(reader.spec().num_channels), std::vector<float>(kBlockSamples)),
      samples_(planar_.size()), channels_(planar_.size()) {}

Result<std::size_t> TileReader::read() {
    for (std::vector<float>& channel : samples_) {
        channel.clear();
    }
    while (samples_[0].empty() && !at_end_) {
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
        std::vector<float*> planar;
        for (std::vector<float>& channel : planar_) {
            planar.push_back(channel.data());
        }
        block_.to_planar(planar.data());
        down_->push(planar.data(), *count, samples_);
        position_ += static_cast<std::int64_t>(*count);
    }
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        channels_[c] = samples_[c].data();
    }
    return samples_[0].size();
}

double TileReader::share_done() const {
    const std::int64_t total = reader_.spec().num_samples;
    return total > 0 ? std::min(1.0, static_cast<double>(position_) / static_cast<double>(total)) : 0.0;
}

} // namespace wm
