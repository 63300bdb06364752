#include "watermark/level_stream.h"

#include <array>

#include "kernels/kernels.h"

namespace wm {
namespace {

constexpr std::int64_t kFirstStart =
    (static_cast<std::int64_t>(kRowSamples) - static_cast<std::int64_t>(kTileFrameSize)) / 2;
constexpr std::size_t kLeadingZeros = kTileFrameSize;

} // namespace

TileLevelStream::TileLevelStream(std::size_t num_channels, std::size_t num_phases)
    : num_phases_(num_phases), audio_(num_channels, kLeadingZeros), tile_levels_(num_channels),
      bands_(band_spans(1.0)) {}

void TileLevelStream::push(const float* const* samples, std::size_t count) {
    audio_.append(samples, count);
    num_samples_ += static_cast<std::int64_t>(count);
}

std::int64_t TileLevelStream::next_start() const {
    return next_row_ * static_cast<std::int64_t>(kRowSamples) + kFirstStart;
}

bool TileLevelStream::has_rows(bool at_end) const {
    const std::int64_t needed = at_end ? static_cast<std::int64_t>(kTileFrameSize) : batch_samples();
    return next_start() + needed <= num_samples_;
}

void TileLevelStream::measure(float* const (&rows)[kLanes]) {
    const std::int64_t start = next_start();
    audio_.append_zeros_until(start + batch_samples());
    std::vector<const float*> channels;
    for (std::size_t c = 0; c < audio_.num_channels(); ++c) {
        channels.push_back(audio_.at(c, start));
    }
    std::size_t starts[kLanes];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        starts[lane] = lane * hop();
    }
    std::array<RealLanes, kMapStride> energies;
    TileLevels::energies(tile_levels_.spectra(channels.data(), starts), bands_, energies.data());
    for (std::size_t lane = 0; lane < kLanes; lane += num_phases_) {
        std::array<float, kNumBands> row_energies;
        for (std::size_t b = 0; b < kNumBands; ++b) {
            row_energies[b] = energies[b].value[lane];
        }
        num_audible_rows_ += TileLevels::carries(row_energies.data()) ? 1 : 0;
    }
    TileLevels::levels(energies.data(), energies.data());
    kernels().tiles.lanes_to_rows(energies.data(), kMapStride, rows);
    next_row_ += static_cast<std::int64_t>(rows_per_batch());
    audio_.drop_before(start + static_cast<std::int64_t>(rows_per_batch() * kRowSamples));
}

} // namespace wm
