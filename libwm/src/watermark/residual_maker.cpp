#include "watermark/residual_maker.h"

#include <algorithm>
#include <array>
#include <utility>

#include "kernels/kernels.h"

namespace wm {
namespace {

constexpr std::size_t kPlanRows = 256; ///< planned at once: the context on both sides is measured anew each time
constexpr std::size_t kMadeRows = 8;   ///< filtered at once
constexpr std::int64_t kRow = kRowSamples;
constexpr std::int64_t kBatchRows = kLanes;
constexpr std::int64_t kFrame = kTileFrameSize;
constexpr std::size_t kLeadingZeros = kTileFrameSize;
constexpr std::size_t kRowStarts[kLanes] = {0,
                                            kRowSamples,
                                            2 * kRowSamples,
                                            3 * kRowSamples,
                                            4 * kRowSamples,
                                            5 * kRowSamples,
                                            6 * kRowSamples,
                                            7 * kRowSamples};

std::int64_t frame_start(std::int64_t row) {
    return row * kRow + kRow / 2 - kFrame / 2;
}

/// Adds eight rows to a map.
void append_rows(const RealLanes* lanes, TileMap& map) {
    const std::size_t start = map.size();
    map.resize(start + kLanes * kMapStride);
    float* rows[kLanes];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        rows[lane] = &map[start + lane * kMapStride];
    }
    kernels().tiles.lanes_to_rows(lanes, kMapStride, rows);
}

} // namespace

ResidualMaker::ResidualMaker(std::size_t num_channels, TileMap signs, double strength, SpanSearch* search)
    : host_(num_channels, kLeadingZeros), residual_(num_channels, kLeadingZeros), signs_(std::move(signs)),
      tile_levels_(num_channels), channel_energies_(num_channels * kMapStride), masking_(band_edges_hz()),
      bands_(band_spans(1.0)), search_(search), planner_(strength) {
    tiles_.channel_levels_db.resize(num_channels);
}

void ResidualMaker::advance() {
    measure_rows();
    if (search_ != nullptr) {
        search_->advance(duration_s());
    }
}

void ResidualMaker::finish() {
    num_samples_ = host_.end();
    const double end_s = duration_s();
    const std::int64_t num_rows = (num_samples_ / kRow + 2 + kBatchRows) / kBatchRows * kBatchRows;
    host_.append_zeros_until(frame_start(num_rows) + kFrame);
    measure_rows();
    if (search_ != nullptr) {
        search_->finish(end_s);
    }
}

bool ResidualMaker::make() {
    const bool is_planned = num_filtered_rows_ < num_planned_rows_ || plan_rows();
    if (is_planned) {
        filter_rows(std::min(kMadeRows, static_cast<std::size_t>(num_planned_rows_ - num_filtered_rows_)));
        num_made_ = std::max(num_made_, next_frame_start());
    }
    if (num_samples_ >= 0 && (!is_planned || num_made_ > num_samples_)) {
        num_made_ = num_samples_;
    }
    return is_planned;
}

std::vector<const float*> ResidualMaker::ready() const {
    std::vector<const float*> result;
    for (std::size_t c = 0; c < residual_.num_channels(); ++c) {
        result.push_back(residual_.at(c, num_taken_));
    }
    return result;
}

void ResidualMaker::drop(std::size_t num_samples) {
    num_taken_ += static_cast<std::int64_t>(num_samples);
    residual_.drop_before(std::min(num_taken_, next_frame_start()));
}

void ResidualMaker::measure_rows() {
    std::array<RealLanes, kMapStride> energies;
    std::array<RealLanes, kMapStride> levels;
    std::array<RealLanes, kMapStride> thresholds{};
    while (true) {
        const std::int64_t row = first_tile_row_ + static_cast<std::int64_t>(tiles_.num_rows());
        if (frame_start(row + kBatchRows) + kFrame > host_.end()) {
            return;
        }
        measure_channels(frame_start(row), energies.data());
        TileLevels::levels(energies.data(), levels.data());
        masking_.thresholds(energies.data(), thresholds.data());
        append_rows(energies.data(), tiles_.energies);
        append_rows(levels.data(), tiles_.levels_db);
        append_rows(thresholds.data(), tiles_.thresholds);
        if (search_ != nullptr) {
            show_rows(frame_start(row));
        }
    }
}

/// Keeps the levels of each channel's bands in eight rows, the first of which is measured from `start` on, and sums their energies.
void ResidualMaker::measure_channels(std::int64_t start, RealLanes* energies) {
    tile_levels_.channel_energies(host_from(start).data(), kRowStarts, bands_, channel_energies_.data());
    std::array<RealLanes, kMapStride> levels;
    std::copy_n(channel_energies_.data(), kMapStride, energies);
    for (std::size_t c = 0; c < host_.num_channels(); ++c) {
        const RealLanes* channel = &channel_energies_[c * kMapStride];
        if (c > 0) {
            kernels().tiles.accumulate(channel[0].value, kMapStride * kLanes, energies[0].value);
        }
        TileLevels::levels(channel, levels.data());
        append_rows(levels.data(), tiles_.channel_levels_db[c]);
    }
}

std::vector<const float*> ResidualMaker::host_from(std::int64_t start) const {
    std::vector<const float*> channels;
    for (std::size_t c = 0; c < host_.num_channels(); ++c) {
        channels.push_back(host_.at(c, start));
    }
    return channels;
}

/// Gives the search the last eight rows, and measures its further phases.
void ResidualMaker::show_rows(std::int64_t start) {
    const std::size_t num_phases = search_->rows().num_phases();
    std::vector<float*> rows(kLanes * num_phases);
    search_->rows().grow(kLanes, rows.data());
    const float* measured = tiles_.levels_db.data() + tiles_.levels_db.size() - kLanes * kMapStride;
    for (std::size_t k = 0; k < kLanes; ++k) {
        std::copy_n(measured + k * kMapStride, kMapStride, rows[k * num_phases]);
    }
    std::array<RealLanes, kMapStride> lanes;
    for (std::size_t phase = 1; phase < num_phases; ++phase) {
        const std::vector<const float*> host =
            host_from(start + static_cast<std::int64_t>(phase * kRowSamples / num_phases));
        TileLevels::energies(tile_levels_.spectra(host.data(), kRowStarts), bands_, lanes.data());
        TileLevels::levels(lanes.data(), lanes.data());
        float* to[kLanes];
        for (std::size_t k = 0; k < kLanes; ++k) {
            to[k] = rows[k * num_phases + phase];
        }
        kernels().tiles.lanes_to_rows(lanes.data(), kMapStride, to);
    }
}

/// Plans the rows after those planned last; false when the host does not reach so far.
bool ResidualMaker::plan_rows() {
    forget_rows();
    const auto first = static_cast<std::size_t>(num_planned_rows_ - first_tile_row_);
    const std::size_t num_ready = tiles_.num_rows() - first;
    const bool is_complete = num_samples_ >= 0;
    if (num_ready < GainFilter::kRowsPerBatch || (!is_complete && num_ready < kPlanRows + GainPlanner::kContextRows)) {
        return false;
    }
    const std::size_t count = std::min(kPlanRows, num_ready / GainFilter::kRowsPerBatch * GainFilter::kRowsPerBatch);
    const auto pattern_row = static_cast<std::size_t>(first_tile_row_) % kBlockRows;
    gains_.resize(count * kMapStride);
    planner_.plan(tiles_, signs_, pattern_row, first, count, gains_.data());
    tally_rows(first, count);
    num_planned_rows_ += static_cast<std::int64_t>(count);
    return true;
}

/// Keeps the tiles that are the context of those planned next.
void ResidualMaker::forget_rows() {
    const std::int64_t keep_from = num_planned_rows_ - static_cast<std::int64_t>(GainPlanner::kContextRows);
    if (keep_from <= first_tile_row_) {
        return;
    }
    const auto drop = (keep_from - first_tile_row_) * static_cast<std::int64_t>(kMapStride);
    const auto forget = [drop](TileMap& map) { map.erase(map.begin(), map.begin() + drop); };
    forget(tiles_.levels_db);
    forget(tiles_.energies);
    forget(tiles_.thresholds);
    std::for_each(tiles_.channel_levels_db.begin(), tiles_.channel_levels_db.end(), forget);
    first_tile_row_ = keep_from;
}

void ResidualMaker::tally_rows(std::size_t first, std::size_t count) {
    for (std::size_t r = 0; r < count; ++r) {
        const float* energies = &tiles_.energies[(first + r) * kMapStride];
        if (!TileLevels::carries(energies)) {
            continue;
        }
        ++tally_.num_carrying_rows;
        tally_.noise_to_mask +=
            planner_.noise_to_mask(&gains_[r * kMapStride], energies, &tiles_.thresholds[(first + r) * kMapStride]);
    }
    tally_.num_rows += static_cast<std::int64_t>(count);
}

void ResidualMaker::filter_rows(std::size_t count) {
    const std::int64_t first_planned = num_planned_rows_ - static_cast<std::int64_t>(gains_.size() / kMapStride);
    const std::int64_t end_row = num_filtered_rows_ + static_cast<std::int64_t>(count);
    const std::int64_t end = end_row * kRow + kFrame;
    host_.append_zeros_until(end);
    residual_.append_zeros_until(end);
    for (; num_filtered_rows_ < end_row; num_filtered_rows_ += static_cast<std::int64_t>(GainFilter::kRowsPerBatch)) {
        const auto offset = static_cast<std::size_t>(num_filtered_rows_ - first_planned) * kMapStride;
        filter_.apply(host_, num_filtered_rows_, &gains_[offset], residual_);
    }
    // Tiles are measured ahead of what is filtered, so the filter's frames decide what is still needed.
    host_.drop_before(next_frame_start());
}

} // namespace wm
