#pragma once

/// Where the tiles lie: time and log-frequency, the same for every key (docs/watermark.md, "Tiles").
///
///     band 88 +---+---+---+--         a row: 23.2 ms (512 samples at 22,050 Hz)
///             |   |   |   |           a band: 1/24 octave, at least 43 Hz, 200 to 8,000 Hz
///     band 1  +---+---+---+--         a block: 128 rows, 2.97 s; the pattern repeats from block to block
///     band 0  +---+---+---+--
///           row 0   1   2  ...

#include <cstddef>
#include <vector>

#include "kernels/tile_kernels.h"

namespace wm {

inline constexpr double kTileRate_hz = 22050.0;
inline constexpr std::size_t kRowSamples = 512;
inline constexpr std::size_t kTileFrameSize = 1024; ///< Hann frame that measures a tile
inline constexpr std::size_t kBlockRows = 128;
inline constexpr std::size_t kNumBands = 89;
inline constexpr std::size_t kBlockTiles = kBlockRows * kMapStride; ///< of a block map, padding included
inline constexpr double kRow_s = kRowSamples / kTileRate_hz;

/// A map of tiles, row-major, kMapStride floats a row.
using TileMap = std::vector<float>;

/// The kNumBands + 1 edges between bands.
const std::vector<double>& band_edges_hz();

/// The bands, moved up by the factor `pitch`, as sums of the power bins of a kTileFrameSize transform. Bands or parts of
/// bands above the Nyquist frequency are empty.
std::vector<BandSpan> band_spans(double pitch);

/// For subtract_band_mean: one over the number of bands within six of each.
const std::vector<float>& inverse_band_counts();

/// Whitens a map of levels in dB: what remains of a host is nearly independent from tile to tile, and what remains of a mark
/// keeps its sign. Takes the mean over 17 rows and then over 13 bands, then a quarter of the rows before and after.
/// Self-adjoint but for the ends. scratch [num_rows * kMapStride]; output may be the map
void whiten_levels(const float* levels, std::size_t num_rows, float* scratch, float* output);

/// The detector's features: whitened levels over their local deviation (41 rows), limited to +-3, and weighted by how far the
/// level stands above its floor: noise that fills the pauses of a host counts for less.
/// cost     about 80 operations a tile
void tile_features(const float* levels, std::size_t num_rows, TileMap& scratch, float* output);

/// Half the rows over which features take their local deviation.
inline constexpr std::size_t kScaleHalfRows = 20;
/// Rows before and after a row among which its level's floor is taken.
inline constexpr std::size_t kFloorHalfRows = 31;
/// Rows before and after a row that its feature depends on.
inline constexpr std::size_t kFeatureReach = kFloorHalfRows + 1;
static_assert(kFeatureReach >= 8 + 1 + kScaleHalfRows);

} // namespace wm
