#include "watermark/reading.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "kernels/kernels.h"

namespace wm {
namespace {

constexpr int kListSize = 32;
constexpr std::size_t kWeightGroups = 8;

double pilot_statistic(const TileMap& map, const ChipLayout& layout) {
    const TileKernels& tiles = kernels().tiles;
    const float sum = tiles.dot(layout.pilot().data(), map.data(), kBlockTiles);
    return sum / std::sqrt(tiles.weighted_energy(layout.pilot_mask().data(), map.data(), kBlockTiles) + 1e-9F);
}

/// The pilot's amplitude in each of eight groups of bands, drawn towards their mean by how uncertain it is (the posterior
/// mean under normal amplitudes), as weights around 1.
std::array<float, kMapStride> band_weights(const TileMap& map, const ChipLayout& layout) {
    std::array<double, kWeightGroups> correlation{};
    std::array<double, kWeightGroups> energy{};
    for (std::size_t r = 0; r < kBlockRows; ++r) {
        for (std::size_t b = 0; b < kNumBands; ++b) {
            const std::size_t t = r * kMapStride + b;
            const std::size_t group = b * kWeightGroups / kNumBands;
            correlation[group] += static_cast<double>(layout.pilot()[t] * map[t]);
            energy[group] += static_cast<double>(layout.pilot_mask()[t] * map[t] * map[t]);
        }
    }
    double correlation_sum = 0.0;
    double energy_sum = 1e-9;
    for (std::size_t g = 0; g < kWeightGroups; ++g) {
        correlation_sum += correlation[g];
        energy_sum += energy[g];
    }
    const double mean = correlation_sum / energy_sum;
    double spread = 0.0;
    for (std::size_t g = 0; g < kWeightGroups; ++g) {
        const double deviation = correlation[g] / (energy[g] + 1e-9) - mean;
        spread += (deviation * deviation - 1.0 / (energy[g] + 1e-9)) / kWeightGroups;
    }
    const double prior = std::max(spread, 0.0625 * mean * mean) + 1e-12;
    std::array<float, kMapStride> weights{};
    for (std::size_t b = 0; b < kNumBands; ++b) {
        const std::size_t g = b * kWeightGroups / kNumBands;
        const double amplitude = (mean / prior + correlation[g]) / (1.0 / prior + energy[g]);
        weights[b] = static_cast<float>(std::max(amplitude, 0.05 * std::abs(mean)) / (std::abs(mean) + 1e-9));
    }
    return weights;
}

TileMap weighted(const TileMap& map, const ChipLayout& layout) {
    const std::array<float, kMapStride> weights = band_weights(map, layout);
    TileMap result(kBlockTiles);
    for (std::size_t r = 0; r < kBlockRows; ++r) {
        kernels().tiles.multiply(&map[r * kMapStride], weights.data(), kMapStride, &result[r * kMapStride]);
    }
    return result;
}

double payload_statistic(const TileMap& weighted_map, const ChipLayout& layout, std::uint64_t payload) {
    const TileKernels& tiles = kernels().tiles;
    const TileMap signs = layout.payload_signs(polar_encode(payload));
    const float sum = tiles.dot(signs.data(), weighted_map.data(), kBlockTiles);
    const float all = tiles.dot(weighted_map.data(), weighted_map.data(), kBlockTiles);
    const float pilot = tiles.weighted_energy(layout.pilot_mask().data(), weighted_map.data(), kBlockTiles);
    return sum / std::sqrt(std::max(all - pilot, 0.0F) + 1e-9F);
}

} // namespace

TileMap turn_back(const float* folded, std::size_t shift) {
    TileMap result(kBlockTiles);
    const std::size_t split = shift % kBlockRows * kMapStride;
    std::memcpy(result.data(), folded + split, (kBlockTiles - split) * sizeof(float));
    std::memcpy(result.data() + (kBlockTiles - split), folded, split * sizeof(float));
    return result;
}

std::optional<Reading> read_payload(const TileMap& map, const ChipLayout& layout) {
    const TileMap weighted_map = weighted(map, layout);
    float bits[kCodeBits] = {};
    layout.gather_bits(weighted_map.data(), bits);
    std::optional<Reading> best;
    for (const PolarCandidate& candidate : polar_decode(bits, kListSize)) {
        const ReadingEvidence evidence{0.0, payload_statistic(weighted_map, layout, candidate.payload)};
        if (!best || evidence.payload > best->evidence.payload) {
            best = Reading{candidate.payload, evidence};
        }
    }
    if (best) {
        best->evidence.pilot = pilot_statistic(map, layout);
    }
    return best;
}

ReadingEvidence evidence_for(const TileMap& map, const ChipLayout& layout, std::uint64_t payload) {
    return {pilot_statistic(map, layout), payload_statistic(weighted(map, layout), layout, payload)};
}

} // namespace wm
