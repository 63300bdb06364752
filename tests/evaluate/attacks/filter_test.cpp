#include "evaluate/attacks/filter.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "evaluate/attacks/convolve.h"
#include "measures.h"
#include "signals.h"

namespace wm {
namespace {

/// The gain of an attack at one frequency, in dB.
template <class Attack>
double gain_db(double frequency_hz, Attack attack) {
    const Audio tone = sine(frequency_hz, 0.5, 1);
    return db(tone_amplitude(attack(tone).channels[0], frequency_hz, kTestRate_hz) / 0.5);
}

TEST(Convolve, IsTheSumOfItsDefinition) {
    rc::check([](std::uint64_t seed) {
        RandomStream random(seed);
        std::vector<float> input(1 + random.below(5000));
        std::vector<float> taps(1 + random.below(700));
        for (float& x : input) {
            x = static_cast<float>(random.gaussian());
        }
        for (float& x : taps) {
            x = static_cast<float>(random.gaussian());
        }
        const std::vector<float> output = convolve(input, taps);
        RC_ASSERT(output.size() == input.size() + taps.size() - 1);
        for (std::size_t n = 0; n < output.size(); n += 1 + output.size() / 50) {
            double sum = 0;
            for (std::size_t j = 0; j < taps.size(); ++j) {
                sum += n >= j && n - j < input.size() ? static_cast<double>(taps[j]) * static_cast<double>(input[n - j])
                                                      : 0.0;
            }
            RC_ASSERT(std::fabs(static_cast<double>(output[n]) - sum) < 1e-3);
        }
    });
}

TEST(Convolve, JoinsPartsOfLongResponses) {
    std::vector<float> taps(40000, 0.0F);
    taps[0] = 1;
    taps[20000] = -2;
    taps[39999] = 3;
    std::vector<float> input(300000, 0.0F);
    input[7] = 1;
    input[250000] = 0.5F;
    const std::vector<float> output = convolve(input, taps);
    EXPECT_NEAR(output[7], 1, 1e-5);
    EXPECT_NEAR(output[20007], -2, 1e-5);
    EXPECT_NEAR(output[40006], 3, 1e-5);
    EXPECT_NEAR(output[270000], -1, 1e-5);
    EXPECT_NEAR(output[289999], 1.5, 1e-5);
    EXPECT_TRUE(convolve({}, taps).empty());
}

TEST(LowPass, PassesBelowItsCutOffAndStopsAbove) {
    const auto attack = [](const Audio& audio) { return low_pass(audio, 4000); };
    EXPECT_NEAR(gain_db(1000, attack), 0, 0.01);
    EXPECT_NEAR(gain_db(3750, attack), 0, 0.05);
    EXPECT_NEAR(gain_db(4000, attack), -6, 0.1);
    EXPECT_LT(gain_db(4250, attack), -80);
    EXPECT_NEAR(gain_db(4000, [](const Audio& audio) { return low_pass(audio, 4000, 2000); }), -6, 0.1);
    EXPECT_GT(gain_db(4250, [](const Audio& audio) { return low_pass(audio, 4000, 2000); }), -20);
    EXPECT_EQ(low_pass(white_noise(1, 0.1, 0.1), 30000).channels, white_noise(1, 0.1, 0.1).channels);
}

TEST(HighPass, StopsBelowItsCutOffAndPassesAbove) {
    const auto attack = [](const Audio& audio) { return high_pass(audio, 500); };
    EXPECT_LT(gain_db(460, attack), -60);
    EXPECT_NEAR(gain_db(500, attack), -6, 0.2);
    EXPECT_NEAR(gain_db(540, attack), 0, 0.05);
    EXPECT_NEAR(gain_db(9000, attack), 0, 0.01);
}

TEST(BandPass, IsBoth) {
    const auto attack = [](const Audio& audio) { return band_pass(audio, 300, 3400); };
    EXPECT_LT(gain_db(250, attack), -60);
    EXPECT_NEAR(gain_db(1000, attack), 0, 0.01);
    EXPECT_LT(gain_db(3700, attack), -60);
}

TEST(Biquads, AreThreeDecibelsDownAtTheCutOff) {
    EXPECT_NEAR(gain_db(4000, [](const Audio& audio) { return low_pass_biquad(audio, 4000); }), -3.01, 0.02);
    EXPECT_NEAR(gain_db(400, [](const Audio& audio) { return low_pass_biquad(audio, 4000); }), 0, 0.02);
    EXPECT_NEAR(gain_db(500, [](const Audio& audio) { return high_pass_biquad(audio, 500); }), -3.01, 0.02);
    EXPECT_NEAR(gain_db(125, [](const Audio& audio) { return high_pass_biquad(audio, 500); }), -24, 0.3);
}

TEST(Equaliser, HasItsGainsWhereItSays) {
    const auto with = [](EqShape shape) {
        return [shape](const Audio& audio) { return equalise(audio, {shape, 1000, 9, 1}); };
    };
    EXPECT_NEAR(gain_db(1000, with(EqShape::kPeak)), 9, 0.02);
    EXPECT_NEAR(gain_db(100, with(EqShape::kPeak)), 0, 0.15);
    EXPECT_NEAR(gain_db(1000, with(EqShape::kLowShelf)), 4.5, 0.02);
    EXPECT_NEAR(gain_db(60, with(EqShape::kLowShelf)), 9, 0.05);
    EXPECT_NEAR(gain_db(12000, with(EqShape::kLowShelf)), 0, 0.05);
    EXPECT_NEAR(gain_db(1000, with(EqShape::kHighShelf)), 4.5, 0.02);
    EXPECT_NEAR(gain_db(60, with(EqShape::kHighShelf)), 0, 0.05);
    EXPECT_NEAR(gain_db(12000, with(EqShape::kHighShelf)), 9, 0.05);
}

TEST(BarkEqualiser, DrawsItsGainsFromTheSeed) {
    const Audio noise = white_noise(1, 0.1, 0.5);
    EXPECT_EQ(equalise_bark(noise, 3, 6, 1).channels, equalise_bark(noise, 3, 6, 1).channels);
    EXPECT_NE(equalise_bark(noise, 3, 6, 1).channels, equalise_bark(noise, 3, 6, 2).channels);
    // Neighbours lean on each other: three bands at most reach one frequency with any weight.
    const auto attack = [](const Audio& audio) { return equalise_bark(audio, 3, 6, 5); };
    for (const double frequency_hz : {150.0, 1000.0, 4000.0}) {
        EXPECT_LT(std::fabs(gain_db(frequency_hz, attack)), 18);
    }
    EXPECT_NEAR(gain_db(1000, [](const Audio& audio) { return equalise_bark(audio, 0, 0, 5); }), 0, 1e-3);
}

TEST(Smooth, IsAMovingAverageWithoutDelay) {
    Audio impulse{kTestRate_hz, {std::vector<float>(21, 0.0F)}};
    impulse.channels[0][10] = 1;
    const std::vector<float> smoothed = smooth(impulse, 5).channels[0];
    for (std::size_t i = 0; i < smoothed.size(); ++i) {
        EXPECT_FLOAT_EQ(smoothed[i], i >= 8 && i <= 12 ? 0.2F : 0.0F) << i;
    }
    EXPECT_EQ(smooth(impulse, 1).channels, impulse.channels);
}

TEST(RotatePhase, TurnsASineByItsAngle) {
    const Audio tone = sine(1000, 0.5, 1);
    const std::vector<float> turned = rotate_phase(tone, 90).channels[0];
    for (std::size_t i = 20000; i < 20100; ++i) {
        EXPECT_NEAR(turned[i], 0.5 * std::cos(2 * std::numbers::pi * 1000 * static_cast<double>(i) / kTestRate_hz),
                    2e-4);
    }
    for (const double degrees : {30.0, 180.0, 270.0}) {
        EXPECT_NEAR(gain_db(200, [&](const Audio& audio) { return rotate_phase(audio, degrees); }), 0, 0.02);
    }
}

} // namespace
} // namespace wm
