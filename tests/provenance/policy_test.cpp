#include <set>

#include "histories.h"

namespace wm {
namespace {

using namespace test;

/// A verdict on a whole, marked copy of one claim's recording.
Verdict judge(const ClaimHistory& history, const Question& question, const Profile& profile = {}) {
    return decide(evidence_of({whole_mark()}, {whole_match(history.id)}), {history}, question, profile);
}

/// That a verdict is `decision`, and that `code` is the first of its reasons.
void expect_verdict(const Verdict& verdict, Decision decision, std::string_view code) {
    EXPECT_STREQ(name_of(verdict.decision), name_of(decision));
    ASSERT_FALSE(verdict.reasons.empty());
    EXPECT_EQ(verdict.reasons.front().code, code);
}

TEST(Policy, NeverAllowsWhatCouldNotBeExamined) {
    Evidence evidence = evidence_of({whole_mark()}, {whole_match("C")});
    evidence.unreadable = "it is silent";
    Claim claim = claim_named("C");
    claim.training_mining[Use::kAiTraining] = {Choice::kAllowed, ""};
    expect_verdict(decide(evidence, {history_of(claim)}, ask({Use::kAiTraining})), Decision::kReview, "UNREADABLE");
}

TEST(Policy, AnswersUnknownSoundAsTheProfileSays) {
    const Evidence nothing = evidence_of({}, {});
    expect_verdict(decide(nothing, {}, ask({Use::kStream})), Decision::kUnknown, "NO_CLAIM");
    for (const Decision unknown : {Decision::kAllow, Decision::kReview, Decision::kBlock}) {
        Profile profile;
        profile.unknown = unknown;
        expect_verdict(decide(nothing, {}, ask({Use::kStream}), profile), unknown, "NO_CLAIM");
    }
}

TEST(Policy, DoubtsAMarkOnOtherSound) {
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
        EXPECT_EQ(conflict.decision, Decision::kReview);
        EXPECT_TRUE(has_reason(conflict, "WM_UNCONFIRMED") && has_reason(conflict, "WM_FP_CONFLICT"));
    }
}

TEST(Policy, DoubtsAMarkWhereOnlyAnotherPlaceMatches) {
    MarkEvidence mark = whole_mark();
    mark.start_s = 100;
    MatchEvidence match = whole_match("C");
    match.query_end_s = 90;
    const Verdict verdict = decide(evidence_of({mark}, {match}), {history_of(claim_named("C"))}, ask({Use::kStream}));
    expect_verdict(verdict, Decision::kReview, "WM_UNCONFIRMED");
}

TEST(Policy, ConfirmsAMarkByAMatchThatWouldNotDoAlone) {
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

TEST(Policy, DoubtsAMarkThatNobodyRegistered) {
    const Verdict verdict =
        decide(evidence_of({whole_mark(77)}, {whole_match("C")}), {history_of(claim_named("C"))}, ask({Use::kStream}));
    expect_verdict(verdict, Decision::kReview, "MARK_UNREGISTERED");
}

TEST(Policy, LetsAWeakMarkDecideNothing) {
    MarkEvidence weak = whole_mark(77);
    weak.p_value = 6e-4;
    const Verdict verdict =
        decide(evidence_of({weak}, {whole_match("C")}), {history_of(claim_named("C"))}, ask({Use::kStream}));
    expect_verdict(verdict, Decision::kBlock, "NO_LICENCE");
    EXPECT_TRUE(has_signal(verdict, "MARK_WEAK"));
}

TEST(Policy, GoesOnWithTheFingerprintWhenTheMarkIsMissing) {
    Claim claim = claim_named("C");
    claim.training_mining[Use::kAiTraining] = {Choice::kAllowed, ""};
    const Verdict verdict = decide(evidence_of({}, {whole_match("C")}), {history_of(claim)}, ask({Use::kAiTraining}));
    EXPECT_EQ(verdict.decision, Decision::kAllow);
    EXPECT_TRUE(has_reason(verdict, "MARK_MISSING"));
    claim.wm_id.reset();
    EXPECT_FALSE(has_reason(decide(evidence_of({}, {whole_match("C")}), {history_of(claim)}, ask({Use::kAiTraining})),
                            "MARK_MISSING"));
}

TEST(Policy, HearsNoClaimThatIsNotInForce) {
    Claim claim = claim_named("C");
    claim.match_policy = {{{Use::kStream}, {{"Worldwide"}, {}}, Decision::kAllow, ""}};
    EXPECT_EQ(judge(history_of(claim), ask({Use::kStream})).decision, Decision::kAllow);
    const std::pair<ClaimStatus, const char*> cases[] = {{ClaimStatus::kSuspended, "CLAIM_SUSPENDED"},
                                                         {ClaimStatus::kDisputed, "CLAIM_DISPUTED"},
                                                         {ClaimStatus::kRevoked, "CLAIM_REVOKED"}};
    for (const auto& [status, code] : cases) {
        ClaimHistory history = history_of(claim);
        history.statuses = {{status_change(claim, status), "label", 1, kTime_s}};
        expect_verdict(judge(history, ask({Use::kStream})), Decision::kReview, code);
    }
    ClaimHistory tampered = history_of(claim);
    tampered.defect = "entry 3 of the log was tampered with";
    expect_verdict(judge(tampered, ask({Use::kStream})), Decision::kReview, "CLAIM_TAMPERED");

    claim.rights = {
        {"P1", "", 100, {{"Worldwide"}, {"US"}}, {*parse_moment("2026-01-01"), *parse_moment("2026-12-31")}}};
    EXPECT_EQ(judge(history_of(claim), ask({Use::kStream})).decision, Decision::kAllow);
    expect_verdict(judge(history_of(claim), ask({Use::kStream}, {"US"})), Decision::kReview, "NO_RIGHTS_IN_TERRITORY");
    expect_verdict(judge(history_of(claim), ask({Use::kStream}, {})), Decision::kReview, "NO_RIGHTS_IN_TERRITORY");
    Question next_year = ask({Use::kStream});
    next_year.time_s = parse_moment("2027-01-01")->unix_s;
    expect_verdict(judge(history_of(claim), next_year), Decision::kReview, "CLAIM_NOT_IN_FORCE");
}

TEST(Policy, LetsALicenceOutweighAProhibition) {
    Claim claim = claim_named("C");
    claim.training_mining[Use::kAiTraining] = {Choice::kNotAllowed, ""};
    claim.parties = {{"P1", "A. Artist", "", "", "", {"MainArtist"}, std::nullopt}};
    ClaimHistory history = history_of(claim);
    expect_verdict(judge(history, ask({Use::kAiTraining})), Decision::kBlock, "CONSENT_NOT_ALLOWED");
    Licence licence = new_licence(kLicensee, {Use::kAiTraining}, {"FR"});
    history.licences = {{{claim.claim_id, licence, now()}, "label", 1, kTime_s}};
    const Verdict allowed = judge(history, ask({Use::kAiTraining}));
    expect_verdict(allowed, Decision::kAllow, "LICENSED");
    EXPECT_EQ(allowed.answers.at(0).licence_id, licence.id);
    ASSERT_EQ(allowed.obligations.size(), 1U);
    EXPECT_EQ(allowed.obligations[0].detail, "A. Artist (MainArtist)");

    history.licences[0].record.licence.compensation = "0.003 EUR a play";
    const Verdict with_terms = judge(history, ask({Use::kAiTraining}));
    EXPECT_EQ(with_terms.decision, Decision::kAllowWithTerms);
    EXPECT_EQ(with_terms.obligations.at(1).code, "reportUsage");
}

TEST(Policy, SaysWhyALicenceDoesNotHelp) {
    const Claim claim = claim_named("C");
    const auto judge_with = [&](const Licence& licence, const Question& question, bool is_revoked = false) {
        ClaimHistory history = history_of(claim);
        history.licences = {{{claim.claim_id, licence, now()}, "label", 1, kTime_s}};
        if (is_revoked) {
            history.revocations = {{{claim.claim_id, licence.id, "", now()}, "label", 2, kTime_s}};
        }
        const Verdict verdict = judge(history, question);
        EXPECT_EQ(verdict.decision, Decision::kBlock);
        EXPECT_TRUE(has_reason(verdict, "NO_LICENCE"));
        return verdict;
    };
    Licence licence = new_licence(kLicensee, {Use::kStream});
    EXPECT_TRUE(has_reason(judge_with(licence, ask({Use::kStream}), true), "LICENCE_REVOKED"));
    licence.validity.to = parse_moment("2026-09-30").value();
    EXPECT_TRUE(has_reason(judge_with(licence, ask({Use::kStream})), "LICENCE_EXPIRED"));
    licence.validity = {parse_moment("2026-10-02").value(), std::nullopt};
    EXPECT_TRUE(has_reason(judge_with(licence, ask({Use::kStream})), "LICENCE_NOT_YET_VALID"));
    licence.validity = {};
    licence.territories.included = {"DE"};
    EXPECT_TRUE(has_reason(judge_with(licence, ask({Use::kStream})), "LICENCE_OTHER_TERRITORY"));
    EXPECT_TRUE(has_reason(judge_with(licence, ask({Use::kStream}, {})), "LICENCE_OTHER_TERRITORY"));
    licence.territories.included = {"FR"};
    judge_with(licence, ask({Use::kDistribute}));
    Question somebody_else = ask({Use::kStream});
    for (const char* licensee : {"", "dpid:OTHER"}) {
        somebody_else.licensee = licensee;
        judge_with(licence, somebody_else);
    }
}

TEST(Policy, FollowsConsent) {
    Claim claim = claim_named("C");
    expect_verdict(judge(history_of(claim), ask({Use::kAiTraining})), Decision::kReview, "CONSENT_UNDECLARED");
    claim.training_mining[Use::kAiTraining] = {Choice::kConstrained, "https://label.example/ai"};
    const Verdict constrained = judge(history_of(claim), ask({Use::kAiTraining}));
    expect_verdict(constrained, Decision::kBlock, "CONSENT_CONSTRAINED");
    EXPECT_NE(constrained.reasons[0].detail.find("https://label.example/ai"), std::string::npos);
    claim.training_mining[Use::kAiTraining] = {Choice::kAllowed, ""};
    expect_verdict(judge(history_of(claim), ask({Use::kAiTraining})), Decision::kAllow, "CONSENT_ALLOWED");
    expect_verdict(judge(history_of(claim), ask({Use::kAiTraining, Use::kAiInference})), Decision::kReview,
                   "CONSENT_UNDECLARED");
}

TEST(Policy, FollowsTheLastChoiceOfEachOwner) {
    Claim claim = claim_named("C");
    claim.training_mining[Use::kAiTraining] = {Choice::kNotAllowed, ""};
    Contributor artist;
    artist.ref = "P1";
    artist.name = "A. Artist";
    artist.kid = "artist";
    claim.parties = {artist};
    ClaimHistory history = history_of(claim);
    const auto choose = [&](const std::string& kid, Choice choice) {
        const std::uint64_t index = history.consents.size() + 1;
        history.consents.push_back({{claim.claim_id, {{Use::kAiTraining, {choice, ""}}}, now()}, kid, index, kTime_s});
        return judge(history, ask({Use::kAiTraining})).decision;
    };
    EXPECT_EQ(choose("label", Choice::kAllowed), Decision::kAllow);
    EXPECT_EQ(choose("artist", Choice::kNotAllowed), Decision::kBlock);
    EXPECT_EQ(choose("label", Choice::kAllowed), Decision::kBlock);
    EXPECT_EQ(choose("stranger", Choice::kAllowed), Decision::kBlock);
    EXPECT_EQ(choose("artist", Choice::kAllowed), Decision::kAllow);
}

TEST(Policy, LetsTheStrictestOfSeveralOwnersDecide) {
    Claim first = claim_named("C");
    first.training_mining[Use::kAiTraining] = {Choice::kAllowed, ""};
    Claim second = claim_named("D");
    second.wm_id.reset();
    second.bindings.clear(); // found by its ISRC alone
    second.training_mining[Use::kAiTraining] = {Choice::kNotAllowed, ""};
    const Verdict verdict = decide(evidence_of({whole_mark()}, {whole_match("C")}),
                                   {history_of(first), history_of(second, "other")}, ask({Use::kAiTraining}));
    expect_verdict(verdict, Decision::kBlock, "CONSENT_NOT_ALLOWED");
    EXPECT_FALSE(has_reason(verdict, "SEVERAL_RECORDINGS"));
    EXPECT_EQ(verdict.claims.size(), 2U);
}

TEST(Policy, HearsEveryRecordingInAnUpload) {
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

TEST(Policy, FollowsTheRuleForTheVeryTerritory) {
    Claim claim = claim_named("C");
    claim.match_policy = {{{Use::kStream}, {{"Worldwide"}, {}}, Decision::kAllow, ""},
                          {{Use::kStream}, {{"FR"}, {}}, Decision::kBlock, ""},
                          {{Use::kStream}, {{"DE"}, {}}, Decision::kAllowWithTerms, "https://label.example/terms"}};
    const ClaimHistory history = history_of(claim);
    expect_verdict(judge(history, ask({Use::kStream}, {"US"})), Decision::kAllow, "MATCH_POLICY");
    expect_verdict(judge(history, ask({Use::kStream}, {"FR"})), Decision::kBlock, "MATCH_POLICY");
    const Verdict with_terms = judge(history, ask({Use::kStream}, {"DE"}));
    EXPECT_EQ(with_terms.decision, Decision::kAllowWithTerms);
    EXPECT_EQ(with_terms.obligations.at(0).detail, "https://label.example/terms");
    EXPECT_EQ(judge(history, ask({Use::kStream}, {})).decision, Decision::kBlock)
        << "no territory: the strictest of all";
    EXPECT_EQ(judge(history, ask({Use::kStream}, {"US", "FR"})).decision, Decision::kBlock);
    expect_verdict(judge(history, ask({Use::kSync}, {"US"})), Decision::kBlock, "NO_LICENCE");
    claim.match_policy = {{{Use::kStream}, {{"FR", "DE"}, {}}, Decision::kAllow, ""}};
    expect_verdict(judge(history_of(claim), ask({Use::kStream}, {})), Decision::kBlock, "NO_LICENCE");
}

TEST(Policy, CountsOnlyTheLastRecord) {
    Claim claim = claim_named("C");
    claim.training_mining[Use::kAiTraining] = {Choice::kAllowed, ""};
    ClaimHistory history = history_of(claim);
    Claim corrected = correction_of(claim);
    corrected.wm_id.reset();
    corrected.training_mining[Use::kAiTraining] = {Choice::kNotAllowed, ""};
    history.claims.push_back({corrected, "label", 1, kTime_s});
    const Verdict verdict = judge(history, ask({Use::kAiTraining}));
    EXPECT_EQ(verdict.decision, Decision::kBlock) << "though the mark is the superseded record's";
    EXPECT_TRUE(has_reason(verdict, "CLAIM_SUPERSEDED"));
}

TEST(Policy, LetsAPublicNoticeForbidAndNeverAllow) {
    Claim claim = claim_named("C");
    Evidence evidence = evidence_of({}, {whole_match("C")});
    evidence.notice.emplace().training_mining[Use::kAiTraining] = {Choice::kAllowed, ""};
    expect_verdict(decide(evidence, {history_of(claim)}, ask({Use::kAiTraining})), Decision::kReview,
                   "CONSENT_UNDECLARED");
    expect_verdict(decide(evidence_of({}, {}), {}, ask({Use::kAiTraining})), Decision::kUnknown, "NO_CLAIM");

    evidence.notice->training_mining[Use::kAiTraining] = {Choice::kNotAllowed, ""};
    expect_verdict(decide(evidence, {history_of(claim)}, ask({Use::kAiTraining})), Decision::kBlock,
                   "NOTICE_RESTRICTS");
    evidence.matches.clear();
    expect_verdict(decide(evidence, {}, ask({Use::kAiTraining})), Decision::kBlock, "NOTICE_RESTRICTS");
}

TEST(Policy, LetsTheRegistryOutweighTheNoticeButNotASnapshot) {
    Claim claim = claim_named("C");
    claim.training_mining[Use::kAiTraining] = {Choice::kAllowed, ""};
    Evidence evidence = evidence_of({}, {whole_match("C")});
    evidence.notice.emplace().training_mining[Use::kAiTraining] = {Choice::kNotAllowed, ""};
    Question question = ask({Use::kAiTraining});
    EXPECT_EQ(decide(evidence, {history_of(claim)}, question).decision, Decision::kAllow);
    question.is_offline = true;
    EXPECT_EQ(decide(evidence, {history_of(claim)}, question).decision, Decision::kBlock);
    claim.licences = {new_licence(kLicensee, {Use::kAiTraining})};
    EXPECT_EQ(decide(evidence, {history_of(claim)}, question).decision, Decision::kAllow)
        << "a licence is to this licensee";
}

TEST(Policy, TreatsAShortOrWeakMatchAsASignal) {
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

TEST(Policy, DoesNotAllowAnHourForThirtySeconds) {
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

TEST(Policy, ProvesNothingByTags) {
    Evidence evidence = evidence_of({}, {});
    evidence.tag_isrc = kIsrc;
    const Verdict verdict = decide(evidence, {history_of(claim_named("C"))}, ask({Use::kStream}));
    expect_verdict(verdict, Decision::kUnknown, "NO_CLAIM");
    EXPECT_TRUE(has_signal(verdict, "TAG_ISRC"));
    evidence.matches = {whole_match("C")};
    evidence.tag_isrc = "GBAYE0000351";
    EXPECT_TRUE(has_signal(decide(evidence, {history_of(claim_named("C"))}, ask({Use::kStream})), "TAG_MISMATCH"));
}

TEST(Policy, AnswersEachUseInEachTerritory) {
    Claim claim = claim_named("C");
    claim.licences = {new_licence(kLicensee, {Use::kStream}, {"FR"})};
    const Verdict verdict = judge(history_of(claim), ask({Use::kStream, Use::kSync}, {"FR", "DE"}));
    ASSERT_EQ(verdict.answers.size(), 4U);
    EXPECT_EQ(verdict.answers[0].decision, Decision::kAllow);
    for (const std::size_t k : {1U, 2U, 3U}) {
        EXPECT_EQ(verdict.answers[k].decision, Decision::kBlock);
    }
    EXPECT_EQ(verdict.decision, Decision::kBlock);
    EXPECT_EQ(judge(history_of(claim), ask({})).decision, Decision::kReview)
        << "a question without a use allows nothing";
}

TEST(Policy, ExplainsEveryCodeThatTheRulesUse) {
    const std::vector<std::string> codes = all_codes();
    EXPECT_EQ(std::set<std::string>(codes.begin(), codes.end()).size(), codes.size());
    for (const std::string& code : codes) {
        EXPECT_GT(explain(code)->size(), 30U) << code;
    }
    EXPECT_FALSE(explain("NO_SUCH_CODE"));
}

TEST(Profile, IsReadFromToml) {
    const Profile profile = expect_value(parse_profile_toml(R"(
        schema = "wm-profile/1"
        name = "Platform"
        unknown = "review"
        minMatchSeconds = 10
        uses = ["stream", "cawg.ai_training"]
        territories = ["FR"]
        licensee = "dpid:PADPIDA2014")"));
    EXPECT_EQ(profile.unknown, Decision::kReview);
    EXPECT_EQ(profile.min_match_s, 10);
    const Question question = with_profile({{Use::kStream}, {"DE"}, "", kTime_s, false}, profile);
    EXPECT_EQ(question.uses, (std::vector{Use::kStream, Use::kAiTraining}));
    EXPECT_EQ(question.territories, (std::vector<std::string>{"DE", "FR"}));
    EXPECT_EQ(question.licensee, kLicensee);
    EXPECT_NE(profile.hash(), Profile().hash());
    EXPECT_EQ(profile.hash().size(), 64U);
}

TEST(Profile, SaysWhatIsWrong) {
    const std::string head = "schema = \"wm-profile/1\"\n";
    expect_failure(parse_profile_toml(head + "unkown = \"review\""), ErrorCode::kFormat,
                   {"unkown", "did you mean \"unknown\"?"});
    expect_failure(parse_profile_toml(head + "unknown = \"allow_with_terms\""), ErrorCode::kFormat, {"unknown"});
    expect_failure(parse_profile_toml(head + "maxMarkPValue = 0.5"), ErrorCode::kFormat, {"maxMarkPValue"});
    expect_failure(parse_profile_toml(head + "territories = [\"UK\"]"), ErrorCode::kFormat, {"UK"});
    expect_failure(parse_profile_toml("name = \"x\""), ErrorCode::kFormat, {"schema", "wm-profile/1"});
    expect_failure(parse_profile_toml(head + "name = "), ErrorCode::kFormat, {"line 2"});
}

} // namespace
} // namespace wm
