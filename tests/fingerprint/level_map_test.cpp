#include "fingerprint/level_map.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "music.h"

namespace wm {
namespace {

std::vector<float> level_rows(const std::vector<float>& samples, std::size_t block_samples) {
    LevelStream stream;
    std::vector<float> rows;
    for (std::size_t start = 0; start < samples.size(); start += block_samples) {
        stream.push(samples.data() + start, std::min(block_samples, samples.size() - start), rows);
    }
    stream.finish(rows);
    return rows;
}

TEST(LevelStream, ASineIsLoudestInItsBand) {
    for (const std::size_t band : {std::size_t{0}, std::size_t{50}, std::size_t{100}, std::size_t{179}}) {
        const double frequency_hz = kLowestBand_hz * std::exp2(static_cast<double>(band) / kBandsPerOctave);
        const std::vector<float> rows = level_rows(test::sine(frequency_hz, 16000, 8000), 8000);
        const float* const row = rows.data() + 5 * kLevelStride;
        const auto loudest = std::max_element(row, row + kNumBands) - row;
        EXPECT_NEAR(static_cast<double>(loudest), static_cast<double>(band), band < 72 ? 1 : 0) << frequency_hz;
    }
}

TEST(LevelStream, TwiceTheAmplitudeIsTwoMore) {
    std::vector<float> samples = test::plucked_music(1, 3);
    const std::vector<float> quiet = level_rows(samples, 999);
    for (float& sample : samples) {
        sample *= 2;
    }
    const std::vector<float> loud = level_rows(samples, 999);
    for (std::size_t k = 0; k < quiet.size(); ++k) {
        if (quiet[k] > -5) { // well above the floor
            ASSERT_NEAR(loud[k] - quiet[k], 2, 0.01) << k;
        }
    }
}

TEST(LevelStream, FramesAreCountedAndDoNotDependOnBlocks) {
    for (const std::size_t num_samples : {0U, 2047U, 2048U, 2303U, 2304U, 5888U, 5889U, 40000U}) {
        std::vector<float> samples = test::plucked_music(3, 4);
        samples.resize(num_samples);
        const std::vector<float> rows = level_rows(samples, 1000);
        EXPECT_EQ(rows.size() / kLevelStride,
                  num_samples < kFrameSamples ? 0 : (num_samples - kFrameSamples) / kHopSamples + 1);
        EXPECT_EQ(rows, level_rows(samples, 40000));
    }
}

TEST(LevelStream, SilenceIsAFlatFloor) {
    const std::vector<float> rows = level_rows(std::vector<float>(4000, 0.0F), 4000);
    const auto [lowest, highest] = std::minmax_element(rows.begin(), rows.end());
    EXPECT_NEAR(*lowest, -16.6, 0.1);
    EXPECT_EQ(*lowest, *highest);
}

} // namespace
} // namespace wm
