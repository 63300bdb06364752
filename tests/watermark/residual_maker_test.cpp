#include "watermark/residual_maker.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <random>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fixed_key.h"
#include "kernels/kernels.h"
#include "marking.h"

namespace wm {
namespace {

using test::energy;
using test::Planar;
using test::residual_of;

constexpr std::uint64_t kPayload = 0x5f3a9c0212ab77e1U;

const ChipLayout& layout() {
    static const ChipLayout instance(test::fixed_key(41));
    return instance;
}

/// Ten seconds: more than what is planned at once, with its context.
const Planar& music() {
    static const Planar instance = test::synthesize_music(41, kTileRate_hz, 2, 10.0);
    return instance;
}

RC_GTEST_PROP(ResidualMaker, GivesTheSameBitsHoweverTheHostIsCut, (unsigned seed)) {
    static const Planar expected = residual_of(music(), layout(), kPayload);
    ResidualMaker maker(2, layout().signs(polar_encode(kPayload)), 1.0);
    Planar residual(2);
    const auto largest = *rc::gen::element<std::size_t>(5000, 40000, 150000);
    std::mt19937 random(seed);
    for (std::size_t done = 0; done < music()[0].size();) {
        const Planar part = test::excerpt(music(), done, random() % largest);
        test::push(maker, part, residual);
        done += part[0].size();
    }
    test::finish(maker, residual);
    RC_ASSERT(residual == expected);
}

RC_GTEST_PROP(ResidualMaker, EndsWithTheHostWhateverItsLength, ()) {
    const auto length = *rc::gen::inRange<std::size_t>(0, 140000);
    const Planar residual = residual_of(test::excerpt(music(), 0, length), layout(), kPayload);
    RC_ASSERT(residual.size() == 2U);
    RC_ASSERT(residual[0].size() == length);
    RC_ASSERT(residual[1].size() == length);
}

TEST(ResidualMaker, SilenceGetsNoResidual) {
    const Planar residual = residual_of(Planar(1, std::vector<float>(150000)), layout(), kPayload);
    EXPECT_EQ(residual[0], std::vector<float>(150000));
}

TEST(ResidualMaker, TheResidualGrowsWithTheStrength) {
    const Planar weak = residual_of(music(), layout(), kPayload, 0.5);
    const Planar strong = residual_of(music(), layout(), kPayload, 1.0);
    const double inner = std::inner_product(weak[0].begin(), weak[0].end(), strong[0].begin(), 0.0);
    EXPECT_GT(inner / std::sqrt(energy(weak[0]) * energy(strong[0])), 0.995);
    EXPECT_NEAR(std::sqrt(energy(strong[0]) / energy(weak[0])), 2.0, 0.1);
}

TEST(ResidualMaker, AddsNothingOutsideItsBands) {
    const Planar residual = residual_of(music(), layout(), kPayload);
    for (const std::vector<float>& channel : residual) {
        EXPECT_LT(test::energy_share(channel, kTileRate_hz, 0.0, 150.0), 1e-3);
        EXPECT_LT(test::energy_share(channel, kTileRate_hz, 8300.0, 12000.0), 1e-3);
    }
}

TEST(ResidualMaker, StaysTwentySixDecibelsUnderTheHost) {
    const Planar residual = residual_of(music(), layout(), kPayload);
    EXPECT_LT(10.0 *
                  std::log10((energy(residual[0]) + energy(residual[1])) / (energy(music()[0]) + energy(music()[1]))),
              -26.0);
}

/// What print_mark_bits says in a process of its own where WM_KERNEL is `forced`, after the kernels' name.
std::string bits_with(const std::string& forced) {
    FILE* pipe = popen(("WM_KERNEL=" + forced + " '" WM_PRINT_MARK_BITS "'").c_str(), "r");
    char line[200] = {};
    EXPECT_NE(fgets(line, sizeof line, pipe), nullptr);
    EXPECT_EQ(pclose(pipe), 0);
    const std::string kernel = "kernel " + forced + ' ';
    EXPECT_EQ(std::string(line).substr(0, kernel.size()), kernel);
    return std::string(line).substr(kernel.size());
}

TEST(ResidualMaker, EveryInstructionSetMakesTheSameBits) {
    const std::string oracle = bits_with("scalar");
    EXPECT_EQ(bits_with("baseline"), oracle);
    if (kernels_named("avx2") != nullptr) {
        EXPECT_EQ(bits_with("avx2"), oracle);
    }
}

TEST(ResidualMaker, TalliesTheRowsThatCarryAndTheirNoiseUnderTheLimit) {
    Planar host = music();
    const std::size_t half = host[0].size() / 2;
    for (std::vector<float>& channel : host) {
        std::fill(channel.begin() + static_cast<std::ptrdiff_t>(half), channel.end(), 0.0F);
    }
    ResidualMaker maker(2, layout().signs(polar_encode(kPayload)), 1.0);
    Planar residual(2);
    test::push(maker, host, residual);
    test::finish(maker, residual);
    const EmbedTally& tally = maker.tally();
    EXPECT_NEAR(static_cast<double>(tally.num_carrying_rows), static_cast<double>(half) / kRowSamples, 4.0);
    EXPECT_GE(tally.num_rows * static_cast<std::int64_t>(kRowSamples), static_cast<std::int64_t>(host[0].size()));
    const double mean = tally.noise_to_mask / static_cast<double>(tally.num_carrying_rows);
    EXPECT_GT(mean, 0.05 * GainPlanner::kMaskLimit);
    EXPECT_LT(mean, 1.2 * GainPlanner::kMaskLimit);
}

} // namespace
} // namespace wm
