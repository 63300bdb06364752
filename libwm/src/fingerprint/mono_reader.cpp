#include "fingerprint/mono_reader.h"

#include <algorithm>

namespace wm {
namespace {

constexpr std::size_t kBlockSamples = 16384;

} // namespace

MonoReader::MonoReader(AudioReader& reader, AudioHasher* hasher)
    : reader_(reader), hasher_(hasher), resampler_(reader.spec().sample_rate_hz),
      channels_(static_cast<std::size_t>(reader.spec().num_channels), std::vector<float>(kBlockSamples)) {}

Result<std::size_t> MonoReader::read() {
    samples_.clear();
    while (samples_.empty() && !at_end_) {
        const Result<std::size_t> count = reader_.read(block_, kBlockSamples);
        if (!count) {
            return tl::unexpected(count.error());
        }
        if (*count == 0) {
            at_end_ = true;
            resampler_.finish(samples_);
            break;
        }
        if (hasher_ != nullptr) {
            hasher_->add(block_);
        }
        std::vector<float*> planar;
        for (std::vector<float>& channel : channels_) {
            planar.push_back(channel.data());
        }
        block_.to_planar(planar.data());
        float* const mean = planar[0];
        for (std::size_t c = 1; c < planar.size(); ++c) {
            for (std::size_t k = 0; k < *count; ++k) {
                mean[k] += planar[c][k];
            }
        }
        const float share = 1.0F / static_cast<float>(planar.size());
        for (std::size_t k = 0; k < *count; ++k) {
            mean[k] *= share;
        }
        resampler_.push(mean, *count, samples_);
        position_ += static_cast<std::int64_t>(*count);
    }
    return samples_.size();
}

double MonoReader::share_done() const {
    const std::int64_t total = reader_.spec().num_samples;
    return total > 0 ? std::min(1.0, static_cast<double>(position_) / static_cast<double>(total)) : 0.0;
}

} // namespace wm
