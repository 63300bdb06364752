/// The error bound, tried: many keys against audio that was made without them (docs/watermark.md, "The bound").

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "fixed_key.h"
#include "kernels/kernels.h"
#include "music.h"
#include "watermark/pilot_search.h"
#include "watermark/reading.h"
#include "watermark/tile_levels.h"

namespace wm {
namespace {

using test::Planar;

constexpr std::size_t kBlockSamples = kBlockRows * kRowSamples;
constexpr std::size_t kNumBlocks = 4;
constexpr std::size_t kNumKeys = 400;

/// Features of all rows of `audio`, unfolded.
TileMap features_of(const Planar& audio) {
    const std::size_t num_rows = (audio[0].size() - kTileFrameSize) / kRowSamples / kLanes * kLanes;
    TileLevels tile_levels(audio.size());
    const std::vector<BandSpan> bands = band_spans(1.0);
    std::vector<RealLanes> energies(kMapStride);
    TileMap levels(num_rows * kMapStride);
    for (std::size_t row = 0; row < num_rows; row += kLanes) {
        std::size_t starts[kLanes];
        float* rows[kLanes];
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            starts[lane] = (row + lane) * kRowSamples;
            rows[lane] = &levels[(row + lane) * kMapStride];
        }
        TileLevels::energies(tile_levels.spectra(test::pointers(audio).data(), starts), bands, energies.data());
        TileLevels::levels(energies.data(), energies.data());
        kernels().tiles.lanes_to_rows(energies.data(), kMapStride, rows);
    }
    TileMap scratch;
    TileMap features(levels.size());
    tile_features(levels.data(), num_rows, scratch, features.data());
    return features;
}

TileMap folded(const TileMap& features) {
    TileMap sum(kBlockTiles);
    for (std::size_t t = 0; t < features.size(); ++t) {
        sum[t % kBlockTiles] += features[t];
    }
    return sum;
}

/// Music that repeats exactly at the block's period: the hardest host, for it correlates with itself as the pattern does.
Planar looped_music() {
    const Planar once = test::synthesize_music(21, kTileRate_hz, 1, kBlockSamples / kTileRate_hz);
    Planar loop(1);
    for (std::size_t block = 0; block <= kNumBlocks; ++block) {
        loop[0].insert(loop[0].end(), once[0].begin(), once[0].end());
    }
    return loop;
}

Planar coloured_noise() {
    std::mt19937 random(22);
    std::normal_distribution<float> white(0.0F, 0.1F);
    Planar noise(1, std::vector<float>((kNumBlocks + 1) * kBlockSamples));
    float colour = 0.0F;
    for (float& sample : noise[0]) {
        colour += 0.1F * (white(random) - colour);
        sample = colour + 0.05F * white(random);
    }
    return noise;
}

std::vector<TileMap> null_maps() {
    std::vector<TileMap> maps;
    const double duration_s = (kNumBlocks + 1) * kBlockSamples / kTileRate_hz;
    for (const Planar& audio :
         {looped_music(), coloured_noise(), test::synthesize_music(23, kTileRate_hz, 2, duration_s),
          test::synthesize_music(24, kTileRate_hz, 1, duration_s)}) {
        maps.push_back(folded(features_of(audio)));
    }
    return maps;
}

/// How many of `num_trials` may pass a level that each passes with probability `p` at the most: six standard deviations.
double most_passing(double num_trials, double p) {
    return num_trials * p + 6.0 * std::sqrt(num_trials * p) + 6.0;
}

/// Exact pilot statistics of every key, map and shift that reach 2.5.
std::vector<double> high_pilot_statistics(const std::vector<TileMap>& maps) {
    constexpr float kMargin = 0.3F; // the search ranks with an approximate norm
    std::vector<double> statistics;
    std::vector<const float*> pointers;
    for (const TileMap& map : maps) {
        pointers.push_back(map.data());
    }
    for (std::uint64_t seed = 0; seed < kNumKeys; ++seed) {
        const std::vector<ChipLayout> layouts{ChipLayout(test::fixed_key(seed))};
        PilotSearch search(layouts);
        std::vector<std::array<PilotSearch::Scores, kLanes>> scores;
        search.correlate(pointers, scores);
        for (std::size_t m = 0; m < maps.size(); ++m) {
            for (std::size_t k = 0; k < kBlockRows; ++k) {
                if (scores[0][m][k] < 2.5F - kMargin) {
                    continue;
                }
                const TileMap turned = turn_back(maps[m].data(), k);
                const double energy = static_cast<double>(
                    kernels().tiles.weighted_energy(layouts[0].pilot_mask().data(), turned.data(), kBlockTiles));
                const double sum =
                    static_cast<double>(kernels().tiles.dot(layouts[0].pilot().data(), turned.data(), kBlockTiles));
                statistics.push_back(sum / std::sqrt(energy));
            }
        }
    }
    return statistics;
}

TEST(NullBound, ThePilotStatisticStaysUnderHoeffdingsTail) {
    const std::vector<TileMap> maps = null_maps();
    const std::vector<double> statistics = high_pilot_statistics(maps);
    const auto num_trials = static_cast<double>(kNumKeys * maps.size() * kBlockRows);
    for (const double t : {2.5, 3.0, 3.5, 4.0, 4.5, 5.0}) {
        const auto num_passing =
            static_cast<double>(std::count_if(statistics.begin(), statistics.end(), [t](double s) { return s >= t; }));
        EXPECT_LE(num_passing, num_trials * std::exp(-t * t / 2.0)) << t;
        // The normal tail, which the bound covers: were nothing ever high, the keys would not have been tried.
        EXPECT_LE(num_passing, most_passing(num_trials, 0.5 * std::erfc(t / std::sqrt(2.0)))) << t;
    }
    EXPECT_GT(static_cast<double>(statistics.size()), 0.8 * num_trials * 0.5 * std::erfc(2.5 / std::sqrt(2.0)));
}

TEST(NullBound, JointEvidenceStaysUnderItsTail) {
    const std::vector<TileMap> maps = null_maps();
    std::mt19937_64 random(25);
    std::vector<double> energies;
    for (std::uint64_t seed = 0; seed < kNumKeys; ++seed) {
        const ChipLayout layout(test::fixed_key(seed));
        for (const TileMap& map : maps) {
            for (std::size_t trial = 0; trial < 4; ++trial) {
                const TileMap turned = turn_back(map.data(), random() % kBlockRows);
                energies.push_back(evidence_for(turned, layout, random()).energy());
            }
        }
    }
    const auto num_trials = static_cast<double>(energies.size());
    for (const double s : {2.0, 4.0, 6.0, 8.0, 10.0}) {
        const auto num_passing =
            static_cast<double>(std::count_if(energies.begin(), energies.end(), [s](double e) { return e >= s; }));
        EXPECT_LE(num_passing, most_passing(num_trials, (1.0 + s) * std::exp(-s))) << s;
    }
    EXPECT_GT(*std::max_element(energies.begin(), energies.end()), 4.0);
}

/// Why blocks are folded before they are normalised: over tiles as they come, a loop's repeats add up like a mark's.
TEST(NullBound, WithoutFoldingALoopWouldBreakTheTail) {
    TileMap features = features_of(looped_music());
    features.resize(kNumBlocks * kBlockTiles);
    std::vector<double> statistics;
    for (std::uint64_t seed = 0; seed < kNumKeys; ++seed) {
        const ChipLayout layout(test::fixed_key(seed));
        double sum = 0.0;
        double energy = 0.0;
        for (std::size_t t = 0; t < features.size(); ++t) {
            const double value = static_cast<double>(features[t]);
            sum += static_cast<double>(layout.pilot()[t % kBlockTiles]) * value;
            energy += static_cast<double>(layout.pilot_mask()[t % kBlockTiles]) * value * value;
        }
        statistics.push_back(sum / std::sqrt(energy));
    }
    const double t = 4.0;
    const auto num_passing = std::count_if(statistics.begin(), statistics.end(), [t](double s) { return s >= t; });
    EXPECT_GT(static_cast<double>(num_passing), most_passing(kNumKeys, std::exp(-t * t / 2.0)));
}

} // namespace
} // namespace wm
