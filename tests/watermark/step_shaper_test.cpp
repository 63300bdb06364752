#include "watermark/step_shaper.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tile_map_checks.h"

namespace wm {
namespace {

constexpr std::size_t kNumRows = 32;

/// Gains of `rms_db` with random signs, none past the last band.
TileMap random_gains(float rms_db, unsigned seed) {
    TileMap gains = test::noise_map(kNumRows, seed);
    for (float& gain : gains) {
        gain *= rms_db;
    }
    return gains;
}

TileMap flat_levels() {
    return TileMap(kNumRows * kMapStride, 20.0F);
}

void shape(TileMap& gains, const std::vector<TileMap>& channel_levels_db = {flat_levels()}) {
    std::vector<const float*> levels_db;
    for (const TileMap& channel : channel_levels_db) {
        levels_db.push_back(channel.data());
    }
    StepShaper().shape(levels_db, kNumRows, gains.data());
}

/// The steps of excitation that the gains of one row make, its neighbours having the same.
std::vector<float> steps_of(const float* gains, const TileMap& levels_db = flat_levels()) {
    const ExcitationModel model(band_edges_hz(), 49.9);
    std::vector<float> contributions(kMapStride);
    std::vector<float> steps(kMapStride);
    model.contributions(levels_db.data(), 1, contributions.data());
    model.changes(contributions.data(), gains, 1, steps.data());
    return steps;
}

TEST(StepShaper, HoldsTheRiseOfALoudRegion) {
    TileMap gains(kNumRows * kMapStride);
    for (std::size_t r = 0; r < kNumRows; ++r) {
        std::fill_n(&gains[r * kMapStride + 30], 20, 2.0F);
    }
    shape(gains);
    const std::vector<float> steps = steps_of(&gains[16 * kMapStride]);
    EXPECT_LT(*std::max_element(steps.begin(), steps.end()), 0.45F);
    EXPECT_GT(*std::max_element(steps.begin(), steps.end()), 0.2F);
}

TEST(StepShaper, HoldsTheFallOfALoudRegion) {
    TileMap gains(kNumRows * kMapStride);
    for (std::size_t r = 0; r < kNumRows; ++r) {
        std::fill_n(&gains[r * kMapStride + 30], 20, -2.0F);
    }
    shape(gains);
    const std::vector<float> steps = steps_of(&gains[16 * kMapStride]);
    EXPECT_GT(*std::min_element(steps.begin(), steps.end()), -0.75F);
    EXPECT_LT(*std::min_element(steps.begin(), steps.end()), -0.4F);
}

/// In one channel alone the band sounds that all of the gain acts on: there the step is as large as the gain.
TEST(StepShaper, HoldsTheRiseOfTheChannelThatChangesMost) {
    TileMap lone_levels_db(kNumRows * kMapStride, -60.0F);
    TileMap gains(kNumRows * kMapStride);
    for (std::size_t r = 0; r < kNumRows; ++r) {
        lone_levels_db[r * kMapStride + 40] = 20.0F;
        gains[r * kMapStride + 40] = 0.8F;
    }
    TileMap without = gains;
    shape(without);
    EXPECT_EQ(without, gains) << "among loud neighbours the step is small";
    shape(gains, {flat_levels(), lone_levels_db});
    const std::vector<float> steps = steps_of(&gains[16 * kMapStride], lone_levels_db);
    EXPECT_NEAR(*std::max_element(steps.begin(), steps.end()), 0.35F, 0.1F);
}

TEST(StepShaper, DeepensTheDeepestFallOfARowToHalfADecibel) {
    TileMap gains(kNumRows * kMapStride);
    for (std::size_t r = 0; r < kNumRows; ++r) {
        std::fill_n(&gains[r * kMapStride + 40], 5, -0.5F);
    }
    const float before = *std::min_element(gains.begin(), gains.end());
    shape(gains);
    const std::vector<float> steps = steps_of(&gains[16 * kMapStride]);
    EXPECT_LT(*std::min_element(gains.begin(), gains.end()), before);
    EXPECT_NEAR(*std::min_element(steps.begin(), steps.end()), -0.5F, 0.15F);
}

TEST(StepShaper, KeepsEverySignAndEveryGainOfSmallSteps) {
    for (const unsigned seed : {1U, 2U}) {
        const TileMap gains = random_gains(1.0F, seed);
        TileMap shaped = gains;
        shape(shaped);
        for (std::size_t t = 0; t < gains.size(); ++t) {
            ASSERT_GE(gains[t] * shaped[t], 0.0F);
        }
    }
    const TileMap tiny = random_gains(1e-3F, 3); // too far below a step to be deepened
    TileMap shaped = tiny;
    shape(shaped);
    EXPECT_EQ(shaped, tiny);
}

} // namespace
} // namespace wm
