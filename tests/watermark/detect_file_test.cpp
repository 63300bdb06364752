#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "audio/recordings.h"
#include "file_case.h"

namespace wm {
namespace {

using test::excerpt;
using test::FileCase;
using test::Planar;
using test::synthesize_music;

class Detect : public FileCase {
protected:
    /// 24 s of music marked under the label's key.
    std::string marked(std::uint32_t seed, std::uint64_t id = kId) const {
        return mark(record("in.wav", synthesize_music(seed, 44100, 2, 24.0)), "marked.wav", label_, id);
    }

    /// Runs a command whose last two words are the marked file and a new one; the mark that is found in the latter.
    Mark found_after(const std::string& command, std::uint32_t seed) {
        test::run_command(command + " " + marked(seed) + " " + path("changed.wav"));
        const DetectReport report = detect(path("changed.wav"), {label_}, DesyncRange::kPlane);
        EXPECT_EQ(report.marks.size(), 1U) << command;
        return report.marks.empty() ? Mark{} : report.marks[0];
    }
};

TEST_F(Detect, FindsTheMarkInCropsAtAnyOffset) {
    const Planar whole = test::read_samples(marked(1));
    std::mt19937 random(1);
    for (int trial = 0; trial < 6; ++trial) {
        const std::string crop = record("crop.wav", excerpt(whole, random() % (14 * 44100), 10 * 44100));
        const DetectReport report = detect(crop, {label_});
        ASSERT_EQ(report.marks.size(), 1U) << trial;
        EXPECT_EQ(report.outcome, DetectOutcome::kFound);
        EXPECT_EQ(report.marks[0].id, kId);
        EXPECT_GE(report.marks[0].score, 0.98 * report.threshold);
    }
}

TEST_F(Detect, AWrongKeyFindsNothing) {
    const DetectReport report = detect(marked(2), {other_}, DesyncRange::kPlane);
    EXPECT_EQ(report.outcome, DetectOutcome::kNotFound);
    EXPECT_TRUE(report.marks.empty());
    EXPECT_EQ(report.false_positive_bound, 1e-9);
}

TEST_F(Detect, SplicedPiecesEachShowTheirOwnId) {
    const Planar first = test::read_samples(marked(3, 111));
    const Planar second = test::read_samples(marked(4, 222));
    Planar spliced = excerpt(first, 0, 20 * 44100);
    for (std::size_t c = 0; c < 2; ++c) {
        spliced[c].insert(spliced[c].end(), second[c].begin(), second[c].end());
    }
    const DetectReport report = detect(record("spliced.wav", spliced), {label_});
    ASSERT_EQ(report.marks.size(), 2U);
    for (const Mark& found : report.marks) {
        EXPECT_NEAR(found.start_s, found.id == 111 ? 0.0 : 20.0, 1.0) << found.id;
        EXPECT_NEAR(found.end_s, found.id == 111 ? 20.0 : 44.0, 1.0) << found.id;
    }
}

TEST_F(Detect, SilenceAndAMomentAreInconclusiveAndSayWhy) {
    for (const Planar& audio : {Planar(1, std::vector<float>(20 * 44100)), synthesize_music(5, 44100, 1, 1.0)}) {
        const DetectReport report = detect(record("in.wav", audio), {label_}, DesyncRange::kPlane);
        EXPECT_EQ(report.outcome, DetectOutcome::kInconclusive);
        EXPECT_FALSE(report.reason.empty());
    }
}

TEST_F(Detect, UnmarkedMusicIsNotFound) {
    const DetectReport report =
        detect(record("in.wav", synthesize_music(6, 44100, 2, 14.0)), {label_, other_}, DesyncRange::kPlane);
    EXPECT_EQ(report.outcome, DetectOutcome::kNotFound);
    EXPECT_NEAR(report.duration_s, 14.0, 1e-3);
}

TEST_F(Detect, NeedsAKeyAndABoundInItsRange) {
    const std::string input = record("in.wav", synthesize_music(7, 22050, 1, 3.0), 22050);
    EXPECT_EQ(detect_file(input, {}).error().code, ErrorCode::kUsage);
    for (const double bound : {0.0, 0.01, 1e-16, std::numeric_limits<double>::quiet_NaN()}) {
        DetectOptions options;
        options.false_positive_bound = bound;
        EXPECT_EQ(detect_file(input, {label_}, options).error().code, ErrorCode::kUsage);
    }
}

TEST_F(Detect, ProgressRisesAndCancellingStopsTheSearch) {
    const std::string input = record("in.wav", synthesize_music(8, 44100, 1, 14.0));
    std::vector<double> shares;
    ASSERT_TRUE(detect_file(input, {label_}, {}, [&](double share) {
                    shares.push_back(share);
                    return true;
                }).has_value());
    EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
    EXPECT_GE(shares.front(), 0.0);
    EXPECT_EQ(shares.back(), 1.0);
    for (const std::size_t last : {std::size_t{1}, shares.size()}) {
        std::size_t num_calls = 0;
        const auto report = detect_file(input, {label_}, {}, [&](double) { return ++num_calls < last; });
        ASSERT_FALSE(report.has_value());
        EXPECT_EQ(report.error().code, ErrorCode::kCancelled);
    }
}

TEST_F(Detect, UndoesAChangeOfSpeedAndReportsIt) {
    test::run_command("sox -R -D " + marked(9) + " " + path("fast.wav") + " speed 1.05 rate 44100");
    const DetectReport report = detect(path("fast.wav"), {label_}, DesyncRange::kPlane);
    ASSERT_EQ(report.marks.size(), 1U);
    EXPECT_EQ(report.marks[0].id, kId);
    EXPECT_NEAR(report.marks[0].speed, 1.05, 0.003);
}

TEST_F(Detect, ReadsOutOfAllWindowsTogetherWhatNoneShowsByItself) {
    EmbedOptions options;
    options.verify = false;
    options.strength = 0.26;
    const std::string input = record("in.wav", synthesize_music(13, 44100, 1, 72.0));
    ASSERT_TRUE(embed_file(input, path("weak.wav"), label_, kId, options));
    test::run_command("sox -R -D " + path("weak.wav") + " " + path("fast.wav") + " speed 1.05 rate 44100");
    const DetectReport report = detect(path("fast.wav"), {other_, label_}, DesyncRange::kPlane);
    ASSERT_EQ(report.marks.size(), 1U);
    EXPECT_EQ(report.marks[0].id, kId);
    EXPECT_EQ(report.marks[0].key_name, "label");
    EXPECT_NEAR(report.marks[0].speed, 1.05, 0.003);
    EXPECT_LE(report.marks[0].p_value, 1e-9);
    EXPECT_GT(report.marks[0].end_s - report.marks[0].start_s, 24.0);
    for (const char* start : {"0", "12", "24", "36", "48"}) {
        test::run_command("sox -R -D " + path("fast.wav") + " " + path("part.wav") + " trim " + start + " 12");
        EXPECT_TRUE(detect(path("part.wav"), {label_}, DesyncRange::kPlane).marks.empty()) << start;
    }
}

TEST_F(Detect, UndoesAChangeOfTempoAndReportsIt) {
    const Mark found = found_after("rubberband -q --tempo 1.04", 10);
    EXPECT_EQ(found.id, kId);
    EXPECT_NEAR(found.tempo, 1.04, 0.003);
    EXPECT_NEAR(found.pitch_semitones, 0.0, 0.2);
}

TEST_F(Detect, UndoesAChangeOfPitchAndReportsIt) {
    const Mark found = found_after("rubberband -q --pitch 1", 11);
    EXPECT_EQ(found.id, kId);
    EXPECT_NEAR(found.tempo, 1.0, 0.003);
    EXPECT_NEAR(found.pitch_semitones, 1.0, 0.2);
}

TEST_F(Detect, UndoesTempoAndPitchChangedIndependentlyOnlyWhenThePlaneIsSearched) {
    const Mark found = found_after("rubberband -q --tempo 0.95 --pitch 1.3", 12);
    EXPECT_EQ(found.id, kId);
    EXPECT_NEAR(found.tempo, 0.95, 0.003);
    EXPECT_NEAR(found.pitch_semitones, 1.3, 0.2);
    EXPECT_TRUE(detect(path("changed.wav"), {label_}, DesyncRange::kLines).marks.empty());
}

} // namespace
} // namespace wm
