#include "watermark/desync_search.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "audio/resampler.h"
#include "fixed_key.h"
#include "marking.h"
#include "watermark/joint_reading.h"

namespace wm {
namespace {

using test::Planar;

constexpr std::uint64_t kPayload = 77;
const double kLogBound = std::log(1e-9);

const std::vector<ChipLayout>& layouts() {
    static const std::vector<ChipLayout> instance{ChipLayout(test::fixed_key(71)), ChipLayout(test::fixed_key(72))};
    return instance;
}

const Planar& marked_music() {
    static const Planar instance =
        test::marked(test::synthesize_music(71, kTileRate_hz, 1, 20.0), layouts()[0], kPayload);
    return instance;
}

/// Played `speed` times as fast.
Planar sped_up(const Planar& audio, double speed) {
    const auto resampler = Resampler::create(kTileRate_hz, kTileRate_hz / speed, static_cast<int>(audio.size()),
                                             Resampler::Quality::kHigh);
    PlanarQueue output(audio.size());
    resampler->push(test::pointers(audio).data(), audio[0].size(), output);
    resampler->finish(output);
    Planar result;
    for (const float* front : output.fronts()) {
        result.emplace_back(front, front + output.size());
    }
    return result;
}

std::vector<Finding> searched(const Planar& audio, const std::vector<bool>& wanted, double start_s = 0.0,
                              const std::vector<LatticeGeometry>& hypotheses = desync_lines()) {
    DesyncSearch search(audio.size(), layouts(), kLogBound, 1);
    const Planar window = test::excerpt(audio, 0, 12 * 22050);
    search.set_window(test::pointers(window).data(), window[0].size(), start_s);
    std::vector<Finding> findings;
    search.search(hypotheses, wanted, findings);
    return findings;
}

TEST(DesyncSearch, LinesCoverTheirRangesInStepsSmallerThanAMarkSurvives) {
    double last_speed = 0.0;
    double last_tempo = 0.0;
    double last_pitch = 0.0;
    const auto follow = [](double value, double& last, double step) {
        if (last != 0.0 && !(last < 1.0 && value > 1.0)) { // the identity is left out
            EXPECT_LT(value / last, step);
        }
        last = value;
    };
    for (const LatticeGeometry& line : desync_lines()) {
        const Geometry geometry = line.geometry();
        if (line.tempo_step == 0) {
            follow(geometry.pitch, last_pitch, 1.012);
        } else if (line.pitch_step == 0) {
            follow(geometry.tempo, last_tempo, 1.0031);
        } else {
            EXPECT_NEAR(geometry.pitch / geometry.tempo, 1.0, 7e-4);
            follow(geometry.tempo, last_speed, 1.0031);
        }
    }
    EXPECT_GT(last_speed, 1.25);
    EXPECT_GT(last_tempo, 1.12);
    EXPECT_GT(last_pitch, 1.18);
}

TEST(DesyncSearch, TheLatticeIsFinerThanAnyToleranceReported) {
    for (double change = 0.8; change < 1.25; change += 0.0137) {
        const Geometry found = LatticeGeometry::nearest({change, 1.0 / change}).geometry();
        EXPECT_NEAR(found.tempo / change, 1.0, 1e-4);
        EXPECT_NEAR(found.pitch * change, 1.0, 1e-3);
    }
}

TEST(DesyncSearch, FindsAMarkThatWasSpedUpOrSlowedDownAndSaysByHowMuch) {
    for (const double speed : {0.93, 1.05}) {
        const std::vector<Finding> findings = searched(sped_up(marked_music(), speed), {true, true}, 100.0);
        ASSERT_EQ(findings.size(), 1U) << speed;
        EXPECT_EQ(findings[0].key_index, 0U);
        EXPECT_EQ(findings[0].payload, kPayload);
        EXPECT_NEAR(findings[0].geometry.tempo, speed, 0.002);
        EXPECT_NEAR(findings[0].geometry.pitch, speed, 0.006);
        EXPECT_EQ(findings[0].start_s, 100.0);
        EXPECT_NEAR(findings[0].end_s, 112.0, 0.1);
    }
}

TEST(DesyncSearch, ThePlaneHoldsEveryPairOfItsRangesButTheLines) {
    const std::vector<LatticeGeometry> plane = desync_plane();
    std::set<std::pair<int, int>> pairs;
    for (const LatticeGeometry& point : plane) {
        EXPECT_NE(point.tempo_step, 0);
        EXPECT_NE(point.pitch_step, 0);
        pairs.emplace(point.tempo_step, point.pitch_step);
    }
    EXPECT_EQ(pairs.size(), plane.size());
    for (const double tempo : {0.9, 0.952, 1.031, 1.12}) {
        for (const double pitch : {0.85, 0.944, 1.059, 1.18}) {
            const LatticeGeometry wanted = LatticeGeometry::nearest({tempo, pitch});
            EXPECT_TRUE(std::any_of(plane.begin(), plane.end(),
                                    [&](const LatticeGeometry& point) {
                                        return std::abs(point.tempo_step - wanted.tempo_step) <= 15 &&
                                               std::abs(point.pitch_step - wanted.pitch_step) <= 5;
                                    }))
                << tempo << ' ' << pitch;
        }
    }
}

TEST(DesyncSearch, LooksOnlyForTheKeysThatAreWanted) {
    EXPECT_TRUE(searched(sped_up(marked_music(), 1.05), {false, true}).empty());
}

TEST(DesyncSearch, FindsNothingInUnmarkedMusic) {
    EXPECT_TRUE(searched(test::synthesize_music(73, kTileRate_hz, 1, 12.0), {true, true}).empty());
}

TEST(DesyncSearch, AWindowTooShortForHalfABlockHasNothing) {
    for (const std::size_t length : {0U, 1000U, 30000U}) {
        EXPECT_TRUE(searched(test::excerpt(marked_music(), 0, length), {true, true}).empty());
    }
}

/// A hypothesis is a key, a tempo, a pitch and an offset: the union must count at least what the scan alone visits.
TEST(DesyncSearch, TheUnionCountsMoreThanTheScanVisits) {
    const DesyncSearch search(1, layouts(), kLogBound, 1);
    const double num_visited = static_cast<double>(desync_lines().size() + desync_plane().size()) * 2.0 * kBlockRows * 2.0;
    EXPECT_GT(search.log_hypotheses(), std::log(2.0 * num_visited));
}

TEST(DesyncSearch, EveryWindowAddsToTheHypotheses) {
    const DesyncSearch one(1, layouts(), kLogBound, 1);
    const DesyncSearch five(1, layouts(), kLogBound, 5);
    EXPECT_NEAR(five.log_hypotheses() - one.log_hypotheses(), std::log(5.0), 1e-12);
    const double places = std::exp(DesyncSearch::log_num_offsets());
    EXPECT_NEAR(JointReading::log_hypotheses(3, 1) - JointReading::log_hypotheses(2, 1), std::log(places + 1.0), 1e-9);
}

} // namespace
} // namespace wm
