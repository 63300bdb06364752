#include "analysis/excitation.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "analysis/masking.h"

namespace wm {
namespace {

constexpr std::size_t kNumBands = 60;

/// Edges a quarter Bark apart from 200 Hz on.
std::vector<double> quarter_barks() {
    std::vector<double> edges_hz;
    for (std::size_t b = 0; b <= kNumBands; ++b) {
        edges_hz.push_back(650.0 * std::sinh((bark(200.0) + 0.25 * static_cast<double>(b)) / 7.0));
    }
    return edges_hz;
}

std::vector<float> changes_of(const std::vector<float>& levels_db, const std::vector<float>& gains_db) {
    const ExcitationModel model(quarter_barks(), 0.0);
    std::vector<float> contributions(kMapStride);
    std::vector<float> changes(kMapStride);
    model.contributions(levels_db.data(), 1, contributions.data());
    model.changes(contributions.data(), gains_db.data(), 1, changes.data());
    changes.resize(kNumBands);
    return changes;
}

std::vector<float> everywhere(float value) {
    return std::vector<float>(kMapStride, value);
}

TEST(Excitation, OneGainEverywhereChangesALoudSoundsExcitationByIt) {
    for (const float change : changes_of(everywhere(-30.0F), everywhere(0.5F))) {
        EXPECT_NEAR(change, 0.5F, 0.01F);
    }
}

TEST(Excitation, WhatTheEarItselfAddsHidesChangesOfSoundsBelowIt) {
    for (const float change : changes_of(everywhere(-110.0F), everywhere(0.5F))) {
        EXPECT_LT(change, 0.15F);
    }
}

TEST(Excitation, TheChangeOfOneBandReachesFurtherUpThanDownAndFades) {
    std::vector<float> gains = everywhere(0.0F);
    gains[30] = 1.0F;
    const std::vector<float> changes = changes_of(everywhere(-30.0F), gains);
    EXPECT_EQ(std::max_element(changes.begin(), changes.end()) - changes.begin(), 30);
    EXPECT_LT(changes[30], 0.4F);
    EXPECT_GT(changes[34], changes[26]);
    EXPECT_GT(changes[31], changes[34]);
    EXPECT_GT(changes[29], changes[26]);
}

TEST(Excitation, ALoudBandChangesItsQuietNeighboursExcitationAsItsOwn) {
    std::vector<float> levels = everywhere(-60.0F);
    std::vector<float> gains = everywhere(0.0F);
    levels[30] = 0.0F;
    gains[30] = 1.0F;
    const std::vector<float> changes = changes_of(levels, gains);
    EXPECT_GT(changes[30], 0.9F);
    EXPECT_GT(changes[31], 0.9F);
    EXPECT_LT(changes[20], 0.1F);
}

/// Two bands of equal weight: contributions add as powers of 0.4, so a change of one counts by its share of those.
TEST(Excitation, ChangesAreMeansWeightedByCompressedEnergy) {
    const ExcitationModel model({1000.0, 1100.0, 1210.0}, 0.0);
    std::vector<float> contributions(kMapStride);
    const std::vector<float> levels = everywhere(0.0F);
    model.contributions(levels.data(), 1, contributions.data());
    std::vector<float> gains = everywhere(0.0F);
    gains[0] = 1.0F;
    std::vector<float> changes(kMapStride);
    model.changes(contributions.data(), gains.data(), 1, changes.data());
    const double step_bark = bark(std::sqrt(1100.0 * 1210.0)) - bark(std::sqrt(1000.0 * 1100.0));
    const double down = std::pow(10.0, -0.04 * 27.0 * step_bark);
    const auto first = static_cast<double>(contributions[0]);
    const auto second = static_cast<double>(contributions[1]);
    EXPECT_NEAR(static_cast<double>(changes[0]), first / (first + down * second), 1e-3);
}

} // namespace
} // namespace wm
