#include "watermark/read_back.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "kernels/kernels.h"

namespace wm {
namespace {

constexpr std::size_t kShortSpanBlocks = 4;
constexpr std::size_t kLongSpanBlocks = 16;

} // namespace

ReadBack::ReadBack(std::size_t num_channels, const ChipLayout& layout, std::uint64_t expected, std::size_t shift)
    : layout_(layout), shift_(shift), signs_(turn_back(layout.signs(polar_encode(expected)).data(), shift)),
      levels_(num_channels, 1), features_(1), whole_(kBlockTiles, 0.0F), best_(kBlockTiles, 0.0F) {}

void ReadBack::push(const float* const* samples, std::size_t count) {
    levels_.push(samples, count);
    fold(false);
}

std::optional<Reading> ReadBack::finish() {
    fold(true);
    look_at(whole_);
    return read_payload(turn_back(best_.data(), kBlockRows - shift_), layout_);
}

void ReadBack::fold(bool at_end) {
    float* rows[kLanes];
    while (levels_.has_rows(at_end)) {
        features_.grow(levels_.rows_per_batch(), rows);
        levels_.measure(rows);
    }
    FeatureBlock block;
    while (features_.take(at_end, block)) {
        kernels().tiles.accumulate(block.phases[0].data(), kBlockTiles, whole_.data());
        blocks_.push_back(std::exchange(block.phases[0], {}));
        if (blocks_.size() > kLongSpanBlocks) {
            blocks_.pop_front();
        }
        TileMap sum(kBlockTiles, 0.0F);
        for (std::size_t count = 1; count <= blocks_.size(); ++count) {
            kernels().tiles.accumulate(blocks_[blocks_.size() - count].data(), kBlockTiles, sum.data());
            if (count == kShortSpanBlocks || count == kLongSpanBlocks) {
                look_at(sum);
            }
        }
    }
}

void ReadBack::look_at(const TileMap& map) {
    const TileKernels& tiles = kernels().tiles;
    const float norm = std::sqrt(tiles.dot(map.data(), map.data(), kBlockTiles) + 1e-9F);
    const float statistic = tiles.dot(signs_.data(), map.data(), kBlockTiles) / norm;
    if (statistic > best_statistic_) {
        best_statistic_ = statistic;
        best_ = map;
    }
}

} // namespace wm
