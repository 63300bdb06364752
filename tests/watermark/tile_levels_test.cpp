#include "watermark/tile_levels.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "music.h"

namespace wm {
namespace {

using test::Planar;
using test::synthesize_music;

constexpr std::size_t kStarts[kLanes] = {0, 512, 1024, 5000, 9001, 12345, 17000, 20000};

std::vector<RealLanes> energies_of(const Planar& audio) {
    TileLevels tile_levels(audio.size());
    std::vector<RealLanes> energies(kMapStride);
    TileLevels::energies(tile_levels.spectra(test::pointers(audio).data(), kStarts), band_spans(1.0), energies.data());
    return energies;
}

std::vector<RealLanes> levels_of(const Planar& audio) {
    std::vector<RealLanes> levels = energies_of(audio);
    TileLevels::levels(levels.data(), levels.data());
    return levels;
}

/// The levels of `found` are those of `expected` plus a constant.
void expect_shifted(const Planar& found, const Planar& expected, float shift_db, float tolerance_db) {
    const std::vector<RealLanes> a = levels_of(found);
    const std::vector<RealLanes> b = levels_of(expected);
    for (std::size_t k = 0; k < kNumBands; ++k) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            ASSERT_NEAR(a[k].value[lane], b[k].value[lane] + shift_db, tolerance_db) << k;
        }
    }
}

Planar scaled(Planar audio, std::size_t channel, float factor) {
    for (float& sample : audio[channel]) {
        sample *= factor;
    }
    return audio;
}

TEST(TileLevels, ChannelsAddUpToTheWhole) {
    for (const std::size_t num_channels : {1U, 2U, 3U}) {
        const Planar audio = synthesize_music(7, kTileRate_hz, num_channels, 1.2);
        std::vector<RealLanes> channels(num_channels * kMapStride);
        TileLevels(num_channels)
            .channel_energies(test::pointers(audio).data(), kStarts, band_spans(1.0), channels.data());
        for (std::size_t c = 1; c < num_channels; ++c) {
            const std::vector<RealLanes> alone = energies_of({audio[c]});
            for (std::size_t k = 0; k < kMapStride; ++k) {
                for (std::size_t lane = 0; lane < kLanes; ++lane) {
                    const float energy = channels[c * kMapStride + k].value[lane];
                    ASSERT_NEAR(energy, alone[k].value[lane], 1e-3F * energy + 1e-3F) << c << " " << k;
                    channels[k].value[lane] += energy;
                }
            }
        }
        const std::vector<RealLanes> all = energies_of(audio);
        for (std::size_t k = 0; k < kMapStride; ++k) {
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                ASSERT_NEAR(channels[k].value[lane], all[k].value[lane], 1e-3F * all[k].value[lane] + 1e-3F) << k;
            }
        }
    }
}

TEST(TileLevels, DoNotDependOnThePolarityOfAnyChannel) {
    const Planar music = synthesize_music(1, kTileRate_hz, 2, 1.0);
    expect_shifted(scaled(music, 0, -1.0F), music, 0.0F, 1e-3F);
    expect_shifted(scaled(scaled(music, 0, -1.0F), 1, -1.0F), music, 0.0F, 1e-3F);
}

TEST(TileLevels, DoNotDependOnTheOrderOfChannels) {
    Planar music = synthesize_music(1, kTileRate_hz, 3, 1.0);
    const Planar original = music;
    std::rotate(music.begin(), music.begin() + 1, music.end());
    expect_shifted(music, original, 0.0F, 1e-3F);
}

TEST(TileLevels, FollowGain) {
    const Planar music = synthesize_music(2, kTileRate_hz, 1, 1.0);
    expect_shifted(scaled(music, 0, 0.25F), music, -12.0412F, 0.1F);
}

TEST(TileLevels, SpreadingAChannelOverTwoKeepsTheSumOfEnergies) {
    const Planar mono = synthesize_music(2, kTileRate_hz, 1, 1.0);
    const Planar panned = scaled(scaled({mono[0], mono[0]}, 0, 0.6F), 1, 0.8F);
    expect_shifted(panned, mono, 0.0F, 1e-3F);
}

TEST(TileLevels, AFullScaleSineHasItsEnergyInItsBand) {
    constexpr std::size_t kBand = 70;
    const double frequency_hz = std::sqrt(band_edges_hz()[kBand] * band_edges_hz()[kBand + 1]);
    Planar sine(1, std::vector<float>(22050));
    for (std::size_t k = 0; k < sine[0].size(); ++k) {
        sine[0][k] =
            static_cast<float>(std::sin(2.0 * std::numbers::pi * frequency_hz / kTileRate_hz * static_cast<double>(k)));
    }
    const std::vector<RealLanes> energies = energies_of(sine);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        EXPECT_NEAR(energies[kBand].value[lane], 3.0 / 32.0 * kTileFrameSize * kTileFrameSize, 200.0);
        EXPECT_LT(energies[kBand - 3].value[lane], 0.1F);
        EXPECT_LT(energies[kBand + 3].value[lane], 0.1F);
    }
}

TEST(TileLevels, SilenceIsFlatAndWhatLiesFarBelowTheFrameHasNoStructure) {
    const std::vector<RealLanes> silence = levels_of(Planar(2, std::vector<float>(22050)));
    Planar faint = synthesize_music(3, kTileRate_hz, 2, 1.0);
    faint = scaled(scaled(faint, 0, 1e-7F), 1, 1e-7F);
    const std::vector<RealLanes> nearly_silence = levels_of(faint);
    for (std::size_t k = 0; k < kNumBands; ++k) {
        EXPECT_EQ(silence[k].value[0], silence[0].value[0]);
        EXPECT_NEAR(nearly_silence[k].value[3], silence[k].value[3], 0.05F);
    }
}

TEST(TileLevels, LoudWideSoundCarriesAndSilenceOrBassDoesNot) {
    const auto carries = [](const Planar& audio) {
        const std::vector<RealLanes> energies = energies_of(audio);
        std::vector<float> row(kNumBands);
        for (std::size_t b = 0; b < kNumBands; ++b) {
            row[b] = energies[b].value[5];
        }
        return TileLevels::carries(row.data());
    };
    Planar bass(1, std::vector<float>(22050));
    for (std::size_t k = 0; k < bass[0].size(); ++k) {
        bass[0][k] = 0.7F * std::sin(0.02F * static_cast<float>(k)); // 70 Hz
    }
    const Planar music = synthesize_music(4, kTileRate_hz, 1, 1.0);
    EXPECT_TRUE(carries(music));
    EXPECT_TRUE(carries(scaled(music, 0, 0.01F)));
    EXPECT_FALSE(carries(scaled(music, 0, 1e-7F)));
    EXPECT_FALSE(carries(Planar(1, std::vector<float>(22050))));
    EXPECT_FALSE(carries(bass));
}

} // namespace
} // namespace wm
