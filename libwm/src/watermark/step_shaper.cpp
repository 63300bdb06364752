#include "watermark/step_shaper.h"

#include <algorithm>
#include <array>

#include "kernels/kernels.h"

namespace wm {
namespace {

constexpr float kLargestRise_db = 0.35F;
constexpr float kLargestFall_db = 0.6F;
constexpr float kWantedFall_db = 0.5F;
constexpr float kDeeperFall_db = 0.65F; ///< in one row of kDeeperEvery
constexpr std::size_t kDeeperEvery = 4;
constexpr float kMostLift = 5.0F;
constexpr std::size_t kLiftReach = 3;
/// At 545 Hz: below, the filter leaks as much into a step as it makes of it.
constexpr std::size_t kFirstLifted = 8;
/// What a channel's tiles measure of a sine at full scale.
constexpr double kFullScaleLevel_db = 49.9;
/// How much of a row a frame centred on its neighbour sees.
constexpr float kNeighbourShare = 0.12F;

/// Scales the gains of tiles whose own or neighbours' excitation rises or falls too much.
void hold_steps(const float* rises_db, const float* falls_db, float* gains) {
    std::array<float, kMapStride + 2> shares; // of the band below the first, of each, and of one above the last
    shares.front() = 1.0F;
    shares.back() = 1.0F;
    for (std::size_t b = 0; b < kMapStride; ++b) {
        shares[b + 1] = std::min(kLargestRise_db / std::max(rises_db[b], kLargestRise_db),
                                 kLargestFall_db / std::max(-falls_db[b], kLargestFall_db));
    }
    for (std::size_t b = 0; b < kMapStride; ++b) {
        gains[b] *= std::min(std::min(shares[b], shares[b + 1]), shares[b + 2]);
    }
}

/// Deepens the deepest fall of a row to what is wanted, unless it is too far from it.
void deepen_fall(const float* falls_db, float wanted_db, float* gains) {
    const float* deepest = std::min_element(falls_db + kFirstLifted, falls_db + kNumBands - kLiftReach);
    const float deepest_db = -*deepest;
    if (deepest_db >= wanted_db || deepest_db * kMostLift < wanted_db) {
        return;
    }
    const auto center = static_cast<std::size_t>(deepest - falls_db);
    for (std::size_t b = center - kLiftReach; b <= center + kLiftReach; ++b) {
        const std::size_t distance = b < center ? center - b : b - center;
        const float share = 1.0F - static_cast<float>(distance) / (kLiftReach + 1);
        if (gains[b] < 0.0F) {
            gains[b] = std::max(gains[b] * (1.0F + (wanted_db / deepest_db - 1.0F) * share),
                                std::min(gains[b], -StepShaper::kMostLifted_db));
        }
    }
}

} // namespace

StepShaper::StepShaper() : excitation_(band_edges_hz(), kFullScaleLevel_db) {}

void StepShaper::shape(const std::vector<const float*>& channel_levels_db, std::size_t count, float* gains) {
    const std::size_t num_tiles = count * kMapStride;
    contributions_.resize(channel_levels_db.size());
    for (std::size_t c = 0; c < channel_levels_db.size(); ++c) {
        contributions_[c].resize(num_tiles);
        excitation_.contributions(channel_levels_db[c], count, contributions_[c].data());
    }
    find_steps(gains, count);
    for (std::size_t t = 0; t < num_tiles; t += kMapStride) {
        hold_steps(&rises_db_[t], &falls_db_[t], gains + t);
    }
    find_steps(gains, count);
    for (std::size_t r = 0; r < count; ++r) {
        const std::size_t start = r * kMapStride;
        deepen_fall(&falls_db_[start], r % kDeeperEvery == 0 ? kDeeperFall_db : kWantedFall_db, gains + start);
    }
}

/// A hearing frame sees some of the rows before and after too.
void StepShaper::find_steps(const float* gains, std::size_t count) {
    constexpr float kOwnShare = 1.0F - 2.0F * kNeighbourShare;
    const std::size_t num_tiles = count * kMapStride;
    smeared_.resize(num_tiles);
    steps_db_.resize(num_tiles);
    const TileKernels& tiles = kernels().tiles;
    tiles.add_time_neighbours(gains, count, kNeighbourShare / kOwnShare, smeared_.data());
    tiles.limited_scale(smeared_.data(), num_tiles, kOwnShare, kMostLifted_db, smeared_.data());
    rises_db_.assign(num_tiles, 0.0F);
    falls_db_.assign(num_tiles, 0.0F);
    for (const TileMap& contributions : contributions_) {
        excitation_.changes(contributions.data(), smeared_.data(), count, steps_db_.data());
        for (std::size_t t = 0; t < num_tiles; ++t) {
            rises_db_[t] = std::max(rises_db_[t], steps_db_[t]);
            falls_db_[t] = std::min(falls_db_[t], steps_db_[t]);
        }
    }
}

} // namespace wm
