#include <set>

#include "histories.h"

namespace wm {
namespace {

using namespace test;

TEST(PolicyRights, HearsNoClaimThatIsNotInForce) {
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

TEST(PolicyRights, LetsALicenceOutweighAProhibition) {
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

TEST(PolicyRights, SaysWhyALicenceDoesNotHelp) {
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

TEST(PolicyRights, FollowsConsent) {
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

TEST(PolicyRights, FollowsTheLastChoiceOfEachOwner) {
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

TEST(PolicyRights, LetsTheStrictestOfSeveralOwnersDecide) {
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

TEST(PolicyRights, FollowsTheRuleForTheVeryTerritory) {
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

TEST(PolicyRights, CountsOnlyTheLastRecord) {
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

TEST(PolicyRights, LetsAPublicNoticeForbidAndNeverAllow) {
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

TEST(PolicyRights, LetsTheRegistryOutweighTheNoticeButNotASnapshot) {
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

TEST(PolicyRights, AnswersEachUseInEachTerritory) {
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

TEST(PolicyRights, ExplainsEveryCodeThatTheRulesUse) {
    const std::vector<std::string> codes = all_codes();
    EXPECT_EQ(std::set<std::string>(codes.begin(), codes.end()).size(), codes.size());
    for (const std::string& code : codes) {
        EXPECT_GT(explain(code)->size(), 30U) << code;
    }
    EXPECT_FALSE(explain("NO_SUCH_CODE"));
}

} // namespace
} // namespace wm
