#include "watermark/feature_stream.h"

#include <algorithm>

namespace wm {
namespace {

/// Rows whose features are measured at once: what these reach beyond is measured anew each time.
constexpr std::size_t kBatchRows = 2 * kBlockRows;

} // namespace

void FeatureStream::grow(std::size_t num_rows, float** rows) {
    for (std::size_t phase = 0; phase < levels_.size(); ++phase) {
        TileMap& levels = levels_[phase];
        const std::size_t size = levels.size();
        levels.resize(size + num_rows * kMapStride);
        for (std::size_t k = 0; k < num_rows; ++k) {
            rows[k * levels_.size() + phase] = &levels[size + k * kMapStride];
        }
    }
}

bool FeatureStream::take(bool at_end, FeatureBlock& block) {
    if (next_row_ == end_feature_row_ && !measure(at_end)) {
        return false;
    }
    block.first_row = next_row_;
    block.num_rows = std::min(kBlockRows, static_cast<std::size_t>(end_feature_row_ - next_row_));
    block.phases.resize(levels_.size());
    const auto offset = static_cast<std::size_t>(next_row_ - first_feature_row_) * kMapStride;
    for (std::size_t phase = 0; phase < levels_.size(); ++phase) {
        const float* rows = &features_[phase][offset];
        block.phases[phase].assign(rows, rows + block.num_rows * kMapStride);
        block.phases[phase].resize(kBlockTiles, 0.0F);
    }
    next_row_ = block.end_row();
    return true;
}

bool FeatureStream::measure(bool at_end) {
    const auto offset = static_cast<std::size_t>(next_row_ - first_level_row_);
    const std::size_t num_rows = levels_[0].size() / kMapStride;
    const std::size_t num_ready = num_rows - offset;
    if (num_ready == 0 || (!at_end && num_ready < kBatchRows + kFeatureReach)) {
        return false;
    }
    const std::size_t count = std::min(num_ready, kBatchRows);
    const std::size_t num_measured = std::min(num_rows, offset + count + kFeatureReach);
    for (std::size_t phase = 0; phase < levels_.size(); ++phase) {
        features_[phase].resize(num_measured * kMapStride);
        tile_features(levels_[phase].data(), num_measured, scratch_, features_[phase].data());
    }
    first_feature_row_ = first_level_row_;
    end_feature_row_ = next_row_ + static_cast<std::int64_t>(count);
    const std::int64_t keep_from =
        std::max<std::int64_t>(0, end_feature_row_ - static_cast<std::int64_t>(kFeatureReach));
    const auto drop = (keep_from - first_level_row_) * static_cast<std::int64_t>(kMapStride);
    for (TileMap& levels : levels_) {
        levels.erase(levels.begin(), levels.begin() + drop);
    }
    first_level_row_ = keep_from;
    return true;
}

} // namespace wm
