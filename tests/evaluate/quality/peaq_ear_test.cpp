#include "evaluate/quality/peaq_ear.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "quality/pairs.h"

namespace wm {
namespace {

double db_of(double power) {
    return 10 * std::log10(power);
}

std::size_t loudest(const BandValues& values) {
    return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

EarFrame heard(const Audio& audio) {
    PeaqEar ear;
    ear.hear(audio.channels[0].data());
    return ear.frame();
}

TEST(PeaqBands, ReachFrom80HzTo18kHz) {
    const PeaqBands& bands = PeaqBands::instance();
    EXPECT_NEAR(bands.centre_hz.front(), 91.708, 0.001); // table 6 of the standard
    EXPECT_NEAR(bands.centre_hz.back(), 17690.0, 100);
    EXPECT_TRUE(std::is_sorted(bands.centre_hz.begin(), bands.centre_hz.end()));
}

TEST(PeaqBands, ShareOutEveryBinOnce) {
    const std::vector<double> flat(kPeaqBins, 1.0);
    const BandValues sums = PeaqBands::instance().sum(flat.data());
    EXPECT_NEAR(std::accumulate(sums.begin(), sums.end(), 0.0), (18000 - 80) * kPeaqFrame / kPeaqRate_hz, 1e-9);
}

TEST(PeaqEar, HearsAFullScaleSineAt92Decibels) {
    const EarFrame frame = heard(sine(1019.5, 1, 0.1, kPeaqTestRate_hz));
    EXPECT_NEAR(db_of(*std::max_element(frame.power.begin(), frame.power.end())), 92, 0.05);
}

TEST(PeaqEar, SpreadsAToneDownwardsBy27DecibelsABark) {
    const EarFrame frame = heard(sine(4000, 0.5, 0.1, kPeaqTestRate_hz));
    const std::size_t peak = loudest(frame.unsmeared);
    EXPECT_NEAR(PeaqBands::instance().centre_hz[peak], 4000, 150);
    for (std::size_t below = peak - 3; below > peak - 8; --below) { // clear of the tone's own bands and of the noise
        EXPECT_NEAR(db_of(frame.unsmeared[below] / frame.unsmeared[below - 1]), 27 * kPeaqBandWidth_bark, 0.4);
    }
}

/// 24 + 230 / f - 0.2 L: ten times the amplitude, 20 dB more, flattens the slope by 4 dB a Bark.
TEST(PeaqEar, SpreadsLouderTonesFurtherUpwards) {
    const auto slope = [](double amplitude) {
        const EarFrame frame = heard(sine(1000, amplitude, 0.1, kPeaqTestRate_hz));
        const std::size_t peak = loudest(frame.unsmeared);
        return db_of(frame.unsmeared[peak + 4] / frame.unsmeared[peak + 8]);
    };
    EXPECT_NEAR(slope(0.05) - slope(0.5), 4, 0.5);
}

TEST(PeaqEar, LetsSoundsLinger) {
    const Audio tone = sine(1000, 0.5, 0.1, kPeaqTestRate_hz);
    const std::vector<float> silence(kPeaqFrame, 0.0F);
    PeaqEar ear;
    ear.hear(tone.channels[0].data());
    const std::size_t peak = loudest(ear.frame().excitation);
    const double while_sounding = ear.frame().excitation[peak];
    ear.hear(silence.data());
    EXPECT_LT(ear.frame().unsmeared[peak], 1e-6 * while_sounding);
    EXPECT_GT(ear.frame().excitation[peak], 0.01 * while_sounding);
    EXPECT_LT(ear.frame().excitation[peak], while_sounding);
}

TEST(PeaqEar, HearsSilenceAsNoLoudness) {
    PeaqEar ear;
    ear.hear(std::vector<float>(kPeaqFrame, 0.0F).data());
    EXPECT_LT(ear.loudness_sone(), 0.1);
    EXPECT_FALSE(ear.frame().is_energetic);
    ear.hear(sine(1000, 0.5, 0.1, kPeaqTestRate_hz).channels[0].data());
    EXPECT_GT(ear.loudness_sone(), 5);
    EXPECT_TRUE(ear.frame().is_energetic);
}

} // namespace
} // namespace wm
