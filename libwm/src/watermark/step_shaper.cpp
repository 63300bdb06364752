#include "watermark/step_shaper.h"

#include <algorithm>
#include <array>

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

using Row = std::array<float, kMapStride>;

/// What a hearing frame sees of a row's gains: some of the rows before and after.
void smear(const float* before, const float* gains, const float* after, Row& output) {
    for (std::size_t b = 0; b < kMapStride; ++b) {
        output[b] = (1.0F - 2.0F * kNeighbourShare) * gains[b] + kNeighbourShare * (before[b] + after[b]);
    }
}

/// Scales the gains of tiles whose own or neighbours' excitation rises too much.
void hold_rises(const Row& steps, float* gains) {
    Row shares;
    for (std::size_t b = 0; b < kNumBands; ++b) {
        shares[b] = steps[b] > kLargestRise_db ? kLargestRise_db / steps[b] : 1.0F;
    }
    for (std::size_t b = 0; b < kNumBands; ++b) {
        const float below = shares[b == 0 ? 0 : b - 1];
        const float above = shares[std::min(b + 1, kNumBands - 1)];
        gains[b] *= std::min({below, shares[b], above});
    }
}

/// Deepens the deepest fall of a row to kWantedFall_db, unless it is too far from it.
void deepen_fall(const Row& steps, float* gains) {
    const auto* deepest = std::min_element(steps.begin() + kFirstLifted, steps.begin() + kNumBands - kLiftReach);
    const float deepest_db = -*deepest;
    if (deepest_db >= kWantedFall_db || deepest_db * kMostLift < kWantedFall_db) {
        return;
    }
    const auto center = static_cast<std::size_t>(deepest - steps.begin());
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

void StepShaper::shape(const float* levels_db, std::size_t count, float* gains) const {
    Row contributions;
    Row smeared;
    Row steps{};
    for (std::size_t r = 0; r < count; ++r) {
        float* row = gains + r * kMapStride;
        const float* before = r == 0 ? row : row - kMapStride;
        const float* after = r + 1 == count ? row : row + kMapStride;
        excitation_.contributions(levels_db + r * kMapStride, contributions.data());
        smear(before, row, after, smeared);
        excitation_.changes(contributions.data(), smeared.data(), steps.data());
        hold_rises(steps, row);
        smear(before, row, after, smeared);
        excitation_.changes(contributions.data(), smeared.data(), steps.data());
        deepen_fall(steps, row);
    }
}

} // namespace wm
