#include "evaluate/trial.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace wm {
namespace {

using testing::HasSubstr;

Trial full_trial() {
    Trial trial;
    trial.system = "wm";
    trial.recording = "a \"b\",\nc.wav";
    trial.attack = "pitch=+2st mp3=64k";
    trial.applied = "pitch=1.5st mp3=64k";
    trial.attack_name = "pitch+mp3";
    trial.strength = 0.1;
    trial.strength_unit = "st";
    trial.clip_s = 10;
    trial.crop_offset_s = 12.345678901234567;
    trial.seed = 18446744073709551615U;
    trial.kind = TrialKind::kNullKey;
    trial.outcome = TrialOutcome::kDetected;
    trial.score = -1e-300;
    trial.log10_p_value = -22.5;
    trial.false_positive_bound = 1e-9;
    trial.bit_errors = 3;
    trial.num_bits = 64;
    trial.quality = {-0.25, 2.5, 31, -9.75};
    trial.clip = "clips/17.opus";
    trial.message = "ünïcode";
    return trial;
}

std::string error_of(const std::string& csv) {
    const auto trials = parse_trials(csv);
    return trials ? "" : trials.error().message;
}

TEST(Trial, ReadsBackWhatItWrote) {
    const std::string full = trial_csv_row(full_trial());
    const std::string bare = trial_csv_row(Trial());
    const auto trials = parse_trials(trial_csv_header() + full + bare);
    ASSERT_TRUE(trials.has_value()) << trials.error().message;
    ASSERT_EQ(trials->size(), 2U);
    EXPECT_EQ(trial_csv_row((*trials)[0]), full);
    EXPECT_EQ(trial_csv_row((*trials)[1]), bare);
    EXPECT_EQ((*trials)[0].recording, full_trial().recording);
    EXPECT_EQ((*trials)[0].seed, full_trial().seed);
    EXPECT_EQ((*trials)[0].crop_offset_s, full_trial().crop_offset_s);
    EXPECT_EQ((*trials)[0].quality.nmr_db, -9.75);
    EXPECT_FALSE((*trials)[1].score.has_value());
}

RC_GTEST_PROP(Trial, KeepsEveryNumber, (double score, std::uint64_t seed)) {
    Trial trial;
    trial.score = score;
    trial.seed = seed;
    const auto trials = parse_trials(trial_csv_header() + trial_csv_row(trial));
    RC_ASSERT(trials.has_value());
    RC_ASSERT(trials->front().score == score && trials->front().seed == seed);
}

TEST(Trial, SaysWhatIsWrongAndWhere) {
    EXPECT_THAT(error_of(""), HasSubstr("no header"));
    EXPECT_THAT(error_of("system\n"), HasSubstr("no column \"recording\""));
    EXPECT_THAT(error_of("systen\n"), HasSubstr("unknown column \"systen\""));
    EXPECT_THAT(error_of("system,system\n"), HasSubstr("stands twice"));
    EXPECT_THAT(error_of(trial_csv_header() + "a,b\n"), HasSubstr("line 2: 2 fields, but the header has 23"));
    const auto with = [](const std::string& from, const std::string& to) {
        std::string row = trial_csv_row(full_trial());
        row.replace(row.find(from), from.size(), to);
        return trial_csv_header() + row;
    };
    EXPECT_THAT(error_of(with("12.345678901234567", "1x")), HasSubstr("crop_offset_s: \"1x\" is not a number"));
    EXPECT_THAT(error_of(with("12.345678901234567", "nan")), HasSubstr("crop_offset_s: \"nan\" is not a number"));
    EXPECT_THAT(error_of(with("null_key", "nill")), HasSubstr("kind: \"nill\" is not one of"));
    EXPECT_THAT(error_of(with(",3,64,", ",-3,64,")), HasSubstr("bit_errors: \"-3\" is negative"));
}

} // namespace
} // namespace wm
