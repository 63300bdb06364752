#include "watermark/step_shaper.h"

#include <algorithm>
#include <array>

#include "kernels/kernels.h"

namespace wm {
namespace {

constexpr float kLargestRise_db = 0.4F;
constexpr float kWantedFall_db = 0.5F;
constexpr float kMostLift = 5.0F;
constexpr std::size_t kLiftReach = 3;
/// At 800 Hz: below, the filter leaks as much into a step as it makes of it.
constexpr std::size_t kFirstLifted = 14;
/// What tiles measure of a sine that has full scale in two channels.
constexpr double kFullScaleLevel_db = 52.9;
/// How much of a row a frame centred on its neighbour sees.
constexpr float kNeighbourShare = 0.12F;

/// Scales the gains of tiles whose own or neighbours' excitation rises too much.
void hold_rises(const float* steps_db, float* gains) {
    std::array<float, kMapStride + 2> shares; // of the band below the first, of each, and of one above the last
    shares.front() = 1.0F;
    shares.back() = 1.0F;
    for (std::size_t b = 0; b < kMapStride; ++b) {
        shares[b + 1] = kLargestRise_db / std::max(steps_db[b], kLargestRise_db);
    }
    for (std::size_t b = 0; b < kMapStride; ++b) {
        gains[b] *= std::min(std::min(shares[b], shares[b + 1]), shares[b + 2]);
    }
}

/// Deepens the deepest fall of a row to kWantedFall_db, unless it is too far from it.
void deepen_fall(const float* steps_db, float* gains) {
    const float* deepest = std::min_element(steps_db + kFirstLifted, steps_db + kNumBands - kLiftReach);
    const float deepest_db = -*deepest;
    if (deepest_db >= kWantedFall_db || deepest_db * kMostLift < kWantedFall_db) {
        return;
    }
    const auto center = static_cast<std::size_t>(deepest - steps_db);
    for (std::size_t b = center - kLiftReach; b <= center + kLiftReach; ++b) {
        const std::size_t distance = b < center ? center - b : b - center;
        const float share = 1.0F - static_cast<float>(distance) / (kLiftReach + 1);
        if (gains[b] < 0.0F) {
            gains[b] = std::max(gains[b] * (1.0F + (kWantedFall_db / deepest_db - 1.0F) * share),
                                std::min(gains[b], -StepShaper::kMostLifted_db));
        }
    }
}

} // namespace

StepShaper::StepShaper() : excitation_(band_edges_hz(), kFullScaleLevel_db) {}

void StepShaper::shape(const float* levels_db, std::size_t count, float* gains) {
    contributions_.resize(count * kMapStride);
    excitation_.contributions(levels_db, count, contributions_.data());
    find_steps(gains, count);
    for (std::size_t t = 0; t < count * kMapStride; t += kMapStride) {
        hold_rises(&steps_db_[t], gains + t);
    }
    find_steps(gains, count);
    for (std::size_t t = 0; t < count * kMapStride; t += kMapStride) {
        deepen_fall(&steps_db_[t], gains + t);
    }
}

/// A hearing frame sees some of the rows before and after too.
void StepShaper::find_steps(const float* gains, std::size_t count) {
    constexpr float kOwnShare = 1.0F - 2.0F * kNeighbourShare;
    smeared_.resize(count * kMapStride);
    steps_db_.resize(count * kMapStride);
    const TileKernels& tiles = kernels().tiles;
    tiles.add_time_neighbours(gains, count, kNeighbourShare / kOwnShare, smeared_.data());
    tiles.limited_scale(smeared_.data(), smeared_.size(), kOwnShare, kMostLifted_db, smeared_.data());
    excitation_.changes(contributions_.data(), smeared_.data(), count, steps_db_.data());
}

} // namespace wm
