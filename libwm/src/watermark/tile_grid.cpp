#include "watermark/tile_grid.h"

#include <algorithm>

#include "kernels/kernels.h"

namespace wm {
namespace {

constexpr double kLowestEdge_hz = 200.0;
constexpr double kLeastWidth_hz = 2.0 * kTileRate_hz / kTileFrameSize;
constexpr double kRelativeWidth = 0.029302236643492; ///< 2^(1/24) - 1
constexpr std::size_t kTimeMeanHalfRows = 8;
constexpr float kTimeNeighbourWeight = -0.25F;
constexpr float kFeatureLimit = 3.0F;

/// Features count by how far their level, a mean of nine tiles, stands above its least within 32 rows: what barely does may
/// be the channel's noise, which holds no mark. In sums of nine dB.
constexpr float kHalfRise = 9.0F * 3.0F;
constexpr float kLeastRise = 9.0F * 1.5F;
constexpr std::size_t kFloorRows = kFloorHalfRows + 1;

} // namespace

const std::vector<double>& band_edges_hz() {
    static const std::vector<double> edges = [] {
        std::vector<double> result{kLowestEdge_hz};
        while (result.size() <= kNumBands) {
            result.push_back(result.back() + std::max(kLeastWidth_hz, result.back() * kRelativeWidth));
        }
        return result;
    }();
    return edges;
}

std::vector<BandSpan> band_spans(double pitch) {
    constexpr double kBin_hz = kTileRate_hz / kTileFrameSize;
    constexpr double kEnd = kTileFrameSize / 2 + 1;
    std::vector<BandSpan> spans(kNumBands);
    const std::vector<double>& edges = band_edges_hz();
    for (std::size_t b = 0; b < kNumBands; ++b) {
        // Bin k covers k to k + 1 on this axis, its centre standing at k + 1/2.
        const double low = std::min(edges[b] * pitch / kBin_hz + 0.5, kEnd);
        const double high = std::min(edges[b + 1] * pitch / kBin_hz + 0.5, kEnd);
        BandSpan& span = spans[b];
        span.first = std::min(static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(kEnd) - 2);
        span.last = std::min(static_cast<std::uint32_t>(high), static_cast<std::uint32_t>(kEnd) - 1);
        if (span.last <= span.first) {
            span.last = span.first + 1;
            span.first_weight = static_cast<float>(high - low);
        } else {
            span.first_weight = static_cast<float>(std::max(0.0, span.first + 1.0 - low));
            span.last_weight = static_cast<float>(std::max(0.0, high - std::max<double>(span.last, low)));
        }
    }
    return spans;
}

const std::vector<float>& inverse_band_counts() {
    static const std::vector<float> counts = [] {
        std::vector<float> result(kMapStride, 0.0F);
        for (std::size_t b = 0; b < kNumBands; ++b) {
            const std::size_t first = b < 6 ? 0 : b - 6;
            const std::size_t end = std::min(kNumBands, b + 7);
            result[b] = 1.0F / static_cast<float>(end - first);
        }
        return result;
    }();
    return counts;
}

void whiten_levels(const float* levels, std::size_t num_rows, float* scratch, float* output) {
    const TileKernels& tiles = kernels().tiles;
    tiles.subtract_time_mean(levels, num_rows, kTimeMeanHalfRows, scratch);
    tiles.subtract_band_mean(scratch, num_rows, inverse_band_counts().data(), scratch);
    tiles.add_time_neighbours(scratch, num_rows, kTimeNeighbourWeight, output);
}

void tile_features(const float* levels, std::size_t num_rows, TileMap& scratch, float* output) {
    const TileKernels& tiles = kernels().tiles;
    scratch.resize(2 * num_rows * kMapStride);
    whiten_levels(levels, num_rows, scratch.data(), output);
    tiles.local_rms(output, num_rows, kScaleHalfRows, scratch.data());
    tiles.limited_ratio(output, scratch.data(), num_rows * kMapStride, kFeatureLimit, output);

    float* sums = scratch.data();
    float* floors = sums + num_rows * kMapStride;
    tiles.add_time_neighbours(levels, num_rows, 1.0F, sums);
    tiles.add_band_neighbours(sums, num_rows, 1.0F, sums);
    tiles.least_of_following(sums, num_rows, kFloorRows, floors);
    for (std::size_t r = 0; r < num_rows; ++r) {
        const float* floor_before = floors + (r < kFloorHalfRows ? 0 : r - kFloorHalfRows) * kMapStride;
        tiles.weigh_by_rise(sums + r * kMapStride, floor_before, floors + r * kMapStride, kHalfRise, kLeastRise,
                            kMapStride, output + r * kMapStride);
    }
}

} // namespace wm
