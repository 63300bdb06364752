#include "watermark/reading.h"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fixed_key.h"
#include "tile_map_checks.h"

namespace wm {
namespace {

using test::fixed_key;
using test::inner_product;
using test::noise_map;

const ChipLayout& layout() {
    static const ChipLayout instance(fixed_key(11));
    return instance;
}

TileMap planted(std::uint64_t payload, float strength, std::uint64_t seed) {
    TileMap map = noise_map(kBlockRows, seed);
    const TileMap signs = layout().signs(polar_encode(payload));
    for (std::size_t t = 0; t < kBlockTiles; ++t) {
        map[t] += strength * signs[t];
    }
    return map;
}

/// At 0.25 of the noise a codeword has an energy per payload bit of 8544 * 0.25^2 / 64 / 2 = 4.2, 6 dB.
RC_GTEST_PROP(Reading, RecoversThePayloadFromANoisyMap, (std::uint64_t payload, std::uint64_t seed)) {
    const std::optional<Reading> reading = read_payload(planted(payload, 0.25F, seed), layout());
    RC_ASSERT(reading.has_value());
    RC_ASSERT(reading->payload == payload);
    RC_ASSERT(std::abs(reading->evidence.pilot - 0.25 * std::sqrt(kPilotTiles)) < 7.0);
    RC_ASSERT(std::abs(reading->evidence.payload - 0.25 * std::sqrt(3.0 * kPilotTiles)) < 7.0);
}

RC_GTEST_PROP(Reading, EvidenceForTheReadPayloadIsTheReadingsOwn, (std::uint64_t payload, std::uint64_t seed)) {
    const TileMap map = planted(payload, 0.25F, seed);
    const std::optional<Reading> reading = read_payload(map, layout());
    RC_ASSERT(reading.has_value());
    const ReadingEvidence evidence = evidence_for(map, layout(), payload);
    RC_ASSERT(std::abs(evidence.pilot - reading->evidence.pilot) < 1e-6);
    RC_ASSERT(std::abs(evidence.payload - reading->evidence.payload) < 1e-6);
}

/// The decoder finds the best of all codewords, so some noise has a bound below 1; at most one in a million goes below
/// one in a million.
RC_GTEST_PROP(Reading, NoiseGivesNoEvidenceWorthAccepting, (std::uint64_t payload, std::uint64_t seed)) {
    const TileMap noise = noise_map(kBlockRows, seed);
    RC_ASSERT(evidence_for(noise, layout(), payload).statistic() < 8.0);
    const std::optional<Reading> reading = read_payload(noise, layout());
    RC_ASSERT(log_false_positive_bound(reading.value_or(Reading{}).evidence, 0.0) > std::log(1e-6));
}

TEST(Reading, ThePilotStatisticIsItsCorrelationOverItsNorm) {
    const TileMap map = planted(1, 0.1F, 2);
    double energy = 0.0;
    for (std::size_t t = 0; t < kBlockTiles; ++t) {
        energy += static_cast<double>(layout().pilot_mask()[t] * map[t] * map[t]);
    }
    EXPECT_NEAR(evidence_for(map, layout(), 1).pilot, inner_product(layout().pilot(), map) / std::sqrt(energy), 1e-4);
}

/// Below the mark's strength of 0.2, bands of noise three times as loud would drown it if they counted whole.
TEST(Reading, BandsThatThePilotShowsDestroyedAreMuted) {
    TileMap map = planted(77, 0.22F, 5);
    const TileMap noise = noise_map(kBlockRows, 6);
    for (std::size_t row = 0; row < kBlockRows; ++row) {
        for (std::size_t b = kNumBands / 2; b < kNumBands; ++b) {
            map[row * kMapStride + b] = 2.5F * noise[row * kMapStride + b];
        }
    }
    const ReadingEvidence evidence = evidence_for(map, layout(), 77);
    const TileMap signs = layout().payload_signs(polar_encode(77));
    double energy = 0.0;
    for (std::size_t t = 0; t < kBlockTiles; ++t) {
        energy += static_cast<double>((1.0F - layout().pilot_mask()[t]) * map[t] * map[t]);
    }
    EXPECT_GT(evidence.payload, 1.5 * inner_product(signs, map) / std::sqrt(energy));
}

RC_GTEST_PROP(Reading, TurningBackUndoesAShift, (std::uint64_t seed)) {
    const TileMap map = noise_map(kBlockRows, seed);
    const auto shift = *rc::gen::inRange<std::size_t>(0, kBlockRows);
    TileMap shifted(kBlockTiles);
    for (std::size_t t = 0; t < kBlockTiles; ++t) {
        shifted[(t + shift * kMapStride) % kBlockTiles] = map[t];
    }
    RC_ASSERT(turn_back(shifted.data(), shift) == map);
}

TEST(Reading, SilenceReadsAsNothingOrAsNoEvidence) {
    const std::optional<Reading> reading = read_payload(TileMap(kBlockTiles), layout());
    EXPECT_TRUE(!reading || reading->evidence.statistic() == 0.0);
}

} // namespace
} // namespace wm
