#include "histories.h"

namespace wm {
namespace {

using namespace test;

TEST(PolicyIdentification, NeverAllowsWhatCouldNotBeExamined) {
    Evidence evidence = evidence_of({whole_mark()}, {whole_match("C")});
    evidence.unreadable = "it is silent";
    Claim claim = claim_named("C");
    claim.training_mining[Use::kAiTraining] = {Choice::kAllowed, ""};
    expect_verdict(decide(evidence, {history_of(claim)}, ask({Use::kAiTraining})), Decision::kReview, "UNREADABLE");
}

TEST(PolicyIdentification, AnswersUnknownSoundAsTheProfileSays) {
    const Evidence nothing = evidence_of({}, {});
    expect_verdict(decide(nothing, {}, ask({Use::kStream})), Decision::kUnknown, "NO_CLAIM");
    for (const Decision unknown : {Decision::kAllow, Decision::kReview, Decision::kBlock}) {
        Profile profile;
        profile.unknown = unknown;
        expect_verdict(decide(nothing, {}, ask({Use::kStream}), profile), unknown, "NO_CLAIM");
    }
}

TEST(PolicyIdentification, DoubtsAMarkOnOtherSound) {
    Claim claim = claim_named("C");
    for (const Choice choice : {Choice::kAllowed, Choice::kNotAllowed}) {
        claim.training_mining[Use::kAiTraining] = {choice, ""};
        const ClaimHistory history = history_of(claim);
        const Verdict alone = decide(evidence_of({whole_mark()}, {}), {history}, ask({Use::kAiTraining}));
        expect_verdict(alone, Decision::kReview, "WM_UNCONFIRMED");
        EXPECT_FALSE(has_reason(alone, "WM_FP_CONFLICT"));
        Claim other = claim_named("D", "GBAYE0000351");
        other.wm_id = 1;
        other.training_mining = claim.training_mining;
        const Verdict conflict = decide(evidence_of({whole_mark()}, {whole_match("D")}), {history, history_of(other)},
                                        ask({Use::kAiTraining}));
        EXPECT_EQ(conflict.decision, choice == Choice::kAllowed ? Decision::kReview : Decision::kBlock);
        EXPECT_TRUE(has_reason(conflict, "WM_UNCONFIRMED") && has_reason(conflict, "WM_FP_CONFLICT"));
    }
}

TEST(PolicyIdentification, DoubtsAMarkWhereOnlyAnotherPlaceMatches) {
    MarkEvidence mark = whole_mark();
    mark.start_s = 100;
    MatchEvidence match = whole_match("C");
    match.query_end_s = 90;
    Claim claim = claim_named("C");
    claim.training_mining[Use::kAiTraining] = {Choice::kAllowed, ""};
    const Verdict verdict = decide(evidence_of({mark}, {match}), {history_of(claim)}, ask({Use::kAiTraining}));
    expect_verdict(verdict, Decision::kReview, "WM_UNCONFIRMED");
}

TEST(PolicyIdentification, ConfirmsAMarkByAMatchThatWouldNotDoAlone) {
    Claim claim = claim_named("C");
    claim.training_mining[Use::kAiTraining] = {Choice::kAllowed, ""};
    MatchEvidence weak = whole_match("C");
    weak.p_value = 1e-4;
    EXPECT_EQ(decide(evidence_of({whole_mark()}, {weak}), {history_of(claim)}, ask({Use::kAiTraining})).decision,
              Decision::kAllow);
    EXPECT_EQ(decide(evidence_of({}, {weak}), {history_of(claim)}, ask({Use::kAiTraining})).decision,
              Decision::kUnknown);
    EXPECT_EQ(decide(evidence_of({whole_mark(77)}, {weak}), {history_of(claim)}, ask({Use::kAiTraining})).decision,
              Decision::kReview);
}

TEST(PolicyIdentification, DoubtsAMarkThatNobodyRegistered) {
    Claim claim = claim_named("C");
    claim.training_mining[Use::kAiTraining] = {Choice::kAllowed, ""};
    const Evidence evidence = evidence_of({whole_mark(77)}, {whole_match("C")});
    const Verdict verdict = decide(evidence, {history_of(claim)}, ask({Use::kAiTraining}));
    expect_verdict(verdict, Decision::kReview, "MARK_UNREGISTERED");
    EXPECT_TRUE(verdict.obligations.empty());
}

TEST(PolicyIdentification, LetsTheSoundForbidThoughAMarkIsDoubted) {
    Claim claim = claim_named("C");
    claim.training_mining[Use::kAiTraining] = {Choice::kNotAllowed, ""};
    const Evidence evidence = evidence_of({whole_mark(77)}, {whole_match("C")});
    const Verdict verdict = decide(evidence, {history_of(claim)}, ask({Use::kAiTraining}));
    expect_verdict(verdict, Decision::kBlock, "CONSENT_NOT_ALLOWED");
    EXPECT_TRUE(has_reason(verdict, "MARK_UNREGISTERED"));
    Profile strict;
    strict.unknown = Decision::kBlock;
    expect_verdict(decide(evidence_of({whole_mark(77)}, {}), {}, ask({Use::kStream}), strict), Decision::kBlock,
                   "NO_CLAIM");
}

TEST(PolicyIdentification, ReviewsADamagedClaimThatALookUpLedTo) {
    ClaimHistory unreadable;
    unreadable.id = "C";
    unreadable.defect = "entry 3 of the log was tampered with";
    unreadable.found_marks = {kMark};
    unreadable.found_tracks = {"C"};
    Profile trusting;
    trusting.unknown = Decision::kAllow;
    for (const std::vector<MarkEvidence>& marks : {std::vector<MarkEvidence>{}, {whole_mark()}}) {
        const Verdict verdict =
            decide(evidence_of(marks, {whole_match("C")}), {unreadable}, ask({Use::kStream}), trusting);
        expect_verdict(verdict, Decision::kReview, "CLAIM_TAMPERED");
        EXPECT_EQ(verdict.reasons.front().claim_id, "C");
        EXPECT_TRUE(verdict.claims.empty());
    }
    MatchEvidence weak = whole_match("C");
    weak.p_value = 1e-3;
    expect_verdict(decide(evidence_of({}, {weak}), {unreadable}, ask({Use::kStream}), trusting), Decision::kAllow,
                   "NO_CLAIM");
}

TEST(PolicyIdentification, LetsAWeakMarkDecideNothing) {
    MarkEvidence weak = whole_mark(77);
    weak.p_value = 6e-4;
    const Verdict verdict =
        decide(evidence_of({weak}, {whole_match("C")}), {history_of(claim_named("C"))}, ask({Use::kStream}));
    expect_verdict(verdict, Decision::kBlock, "NO_LICENCE");
    EXPECT_TRUE(has_signal(verdict, "MARK_WEAK"));
}

TEST(PolicyIdentification, GoesOnWithTheFingerprintWhenTheMarkIsMissing) {
    Claim claim = claim_named("C");
    claim.training_mining[Use::kAiTraining] = {Choice::kAllowed, ""};
    const Verdict verdict = decide(evidence_of({}, {whole_match("C")}), {history_of(claim)}, ask({Use::kAiTraining}));
    EXPECT_EQ(verdict.decision, Decision::kAllow);
    EXPECT_TRUE(has_reason(verdict, "MARK_MISSING"));
    claim.wm_id.reset();
    EXPECT_FALSE(has_reason(decide(evidence_of({}, {whole_match("C")}), {history_of(claim)}, ask({Use::kAiTraining})),
                            "MARK_MISSING"));
}

TEST(PolicyIdentification, HearsEveryRecordingInAnUpload) {
    Claim first = claim_named("C");
    first.training_mining[Use::kAiTraining] = {Choice::kAllowed, ""};
    Claim second = claim_named("D", "GBAYE0000351");
    second.wm_id = 9;
    second.training_mining[Use::kAiTraining] = {Choice::kNotAllowed, ""};
    MatchEvidence begin = whole_match("C");
    begin.query_end_s = 90;
    MatchEvidence end = whole_match("D");
    end.query_start_s = 90;
    const Verdict verdict =
        decide(evidence_of({}, {begin, end}), {history_of(first), history_of(second)}, ask({Use::kAiTraining}));
    EXPECT_EQ(verdict.decision, Decision::kBlock);
    EXPECT_TRUE(has_reason(verdict, "SEVERAL_RECORDINGS"));
}

TEST(PolicyIdentification, TreatsAShortOrWeakMatchAsASignal) {
    MatchEvidence brief = whole_match("C");
    brief.query_end_s = 3;
    MatchEvidence weak = whole_match("C");
    weak.p_value = 1e-3;
    const std::vector<ClaimHistory> claims = {history_of(claim_named("C"))};
    const Verdict short_one = decide(evidence_of({}, {brief}), claims, ask({Use::kStream}));
    expect_verdict(short_one, Decision::kUnknown, "NO_CLAIM");
    EXPECT_TRUE(has_signal(short_one, "MATCH_TOO_SHORT"));
    EXPECT_TRUE(has_signal(decide(evidence_of({}, {weak}), claims, ask({Use::kStream})), "MATCH_WEAK"));
    Profile profile;
    profile.min_match_s = 2;
    EXPECT_EQ(decide(evidence_of({}, {brief}), claims, ask({Use::kStream}), profile).decision, Decision::kBlock);
}

TEST(PolicyIdentification, DoesNotAllowAnHourForThirtySeconds) {
    Claim claim = claim_named("C");
    claim.training_mining[Use::kAiTraining] = {Choice::kAllowed, ""};
    MatchEvidence match = whole_match("C");
    match.query_end_s = 30;
    Evidence evidence = evidence_of({}, {match});
    evidence.duration_s = 3600;
    expect_verdict(decide(evidence, {history_of(claim)}, ask({Use::kAiTraining})), Decision::kUnknown, "PARTIAL_MATCH");
    claim.training_mining[Use::kAiTraining] = {Choice::kNotAllowed, ""};
    EXPECT_EQ(decide(evidence, {history_of(claim)}, ask({Use::kAiTraining})).decision, Decision::kBlock);
}

TEST(PolicyIdentification, ProvesNothingByTags) {
    Evidence evidence = evidence_of({}, {});
    evidence.tag_isrc = kIsrc;
    const Verdict verdict = decide(evidence, {history_of(claim_named("C"))}, ask({Use::kStream}));
    expect_verdict(verdict, Decision::kUnknown, "NO_CLAIM");
    EXPECT_TRUE(has_signal(verdict, "TAG_ISRC"));
    evidence.matches = {whole_match("C")};
    evidence.tag_isrc = "GBAYE0000351";
    EXPECT_TRUE(has_signal(decide(evidence, {history_of(claim_named("C"))}, ask({Use::kStream})), "TAG_MISMATCH"));
}

} // namespace
} // namespace wm
