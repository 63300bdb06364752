#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "watermark/tile_grid.h"

namespace wm::test {

/// Normal noise on rows [first_row, end_row) of the bands [first_band, end_band), zero elsewhere.
inline TileMap noise_map(std::size_t num_rows, std::uint64_t seed, std::size_t first_row, std::size_t end_row,
                         std::size_t first_band = 0, std::size_t end_band = kNumBands) {
    std::mt19937_64 random(seed);
    std::normal_distribution<float> normal;
    TileMap map(num_rows * kMapStride);
    for (std::size_t row = first_row; row < end_row; ++row) {
        for (std::size_t band = first_band; band < end_band; ++band) {
            map[row * kMapStride + band] = normal(random);
        }
    }
    return map;
}

inline TileMap noise_map(std::size_t num_rows, std::uint64_t seed) {
    return noise_map(num_rows, seed, 0, num_rows);
}

inline double inner_product(const TileMap& a, const TileMap& b) {
    double sum = 0.0;
    for (std::size_t t = 0; t < a.size(); ++t) {
        sum += static_cast<double>(a[t]) * static_cast<double>(b[t]);
    }
    return sum;
}

} // namespace wm::test
