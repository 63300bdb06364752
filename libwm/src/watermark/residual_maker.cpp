#include "watermark/residual_maker.h"

#include <algorithm>
#include <array>
#include <utility>

#include "kernels/kernels.h"

namespace wm {
namespace {

constexpr std::size_t kPlanRows = 128;
constexpr std::int64_t kRow = kRowSamples;
constexpr std::int64_t kFrame = kTileFrameSize;
constexpr std::size_t kLeadingZeros = kTileFrameSize;

std::int64_t frame_start(std::int64_t row) {
    return row * kRow + kRow / 2 - kFrame / 2;
}

} // namespace

ResidualMaker::ResidualMaker(std::size_t num_channels, TileMap signs, double strength)
    : host_(num_channels, kLeadingZeros), residual_(num_channels, kLeadingZeros), signs_(std::move(signs)),
      tile_levels_(num_channels), masking_(band_edges_hz()), bands_(band_spans(1.0)), planner_(strength) {}

void ResidualMaker::push(const float* const* host, std::size_t count, std::vector<std::vector<float>>& output) {
    host_.append(host, count);
    measure_rows();
    plan_rows(false);
    emit_until(num_planned_rows_ * kRow + GainFilter::kFrameOffset, output);
}

void ResidualMaker::finish(std::vector<std::vector<float>>& output) {
    const std::int64_t end = host_.end();
    const std::int64_t num_rows = (end / kRow + 2 + kLanes) / kLanes * static_cast<std::int64_t>(kLanes);
    host_.append_zeros_until(frame_start(num_rows) + kFrame);
    measure_rows();
    plan_rows(true);
    emit_until(end, output);
}

void ResidualMaker::measure_rows() {
    std::array<RealLanes, kMapStride> energies;
    std::array<RealLanes, kMapStride> levels;
    std::array<RealLanes, kMapStride> thresholds{};
    while (true) {
        const std::int64_t row = first_tile_row_ + static_cast<std::int64_t>(tiles_.num_rows());
        if (frame_start(row + kLanes - 1) + kFrame > host_.end()) {
            return;
        }
        std::vector<const float*> channels;
        for (std::size_t c = 0; c < host_.num_channels(); ++c) {
            channels.push_back(host_.at(c, frame_start(row)));
        }
        std::size_t starts[kLanes];
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            starts[lane] = lane * kRowSamples;
        }
        TileLevels::energies(tile_levels_.spectra(channels.data(), starts), bands_, energies.data());
        TileLevels::levels(energies.data(), levels.data());
        masking_.thresholds(energies.data(), thresholds.data());
        for (auto [map, lanes] : {std::pair{&tiles_.energies, &energies}, std::pair{&tiles_.levels_db, &levels},
                                  std::pair{&tiles_.thresholds, &thresholds}}) {
            const std::size_t start = map->size();
            map->resize(start + kLanes * kMapStride);
            float* rows[kLanes];
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                rows[lane] = &(*map)[start + lane * kMapStride];
            }
            kernels().tiles.lanes_to_rows(lanes->data(), kMapStride, rows);
        }
    }
}

void ResidualMaker::plan_rows(bool at_end) {
    std::vector<float> gains(kPlanRows * kMapStride);
    while (true) {
        const auto first = static_cast<std::size_t>(num_planned_rows_ - first_tile_row_);
        const std::size_t num_ready = tiles_.num_rows() - first;
        const std::size_t needed = kPlanRows + GainPlanner::kContextRows;
        if (num_ready < GainFilter::kRowsPerBatch || (!at_end && num_ready < needed)) {
            return;
        }
        const std::size_t count =
            std::min(kPlanRows, num_ready / GainFilter::kRowsPerBatch * GainFilter::kRowsPerBatch);
        const auto pattern_row = static_cast<std::size_t>(first_tile_row_) % kBlockRows;
        planner_.plan(tiles_, signs_, pattern_row, first, count, gains.data());
        tally_rows(gains, first, count);
        filter_rows(gains, first, count);
        num_planned_rows_ += static_cast<std::int64_t>(count);
        const std::int64_t keep_from = num_planned_rows_ - static_cast<std::int64_t>(GainPlanner::kContextRows);
        if (keep_from > first_tile_row_) {
            const auto drop = (keep_from - first_tile_row_) * static_cast<std::int64_t>(kMapStride);
            for (TileMap* map : {&tiles_.levels_db, &tiles_.energies, &tiles_.thresholds}) {
                map->erase(map->begin(), map->begin() + drop);
            }
            first_tile_row_ = keep_from;
        }
    }
}

void ResidualMaker::tally_rows(const std::vector<float>& gains, std::size_t first, std::size_t count) {
    for (std::size_t r = 0; r < count; ++r) {
        const float* energies = &tiles_.energies[(first + r) * kMapStride];
        if (!TileLevels::carries(energies)) {
            continue;
        }
        ++tally_.num_carrying_rows;
        tally_.noise_to_mask +=
            planner_.noise_to_mask(&gains[r * kMapStride], energies, &tiles_.thresholds[(first + r) * kMapStride]);
    }
    tally_.num_rows += static_cast<std::int64_t>(count);
}

void ResidualMaker::filter_rows(const std::vector<float>& gains, std::size_t first, std::size_t count) {
    const std::int64_t first_row = first_tile_row_ + static_cast<std::int64_t>(first);
    const std::int64_t end_row = first_row + static_cast<std::int64_t>(count);
    const std::int64_t end = end_row * kRow + kFrame;
    if (host_.end() < end) {
        host_.append_zeros_until(end);
    }
    if (residual_.end() < end) {
        residual_.append_zeros_until(end);
    }
    for (std::size_t r = 0; r < count; r += GainFilter::kRowsPerBatch) {
        filter_.apply(host_, first_row + static_cast<std::int64_t>(r), &gains[r * kMapStride], residual_);
    }
    // Tiles are measured ahead of what is filtered, so the filter's frames decide what is still needed.
    host_.drop_before(end_row * kRow + GainFilter::kFrameOffset);
}

void ResidualMaker::emit_until(std::int64_t position, std::vector<std::vector<float>>& output) {
    const std::int64_t end = std::max(position, num_emitted_);
    const auto count = static_cast<std::ptrdiff_t>(end - num_emitted_);
    output.resize(residual_.num_channels());
    for (std::size_t c = 0; c < residual_.num_channels() && count > 0; ++c) {
        const float* from = residual_.at(c, num_emitted_);
        output[c].insert(output[c].end(), from, from + count);
    }
    num_emitted_ = end;
    residual_.drop_before(std::min(position, end)); // the first frames start before the first sample
}

} // namespace wm
