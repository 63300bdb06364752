#include "watermark/tile_grid.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tile_map_checks.h"

namespace wm {
namespace {

using test::inner_product;
using test::noise_map;

constexpr std::size_t kNumBins = kTileFrameSize / 2 + 1;
constexpr double kBin_hz = kTileRate_hz / kTileFrameSize;

/// What a band takes of each bin.
std::vector<double> weights_of(const BandSpan& span) {
    std::vector<double> weights(kNumBins);
    weights[span.first] += static_cast<double>(span.first_weight);
    weights[span.last] += static_cast<double>(span.last_weight);
    for (std::size_t k = span.first + 1; k < span.last; ++k) {
        weights[k] += 1.0;
    }
    return weights;
}

double sum(const std::vector<double>& values) {
    double result = 0.0;
    for (const double value : values) {
        result += value;
    }
    return result;
}

TileMap whitened(const TileMap& levels) {
    TileMap scratch(levels.size());
    TileMap output(levels.size());
    whiten_levels(levels.data(), levels.size() / kMapStride, scratch.data(), output.data());
    return output;
}

TileMap features_of(const TileMap& levels) {
    TileMap scratch;
    TileMap output(levels.size());
    tile_features(levels.data(), levels.size() / kMapStride, scratch, output.data());
    return output;
}

TEST(TileGrid, BandsAreATwentyFourthOfAnOctaveWideAndTwoBinsAtTheLeast) {
    const std::vector<double>& edges = band_edges_hz();
    ASSERT_EQ(edges.size(), kNumBands + 1);
    EXPECT_EQ(edges.front(), 200.0);
    EXPECT_NEAR(edges.back(), 8000.0, 200.0);
    for (std::size_t b = 0; b < kNumBands; ++b) {
        EXPECT_NEAR(edges[b + 1] - edges[b], std::max(2.0 * kBin_hz, edges[b] * (std::exp2(1.0 / 24.0) - 1.0)), 1e-6);
    }
}

RC_GTEST_PROP(TileGrid, SpansPartitionTheAxisBetweenTheOuterEdgesAtEveryPitch, ()) {
    const double pitch = *rc::gen::inRange(700, 1300) / 1000.0;
    const std::vector<BandSpan> spans = band_spans(pitch);
    std::vector<double> cover(kNumBins);
    for (std::size_t b = 0; b < kNumBands; ++b) {
        const std::vector<double> weights = weights_of(spans[b]);
        const double width_bins = (band_edges_hz()[b + 1] - band_edges_hz()[b]) * pitch / kBin_hz;
        RC_ASSERT(std::abs(sum(weights) - width_bins) < 1e-4);
        std::transform(cover.begin(), cover.end(), weights.begin(), cover.begin(), std::plus<>());
    }
    const double low = band_edges_hz().front() * pitch / kBin_hz + 0.5;
    const double high = band_edges_hz().back() * pitch / kBin_hz + 0.5;
    for (std::size_t k = 0; k < kNumBins; ++k) {
        const auto from = static_cast<double>(k);
        const double expected = std::max(0.0, std::min(from + 1.0, high) - std::max(from, low));
        RC_ASSERT(std::abs(cover[k] - expected) < 1e-4);
    }
}

TEST(TileGrid, PitchMovesEveryBandByItsFactor) {
    const std::vector<BandSpan> spans = band_spans(1.0);
    const std::vector<BandSpan> higher = band_spans(1.122462);
    const auto center = [](const BandSpan& span) {
        const std::vector<double> weights = weights_of(span);
        double moment = 0.0;
        for (std::size_t k = 0; k < kNumBins; ++k) {
            moment += static_cast<double>(k) * weights[k];
        }
        return moment / sum(weights);
    };
    for (std::size_t b = 0; b < kNumBands; ++b) {
        EXPECT_NEAR(center(higher[b]) / center(spans[b]), 1.122462, 0.005) << b;
    }
}

TEST(TileGrid, BandsAboveNyquistAreEmptyAndTheOneAcrossItEndsThere) {
    const double pitch = 2.0;
    const std::vector<BandSpan> spans = band_spans(pitch);
    int num_empty = 0;
    for (std::size_t b = 0; b < kNumBands; ++b) {
        const double low = std::min(band_edges_hz()[b] * pitch / kBin_hz + 0.5, static_cast<double>(kNumBins));
        const double high = std::min(band_edges_hz()[b + 1] * pitch / kBin_hz + 0.5, static_cast<double>(kNumBins));
        EXPECT_LT(spans[b].first, spans[b].last);
        EXPECT_LT(spans[b].last, kNumBins);
        EXPECT_NEAR(sum(weights_of(spans[b])), high - low, 1e-4) << b;
        num_empty += low == high ? 1 : 0;
    }
    EXPECT_GT(num_empty, 10);
}

/// Away from the ends of both axes, where the means have fewer terms.
RC_GTEST_PROP(TileGrid, WhiteningIsItsOwnAdjointAwayFromTheEnds, (std::uint64_t seed)) {
    constexpr std::size_t kRows = 80;
    const TileMap a = noise_map(kRows, seed, 18, kRows - 18, 12, kNumBands - 12);
    const TileMap b = noise_map(kRows, seed + 1, 18, kRows - 18, 12, kNumBands - 12);
    const double forward = inner_product(whitened(a), b);
    const double backward = inner_product(a, whitened(b));
    RC_ASSERT(std::abs(forward - backward) < 1e-4 * std::sqrt(inner_product(a, a) * inner_product(b, b)));
}

TEST(TileGrid, WhiteningKeepsTheSignOfAMarkOnOneTile) {
    TileMap map(64 * kMapStride);
    map[32 * kMapStride + 40] = 1.0F;
    const TileMap white = whitened(map);
    EXPECT_GT(white[32 * kMapStride + 40], 0.8F);
    EXPECT_EQ(std::max_element(white.begin(), white.end()) - white.begin(), 32 * static_cast<int>(kMapStride) + 40);
}

TEST(TileGrid, AnEqualiserVanishesFromFeatures) {
    const TileMap levels = noise_map(100, 3);
    TileMap changed = levels;
    for (std::size_t t = 0; t < levels.size(); ++t) {
        const std::size_t band = t % kMapStride;
        changed[t] += band < kNumBands ? 9.0F * std::sin(0.2F * static_cast<float>(band)) : 0.0F;
    }
    const TileMap expected = features_of(levels);
    const TileMap found = features_of(changed);
    for (std::size_t t = 0; t < levels.size(); ++t) {
        ASSERT_NEAR(found[t], expected[t], 1e-4F) << t;
    }
}

TEST(TileGrid, AFaderHardlyChangesFeatures) {
    TileMap levels = noise_map(100, 3);
    for (float& level : levels) {
        level *= 6.0F; // as far as music's levels swing
    }
    TileMap changed = levels;
    for (std::size_t t = 0; t < levels.size(); ++t) {
        changed[t] += t % kMapStride < kNumBands ? 0.1F * static_cast<float>(t / kMapStride % 50) : 0.0F;
    }
    const TileMap expected = features_of(levels);
    const TileMap found = features_of(changed);
    EXPECT_GT(inner_product(found, expected) /
                  std::sqrt(inner_product(found, found) * inner_product(expected, expected)),
              0.99);
}

TEST(TileGrid, WhatDoesNotRiseAboveItsFloorCountsForLess) {
    constexpr std::size_t kNumRows = 200;
    TileMap levels = noise_map(kNumRows, 6);
    const auto is_loud = [](std::size_t row) { return row / 20 % 2 == 0; };
    for (std::size_t t = 0; t < levels.size(); ++t) {
        levels[t] += is_loud(t / kMapStride) && t % kMapStride < kNumBands ? 30.0F : 0.0F;
    }
    const TileMap features = features_of(levels);
    double loud = 0.0;
    double quiet = 0.0;
    for (std::size_t row = 44; row < 156; ++row) {
        if (row % 20 >= 8 && row % 20 < 12) { // the middles: whitening blurs the steps
            const TileMap one(features.begin() + static_cast<std::ptrdiff_t>(row * kMapStride),
                              features.begin() + static_cast<std::ptrdiff_t>((row + 1) * kMapStride));
            (is_loud(row) ? loud : quiet) += inner_product(one, one);
        }
    }
    EXPECT_GT(loud, 2.5 * quiet);
}

TEST(TileGrid, FeaturesAreLimitedWhateverTheLevels) {
    TileMap levels = noise_map(400, 4);
    for (float& level : levels) {
        level *= 7.0F;
    }
    for (std::size_t row = 0; row < 400; row += 37) {
        levels[row * kMapStride + row % kNumBands] += 500.0F;
    }
    const TileMap features = features_of(levels);
    EXPECT_GT(*std::max_element(features.begin(), features.end()), 2.5F);
    EXPECT_LT(*std::max_element(features.begin(), features.end()), 3.0F);
    EXPECT_GT(*std::min_element(features.begin(), features.end()), -3.0F);
    EXPECT_NEAR(inner_product(features, features) / (400.0 * kNumBands), 0.7, 0.3);
    for (std::size_t t = 0; t < features.size(); ++t) {
        ASSERT_TRUE(t % kMapStride < kNumBands || features[t] == 0.0F);
    }
}

TEST(TileGrid, AFeatureDependsOnNoRowBeyondItsReach) {
    constexpr std::size_t kRow = 60;
    const TileMap levels = noise_map(121, 5);
    TileMap changed = levels;
    for (std::size_t row = 0; row < 121; ++row) {
        if (row + kFeatureReach < kRow || row > kRow + kFeatureReach) {
            changed[row * kMapStride + 30] += 20.0F;
        }
    }
    const TileMap expected = features_of(levels);
    const TileMap found = features_of(changed);
    for (std::size_t b = 0; b < kNumBands; ++b) {
        ASSERT_NEAR(found[kRow * kMapStride + b], expected[kRow * kMapStride + b], 2e-5F) << b;
    }
}

} // namespace
} // namespace wm
