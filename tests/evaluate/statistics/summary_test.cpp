#include "evaluate/statistics/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "statistics/trials.h"

namespace wm {
namespace {

using testing::Optional;

TEST(Summary, CountsOutcomesAndLeavesErrorsOut) {
    std::vector<Trial> trials;
    for (const TrialOutcome outcome : {TrialOutcome::kDetected, TrialOutcome::kDetected, TrialOutcome::kMissed,
                                       TrialOutcome::kWrong, TrialOutcome::kInconclusive, TrialOutcome::kError}) {
        trials.push_back(marked_trial("wm", "a.wav", "mp3=64k", outcome));
    }
    trials[0].bit_errors = 0;
    trials[3].bit_errors = 16;
    const EvaluationSummary summary = summarize(trials);
    ASSERT_EQ(summary.systems.size(), 1U);
    const TrialCounts& counts = summary.systems[0].all;
    EXPECT_EQ(counts.detected.successes, 2U);
    EXPECT_EQ(counts.detected.trials, 5U);
    EXPECT_EQ(counts.num_wrong, 1U);
    EXPECT_EQ(counts.num_inconclusive, 1U);
    EXPECT_EQ(counts.num_errors, 1U);
    EXPECT_THAT(counts.bit_error_rate, Optional(16.0 / 128));
    EXPECT_EQ(summary.num_trials, 6U);
    EXPECT_EQ(summary.num_recordings, 1U);
}

TEST(Summary, MakesACellOfEachAttackAndClipLength) {
    std::vector<Trial> trials = {marked_trial("wm", "a.wav", "mp3=64k", TrialOutcome::kDetected),
                                 marked_trial("wm", "a.wav", "mp3=32k", TrialOutcome::kMissed),
                                 marked_trial("wm", "b.wav", "mp3=64k", TrialOutcome::kMissed),
                                 marked_trial("wm", "a.wav", "mp3=64k", TrialOutcome::kDetected)};
    trials[3].clip_s = 30;
    const std::vector<Cell> cells = summarize(trials).systems[0].cells;
    ASSERT_EQ(cells.size(), 3U);
    EXPECT_EQ(cells[0].counts.detected.trials, 2U);
    EXPECT_EQ(cells[0].counts.detected.share, 0.5);
    EXPECT_EQ(cells[1].attack, "mp3=32k");
    EXPECT_EQ(cells[2].clip_s, 30);
}

TEST(Summary, FollowsTheNullTail) {
    std::vector<Trial> trials(4, null_trial("wm", 0.5));
    trials[1].score = 3;
    trials[1].log10_p_value = -2.5;
    trials[2].outcome = TrialOutcome::kWrong;
    trials[3].outcome = TrialOutcome::kError;
    trials[3].score = 99;
    const NullTail tail = summarize(trials).systems[0].null;
    EXPECT_EQ(tail.false_alarms.trials, 3U);
    EXPECT_EQ(tail.false_alarms.successes, 1U);
    EXPECT_EQ(tail.num_errors, 1U);
    EXPECT_THAT(tail.largest_score, Optional(3.0));
    EXPECT_THAT(tail.least_log10_p_value, Optional(-2.5));
    EXPECT_THAT(tail.false_positive_bound, Optional(1e-9));
}

TEST(Summary, RanksMarkedAgainstNullScores) {
    std::vector<Trial> trials(100, null_trial("wm", 0.5));
    for (const double score : {1.0, 2.0, 3.0}) {
        trials.push_back(marked_trial("wm", "a.wav", "none", TrialOutcome::kDetected));
        trials.back().score = score;
    }
    trials.push_back(marked_trial("wm", "a.wav", "none", TrialOutcome::kMissed));
    const SystemSummary system = summarize(trials).systems[0];
    ASSERT_TRUE(system.roc.has_value());
    EXPECT_DOUBLE_EQ(system.roc->area, 0.75);
    EXPECT_THAT(system.tpr_at_1_percent, Optional(0.75));
    EXPECT_FALSE(system.tpr_at_0_1_percent.has_value());
    EXPECT_FALSE(summarize({marked_trial("wm", "a.wav", "none", TrialOutcome::kMissed)}).systems[0].roc.has_value());
}

/// One copy a recording is graded, however many trials it has.
TEST(Summary, AveragesQualityOverRecordings) {
    std::vector<Trial> trials = {marked_trial("wm", "a.wav", "none", TrialOutcome::kDetected),
                                 marked_trial("wm", "a.wav", "mp3=64k", TrialOutcome::kDetected),
                                 marked_trial("wm", "b.wav", "none", TrialOutcome::kDetected)};
    trials[0].quality.odg = trials[1].quality.odg = -1;
    trials[2].quality.odg = 0;
    trials[2].quality.snr_db = 30;
    const QualityMeans quality = summarize(trials).systems[0].quality;
    EXPECT_EQ(quality.num_recordings, 2U);
    EXPECT_THAT(quality.mean.odg, Optional(-0.5));
    EXPECT_THAT(quality.mean.snr_db, Optional(30.0));
    EXPECT_FALSE(quality.mean.nmr_db.has_value());
}

TEST(Summary, ComparesSystemsOnTheSameTrials) {
    std::vector<Trial> trials;
    const auto add = [&](const char* recording, TrialOutcome by_a, TrialOutcome by_b) {
        trials.push_back(marked_trial("a", recording, "mp3=64k", by_a));
        trials.push_back(marked_trial("b", recording, "mp3=64k", by_b));
    };
    for (int k = 0; k < 9; ++k) {
        add(("only_b_" + std::to_string(k)).c_str(), TrialOutcome::kMissed, TrialOutcome::kDetected);
    }
    add("only_a", TrialOutcome::kDetected, TrialOutcome::kMissed);
    add("both", TrialOutcome::kDetected, TrialOutcome::kDetected);
    add("failed", TrialOutcome::kDetected, TrialOutcome::kError);
    trials.push_back(marked_trial("a", "without partner", "mp3=64k", TrialOutcome::kDetected));
    trials.push_back(marked_trial("b", "both", "mp3=64k", TrialOutcome::kMissed));
    trials.back().crop_offset_s = 7; // another clip
    const std::vector<PairedComparison> rows = summarize(trials).comparisons;
    ASSERT_EQ(rows.size(), 2U);
    for (const PairedComparison& row : rows) {
        EXPECT_EQ(row.only_a, 1U);
        EXPECT_EQ(row.only_b, 9U);
        EXPECT_EQ(row.both, 1U);
        EXPECT_EQ(row.neither, 0U);
        EXPECT_NEAR(row.p_value, 0.021484375, 1e-12);
    }
    EXPECT_EQ(rows[0].attack_name, "");
    EXPECT_EQ(rows[1].attack_name, "mp3");
}

TEST(Summary, OfNothingIsEmpty) {
    EXPECT_TRUE(summarize({}).systems.empty());
}

} // namespace
} // namespace wm
