#include "analysis/masking.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <random>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace wm {
namespace {

/// Edges `step_bark` apart from 100 Hz on.
std::vector<double> bark_edges(double step_bark, std::size_t num_bands) {
    std::vector<double> edges_hz;
    for (std::size_t b = 0; b <= num_bands; ++b) {
        edges_hz.push_back(650.0 * std::sinh((bark(100.0) + step_bark * static_cast<double>(b)) / 7.0));
    }
    return edges_hz;
}

/// Thresholds of one moment.
std::vector<double> thresholds_of(const MaskingModel& model, const std::vector<float>& energies) {
    std::vector<RealLanes> input(energies.size());
    std::vector<RealLanes> output(energies.size());
    for (std::size_t b = 0; b < energies.size(); ++b) {
        input[b].value[3] = energies[b];
    }
    model.thresholds(input.data(), output.data());
    std::vector<double> thresholds;
    for (const RealLanes& lanes : output) {
        thresholds.push_back(static_cast<double>(lanes.value[3]));
        EXPECT_EQ(lanes.value[2], 0.0F) << "moments are apart";
    }
    return thresholds;
}

std::vector<float> random_energies(std::uint64_t seed, std::size_t count) {
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<float> exponent(-6.0F, 3.0F);
    std::vector<float> energies(count);
    for (float& energy : energies) {
        energy = std::pow(10.0F, exponent(random));
    }
    return energies;
}

TEST(Masking, BarkHasSchroedersValues) {
    EXPECT_EQ(bark(0.0), 0.0);
    EXPECT_NEAR(bark(650.0), 7.0 * std::asinh(1.0), 1e-12);
    EXPECT_NEAR(bark(1000.0), 8.51, 0.01);
    EXPECT_NEAR(bark(8000.0), 22.42, 0.02);
}

TEST(Masking, AQuarterBarkMasksHalfOfItsOwnEnergy) {
    const MaskingModel model(bark_edges(0.25, 60));
    std::vector<float> energies(60, 0.0F);
    energies[30] = 8.0F;
    EXPECT_NEAR(thresholds_of(model, energies)[30], 4.0, 1e-4);
}

TEST(Masking, SpreadsTwentySevenDecibelsABarkDownwards) {
    const MaskingModel model(bark_edges(0.25, 60));
    std::vector<float> energies(60, 0.0F);
    energies[40] = 1.0F;
    const std::vector<double> thresholds = thresholds_of(model, energies);
    EXPECT_NEAR(10.0 * std::log10(thresholds[40] / thresholds[36]), 27.0, 0.3);
    EXPECT_NEAR(10.0 * std::log10(thresholds[40] / thresholds[32]), 54.0, 0.6);
}

TEST(Masking, SpreadsUpwardsBySlopesThatFlattenWithFrequency) {
    const std::vector<double> edges_hz = bark_edges(0.25, 80);
    const MaskingModel model(edges_hz);
    for (const std::size_t masker : {10U, 30U, 60U}) {
        std::vector<float> energies(80, 0.0F);
        energies[masker] = 1.0F;
        const std::vector<double> thresholds = thresholds_of(model, energies);
        const double center_hz = std::sqrt(edges_hz[masker + 4] * edges_hz[masker + 5]);
        const double slope_db = 10.0 * std::log10(thresholds[masker] / thresholds[masker + 4]);
        EXPECT_GE(slope_db, 11.0 + 230.0 / center_hz);
        EXPECT_LE(slope_db, 11.0 + 230.0 / edges_hz[masker]);
    }
}

RC_GTEST_PROP(Masking, AddsWhatEachMaskerHides, (std::uint64_t seed)) {
    const MaskingModel model(bark_edges(0.2, 89));
    const std::vector<float> a = random_energies(seed, 89);
    const std::vector<float> b = random_energies(seed + 1, 89);
    std::vector<float> both(89);
    std::transform(a.begin(), a.end(), b.begin(), both.begin(), std::plus<>());
    const std::vector<double> of_a = thresholds_of(model, a);
    const std::vector<double> of_b = thresholds_of(model, b);
    const std::vector<double> of_both = thresholds_of(model, both);
    for (std::size_t k = 0; k < 89; ++k) {
        RC_ASSERT(std::abs(of_both[k] - (of_a[k] + of_b[k])) < 1e-4 * of_both[k]);
        RC_ASSERT(of_a[k] >= 0.39 * static_cast<double>(a[k]));
    }
}

TEST(Masking, SilenceMasksNothing) {
    for (const double threshold : thresholds_of(MaskingModel(bark_edges(0.3, 50)), std::vector<float>(50, 0.0F))) {
        EXPECT_EQ(threshold, 0.0);
    }
}

TEST(Masking, SharesOfTheAudibleRangeAddUpToOne) {
    const MaskingModel model({80.0, 200.0, 1000.0, 5000.0, 18000.0});
    const std::vector<float>& shares = model.range_shares();
    EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0F), 1.0F, 1e-6F);
}

} // namespace
} // namespace wm
