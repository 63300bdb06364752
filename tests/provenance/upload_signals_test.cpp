#include "wm/upload_signals.h"

#include <algorithm>

#include "expectations.h"

namespace wm {
namespace {

using test::expect_value;

std::vector<std::string> codes_of(const std::vector<Signal>& signals) {
    std::vector<std::string> codes;
    std::transform(signals.begin(), signals.end(), std::back_inserter(codes),
                   [](const Signal& signal) { return signal.code; });
    return codes;
}

using Codes = std::vector<std::string>;

TEST(SignalsOfAShape, BeginAtTheirLimits) {
    SignalLimits limits;
    SoundShape shape;
    shape.duration_s = 100;
    EXPECT_EQ(codes_of(signals_of(shape, limits)), Codes());
    shape.duration_s = 29.99; // of a recording of 30 s
    EXPECT_EQ(codes_of(signals_of(shape, limits)), Codes());
    shape.duration_s = 29.9;
    EXPECT_EQ(codes_of(signals_of(shape, limits)), Codes{"VERY_SHORT"});
    shape.duration_s = 100;
    shape.silence_after_s = 19.9;
    EXPECT_EQ(codes_of(signals_of(shape, limits)), Codes());
    shape.silence_after_s = 20;
    const std::vector<Signal> padded = signals_of(shape, limits);
    ASSERT_EQ(codes_of(padded), Codes{"PADDED"});
    EXPECT_EQ(padded.front().start_s, 80);
    shape.silence_after_s = 0;
    shape.loop_s = 25;
    shape.loop_share = 0.79;
    EXPECT_EQ(codes_of(signals_of(shape, limits)), Codes());
    shape.loop_share = 0.8;
    EXPECT_EQ(codes_of(signals_of(shape, limits)), Codes{"LOOPED"});
    shape.loop_s = 26;
    EXPECT_EQ(codes_of(signals_of(shape, limits)), Codes());
    limits.least_repeats = 3;
    EXPECT_EQ(codes_of(signals_of(shape, limits)), Codes{"LOOPED"});
}

TEST(IdentifyUpload, TakesTheTrackThatCoversEnoughOfWhatIsHeard) {
    Evidence evidence;
    evidence.sound = "aa";
    evidence.duration_s = 100;
    evidence.matches = {{"short", 0, 39, 5, 44, 1, 0, 1, 1e-9}, {"long", 0, 49, 5, 54, 1, 0, 1, 1e-9}};
    Upload upload;
    identify_upload(evidence, Profile(), upload);
    EXPECT_EQ(upload.sound, "aa");
    EXPECT_FALSE(upload.likeness);
    evidence.shape = SoundShape{100, 10, 0, 0, 0, 0, 0};
    identify_upload(evidence, Profile(), upload);
    ASSERT_TRUE(upload.likeness);
    EXPECT_EQ(upload.likeness->key, "long");
    EXPECT_EQ(upload.likeness->start_s, 5);
    evidence.matches[1].p_value = 1e-3;
    identify_upload(evidence, Profile(), upload);
    EXPECT_FALSE(upload.likeness);
}

/// A ledger with numbered uploads.
class Ledger : public testing::Test {
protected:
    void add(std::int64_t number, const std::string& sound, const std::string& name, const std::string& account = "",
             std::optional<std::int64_t> time_s = {}, std::optional<Likeness> likeness = {}) {
        ASSERT_TRUE(
            ledger_->add({number, "up/" + std::to_string(number) + ".wav", name, account, time_s, sound, likeness}));
    }
    Codes codes(std::int64_t number) { return codes_of(expect_value(ledger_->signals_of(number, limits_))); }

    std::unique_ptr<UploadLedger> ledger_ = expect_value(UploadLedger::create());
    SignalLimits limits_;
};

TEST_F(Ledger, SeesTheSameSamplesAndTheirNames) {
    add(0, "aa", "Tune");
    add(1, "bb", "Other");
    add(2, "aa", "Tune");
    EXPECT_EQ(codes(0), Codes{"EXACT_DUPLICATE"});
    EXPECT_EQ(codes(1), Codes());
    add(3, "aa", "Song");
    add(4, "aa", ""); // named by its file
    EXPECT_EQ(codes(0), (Codes{"EXACT_DUPLICATE", "MANY_NAMES"}));
    EXPECT_EQ(codes(9), Codes());
    const std::vector<Signal> signals = expect_value(ledger_->signals_of(4, limits_));
    EXPECT_EQ(signals.front().detail, "the same samples as up/0.wav and 2 more");
}

TEST_F(Ledger, WhatWasNotExaminedIsNoDuplicate) {
    add(0, "", "Tune");
    add(1, "", "Tune");
    EXPECT_EQ(codes(0), Codes());
}

TEST_F(Ledger, StretchesOfOneTrackAreTheSameWhereTheyOverlap) {
    add(0, "aa", "A", "", {}, Likeness{"track", 0, 60});
    add(1, "bb", "B", "", {}, Likeness{"track", 40, 200}); // 20 s of the shorter one's 60
    EXPECT_EQ(codes(0), Codes());
    add(2, "cc", "C", "", {}, Likeness{"track", 25, 65});
    EXPECT_EQ(codes(0), Codes{"NEAR_DUPLICATE"}); // 35 s of 40
    EXPECT_EQ(codes(1), Codes{"NEAR_DUPLICATE"}); // 25 s of 40
    add(3, "dd", "D", "", {}, Likeness{"other", 0, 60});
    EXPECT_EQ(codes(3), Codes());
}

TEST_F(Ledger, ABurstIsManyUploadsOfOneAccountInATime) {
    limits_.burst_uploads = 3;
    limits_.burst_s = 100;
    add(0, "a", "A", "u", 1000);
    add(1, "b", "B", "u", 1050);
    add(2, "c", "C", "v", 1060);
    add(3, "d", "D", "u", 1101);
    add(4, "e", "E", "u", {});
    EXPECT_EQ(codes(1), Codes()); // 1000 to 1101 are 101 s
    add(5, "f", "F", "u", 1100);
    for (const std::int64_t number : {0, 1, 3, 5}) {
        EXPECT_EQ(codes(number), Codes{"ACCOUNT_BURST"}) << number;
    }
    EXPECT_EQ(codes(2), Codes());
    EXPECT_EQ(codes(4), Codes());
    add(6, "g", "G", "u", 5000);
    EXPECT_EQ(codes(6), Codes()) << "the burst was without it";
}

TEST_F(Ledger, AnUploadCanBeReplaced) {
    add(0, "a", "A");
    add(1, "", "B");
    add(1, "a", "B");
    EXPECT_EQ(codes(0), Codes{"EXACT_DUPLICATE"});
}

} // namespace
} // namespace wm
