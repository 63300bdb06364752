#include "watermark/pilot_search.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fixed_key.h"
#include "tile_map_checks.h"
#include "watermark/reading.h"

namespace wm {
namespace {

using test::fixed_key;
using test::inner_product;
using test::noise_map;

std::vector<ChipLayout> layouts_of(std::initializer_list<std::uint64_t> seeds) {
    std::vector<ChipLayout> layouts;
    for (const std::uint64_t seed : seeds) {
        layouts.emplace_back(fixed_key(seed));
    }
    return layouts;
}

/// Noise that carries the pattern of `layout`, turned forward by `shift` rows.
TileMap planted(const ChipLayout& layout, std::size_t shift, float strength, std::uint64_t seed) {
    TileMap map = noise_map(kBlockRows, seed);
    const TileMap signs = layout.signs(polar_encode(seed));
    for (std::size_t t = 0; t < kBlockTiles; ++t) {
        map[(t + shift * kMapStride) % kBlockTiles] += strength * signs[t];
    }
    return map;
}

using AllScores = std::vector<std::array<PilotSearch::Scores, kLanes>>;

AllScores correlate(const std::vector<ChipLayout>& layouts, const std::vector<TileMap>& maps) {
    PilotSearch search(layouts);
    std::vector<const float*> pointers;
    for (const TileMap& map : maps) {
        pointers.push_back(map.data());
    }
    AllScores scores;
    search.correlate(pointers, scores);
    return scores;
}

TEST(PilotSearch, AgreesWithTheDirectCorrelationForEveryKeyMapAndShift) {
    const std::vector<ChipLayout> layouts = layouts_of({1, 2});
    std::vector<TileMap> maps;
    for (std::uint64_t m = 0; m < kLanes; ++m) {
        maps.push_back(planted(layouts[m % 2], 17 * m, 0.1F, m));
    }
    const AllScores scores = correlate(layouts, maps);
    for (std::size_t key = 0; key < layouts.size(); ++key) {
        for (std::size_t m = 0; m < maps.size(); ++m) {
            const double norm = std::sqrt(inner_product(maps[m], maps[m]) / 4.0);
            for (std::size_t k = 0; k < kBlockRows; ++k) {
                const TileMap turned = turn_back(maps[m].data(), k);
                ASSERT_NEAR(scores[key][m][k], inner_product(layouts[key].pilot(), turned) / norm, 1e-3)
                    << m << ' ' << k;
            }
        }
    }
}

RC_GTEST_PROP(PilotSearch, FindsAPlantedPatternWhereverItBegins, (std::uint64_t seed)) {
    static const std::vector<ChipLayout> layouts = layouts_of({3});
    const auto shift = *rc::gen::inRange<std::size_t>(0, kBlockRows);
    const AllScores scores = correlate(layouts, {planted(layouts[0], shift, 0.25F, seed)});
    const PilotSearch::Scores& found = scores[0][0];
    RC_ASSERT(static_cast<std::size_t>(std::max_element(found.begin(), found.end()) - found.begin()) == shift);
    RC_ASSERT(found[shift] > 6.0F);
}

TEST(PilotSearch, ScoresAsMuchForAFaintMapAsForALoudOne) {
    const std::vector<ChipLayout> layouts = layouts_of({4});
    const TileMap map = planted(layouts[0], 5, 0.2F, 1);
    TileMap loud = map;
    for (float& value : loud) {
        value *= 1000.0F;
    }
    const AllScores scores = correlate(layouts, {map, loud});
    EXPECT_NEAR(scores[0][0][5], scores[0][1][5], 1e-3);
}

TEST(PilotSearch, AnEmptyMapScoresNothing) {
    const AllScores scores = correlate(layouts_of({5}), {TileMap(kBlockTiles)});
    EXPECT_EQ(*std::max_element(scores[0][0].begin(), scores[0][0].end()), 0.0F);
}

} // namespace
} // namespace wm
