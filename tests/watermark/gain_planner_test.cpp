#include "watermark/gain_planner.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "fixed_key.h"
#include "tile_map_checks.h"
#include "watermark/chip_layout.h"

namespace wm {
namespace {

using test::inner_product;
using test::noise_map;

constexpr std::size_t kNumRows = 320;
constexpr std::size_t kFirst = 96;
constexpr std::size_t kCount = 128;

/// A host whose levels wander by 7 dB, loudest in the low bands, and whose model masks a tenth of its energy.
HostTiles wandering_host(float loudness_db = 20.0F) {
    HostTiles host;
    host.levels_db = noise_map(kNumRows, 31);
    for (std::size_t t = 0; t < host.levels_db.size(); ++t) {
        const auto band = static_cast<float>(t % kMapStride);
        if (t % kMapStride < kNumBands) {
            host.levels_db[t] = 7.0F * host.levels_db[t] + loudness_db - 0.3F * band;
            host.energies.push_back(std::pow(10.0F, host.levels_db[t] / 10.0F));
        } else {
            host.energies.push_back(0.0F);
        }
        host.thresholds.push_back(0.1F * host.energies.back());
    }
    host.channel_levels_db = {host.levels_db};
    return host;
}

const TileMap& signs() {
    static const TileMap instance = ChipLayout(test::fixed_key(31)).signs(polar_encode(31));
    return instance;
}

TileMap planned(const HostTiles& host, double strength, std::size_t pattern_row = 0) {
    GainPlanner planner(strength);
    TileMap gains(kCount * kMapStride);
    planner.plan(host, signs(), pattern_row, kFirst, kCount, gains.data());
    return gains;
}

double noise_over_signal(const HostTiles& host, const TileMap& gains) {
    double noise = 0.0;
    double signal = 0.0;
    for (std::size_t t = 0; t < gains.size(); ++t) {
        const auto energy = static_cast<double>(host.energies[kFirst * kMapStride + t]);
        noise += std::pow(std::pow(10.0, static_cast<double>(gains[t]) / 20.0) - 1.0, 2.0) * energy;
        signal += energy;
    }
    return noise / signal;
}

double mean_noise_to_mask(const HostTiles& host, const TileMap& gains) {
    const GainPlanner planner(1.0);
    double sum = 0.0;
    for (std::size_t row = 0; row < kCount; ++row) {
        const std::size_t t = (kFirst + row) * kMapStride;
        sum += planner.noise_to_mask(&gains[row * kMapStride], &host.energies[t], &host.thresholds[t]);
    }
    return sum / kCount;
}

TEST(GainPlanner, ReachesOneOfItsLimitsAndPassesNeither) {
    for (const float mask : {0.001F, 0.1F, 100.0F}) {
        HostTiles host = wandering_host();
        for (float& threshold : host.thresholds) {
            threshold *= mask;
        }
        const TileMap gains = planned(host, 1.0);
        const double mask_use = mean_noise_to_mask(host, gains) / GainPlanner::kMaskLimit;
        const double noise_use = noise_over_signal(host, gains) / GainPlanner::kNoiseLimit;
        EXPECT_LT(std::max(mask_use, noise_use), 1.15) << mask;
        EXPECT_GT(std::max(mask_use, noise_use), 0.8) << mask;
    }
}

/// What of the noise limit is used where `num_pauses` of every ten rows are 40 dB fainter.
double noise_use_with_pauses(std::size_t num_pauses) {
    HostTiles host = wandering_host();
    for (std::size_t t = 0; t < host.energies.size(); ++t) {
        const bool is_pause = t / kMapStride % 10 < num_pauses;
        host.levels_db[t] -= is_pause ? 40.0F : 0.0F;
        host.energies[t] *= is_pause ? 1e-4F : 1.0F;
        host.thresholds[t] = 1e9F;
    }
    host.channel_levels_db = {host.levels_db};
    return noise_over_signal(host, planned(host, 1.0)) / GainPlanner::kNoiseLimit;
}

TEST(GainPlanner, PausesLetGainsPassTheLimitsAndFewPausesDoNot) {
    EXPECT_LT(noise_use_with_pauses(0), 1.15);
    EXPECT_LT(noise_use_with_pauses(1), 1.15);
    EXPECT_GT(noise_use_with_pauses(4), 1.3);
    EXPECT_LT(noise_use_with_pauses(4), 2.1);
    EXPECT_NEAR(noise_use_with_pauses(6), noise_use_with_pauses(4), 0.25);
}

TEST(GainPlanner, NoRisePassesTwoDecibelsAndNoFallTenTimesTheStrength) {
    HostTiles host = wandering_host();
    std::fill(host.thresholds.begin(), host.thresholds.end(), 1e9F);
    for (const double strength : {0.5, 1.0}) {
        const TileMap gains = planned(host, strength);
        EXPECT_LE(*std::max_element(gains.begin(), gains.end()), static_cast<float>(2.0 * strength));
        EXPECT_GE(*std::min_element(gains.begin(), gains.end()), static_cast<float>(-10.0 * strength));
    }
}

/// Noise-to-mask of a row of a flat host whose rows get 30 dB louder at row `onset`.
double noise_to_mask_at_onset(std::size_t row, std::size_t onset) {
    HostTiles host = wandering_host();
    for (std::size_t t = 0; t < onset * kMapStride; ++t) {
        host.levels_db[t] -= 30.0F;
        host.energies[t] *= 1e-3F;
        host.thresholds[t] *= 1e-3F;
    }
    const TileMap gains = planned(host, 1.0);
    const std::size_t t = row * kMapStride;
    return GainPlanner(1.0).noise_to_mask(&gains[(row - kFirst) * kMapStride], &host.energies[t], &host.thresholds[t]);
}

TEST(GainPlanner, TheFirstRowOfAnOnsetGetsLessBecauseItsFrameReachesIntoThePauseBefore) {
    const std::size_t onset = kFirst + 60;
    EXPECT_LT(noise_to_mask_at_onset(onset, onset), 0.1 * noise_to_mask_at_onset(onset + 4, onset));
}

TEST(GainPlanner, DoublingTheStrengthDoublesEveryGain) {
    const HostTiles host = wandering_host();
    const TileMap weak = planned(host, 0.5);
    const TileMap strong = planned(host, 1.0);
    for (std::size_t t = 0; t < weak.size(); ++t) {
        ASSERT_NEAR(strong[t], 2.0F * weak[t], 1e-5F);
    }
}

TEST(GainPlanner, GainsDoNotDependOnTheHostsLoudness) {
    const TileMap soft = planned(wandering_host(10.0F), 1.0);
    const TileMap loud = planned(wandering_host(40.0F), 1.0);
    // Not wholly: beside the soft one the ear's own noise makes steps smaller.
    EXPECT_GT(inner_product(soft, loud), 0.995 * std::sqrt(inner_product(soft, soft) * inner_product(loud, loud)));
    EXPECT_NEAR(inner_product(soft, soft) / inner_product(loud, loud), 1.0, 0.02);
}

/// The correlation of whitened gains with the pattern, row `pattern_row` of which stands at the first row of the host.
double raised_statistic(const TileMap& gains, std::size_t pattern_row) {
    TileMap scratch(gains.size());
    TileMap white(gains.size());
    whiten_levels(gains.data(), kCount, scratch.data(), white.data());
    double sum = 0.0;
    for (std::size_t t = 0; t < white.size(); ++t) {
        sum += static_cast<double>(white[t] * signs()[(t + (kFirst + pattern_row) * kMapStride) % kBlockTiles]);
    }
    return sum / std::sqrt(inner_product(white, white));
}

TEST(GainPlanner, GainsRaiseWhatTheDetectorCorrelatesWithAndOnlyAtThePatternsRow) {
    for (const std::size_t pattern_row : {0U, 77U}) {
        const TileMap gains = planned(wandering_host(), 1.0, pattern_row);
        EXPECT_GT(raised_statistic(gains, pattern_row), 40.0);
        EXPECT_LT(std::abs(raised_statistic(gains, pattern_row + 20)), 6.0);
    }
}

TEST(GainPlanner, NoiseToMaskIsTheSharesSumOfNoiseOverThreshold) {
    const MaskingModel masking(band_edges_hz());
    TileMap gains(kMapStride);
    TileMap energies(kMapStride, 4.0F);
    TileMap thresholds(kMapStride, 2.0F);
    gains[10] = 0.5F;
    gains[60] = -0.5F;
    const double noise = std::pow(0.5 * std::log(10.0) / 20.0, 2.0) * 4.0;
    const double expected = noise / 2.0 * static_cast<double>(masking.range_shares()[10] + masking.range_shares()[60]);
    EXPECT_NEAR(GainPlanner(1.0).noise_to_mask(gains.data(), energies.data(), thresholds.data()) / expected, 1.0, 1e-3);
}

} // namespace
} // namespace wm
