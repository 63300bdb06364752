#include <algorithm>
#include <random>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "histories.h"

namespace wm {
namespace {

using namespace test;

const std::vector<Use> kUses = {Use::kDistribute, Use::kStream, Use::kSync, Use::kAiInference, Use::kAiTraining};
const std::vector<std::string> kTerritories = {"FR", "DE", "Worldwide"};

template <class T>
T any_of(const std::vector<T>& values) {
    return *rc::gen::elementOf(values);
}

bool coin() {
    return *rc::gen::arbitrary<bool>();
}

std::vector<Use> some_uses() {
    std::vector<Use> uses;
    for (const Use use : kUses) {
        if (coin()) {
            uses.push_back(use);
        }
    }
    return uses.empty() ? std::vector<Use>{any_of(kUses)} : uses;
}

Moment day(int number) {
    return {kTime_s - kTime_s % 86'400 + std::int64_t{number} * 86'400, true};
}

Period any_period() {
    Period period;
    if (coin()) {
        period.from = day(*rc::gen::inRange(-3, 3));
    }
    if (coin()) {
        period.to = day(*rc::gen::inRange(3, 6) - 4);
    }
    return period;
}

Licence any_licence(int number) {
    Licence licence = new_licence(coin() ? kLicensee : "dpid:OTHER", some_uses(), {any_of(kTerritories)});
    licence.id = "licence-" + std::to_string(number);
    licence.validity = any_period();
    licence.terms = coin() ? "terms" : "";
    return licence;
}

/// A claim with all that may matter, number `number` of several.
ClaimHistory any_history(int number) {
    Claim claim =
        claim_named("claim-" + std::to_string(number), any_of<std::string>({kIsrc, "GBAYE0000351", "USRC17607840"}));
    claim.wm_id = coin() ? std::optional(kMark + static_cast<std::uint64_t>(number)) : std::nullopt;
    for (const Use use : {Use::kAiInference, Use::kAiTraining}) {
        if (coin()) {
            claim.training_mining[use] = {any_of<Choice>({Choice::kAllowed, Choice::kConstrained, Choice::kNotAllowed}),
                                          ""};
        }
    }
    if (coin()) {
        claim.rights = {{"P1", "", 100, {{any_of(kTerritories)}, {}}, any_period()}};
    }
    if (coin()) {
        claim.match_policy = {
            {{Use::kStream, Use::kSync},
             {{any_of(kTerritories)}, {}},
             any_of<Decision>({Decision::kAllow, Decision::kAllowWithTerms, Decision::kReview, Decision::kBlock}),
             ""}};
    }
    ClaimHistory history = history_of(claim, "owner-" + std::to_string(number));
    for (int k = *rc::gen::inRange(0, 3); k > 0; --k) {
        history.licences.push_back(
            {{claim.claim_id, any_licence(10 * number + k), now()}, history.owner_kid(), 10, kTime_s});
    }
    if (*rc::gen::inRange(0, 4) == 0) {
        const auto status =
            any_of<ClaimStatus>({ClaimStatus::kSuspended, ClaimStatus::kDisputed, ClaimStatus::kRevoked});
        history.statuses = {{status_change(claim, status), history.owner_kid(), 11, kTime_s}};
    }
    return history;
}

std::vector<ClaimHistory> any_claims() {
    std::vector<ClaimHistory> claims;
    for (int k = *rc::gen::inRange(1, 4); k > 0; --k) {
        claims.push_back(any_history(k));
    }
    return claims;
}

/// Evidence of some of the claims, confirmed marks among it.
Evidence any_evidence(const std::vector<ClaimHistory>& claims) {
    Evidence evidence = evidence_of({}, {});
    for (const ClaimHistory& claim : claims) {
        if (coin()) {
            evidence.matches.push_back(whole_match(claim.id));
            evidence.matches.back().query_end_s = any_of<double>({3, 60, 180});
            if (claim.head().record.wm_id && coin()) {
                evidence.marks.push_back(whole_mark(*claim.head().record.wm_id));
            }
        }
    }
    return evidence;
}

Question any_question() {
    return ask(some_uses(),
               coin() ? std::vector<std::string>{} : std::vector<std::string>{any_of<std::string>({"FR", "DE"})});
}

Profile any_profile() {
    Profile profile;
    profile.unknown = any_of<Decision>({Decision::kAllow, Decision::kUnknown, Decision::kReview, Decision::kBlock});
    return profile;
}

bool allows(const Verdict& verdict) {
    return std::any_of(verdict.answers.begin(), verdict.answers.end(),
                       [](const Answer& answer) { return answer.decision <= Decision::kAllowWithTerms; });
}

/// Whether no answer of `after` is freer than the same one of `before`.
bool is_no_freer(const Verdict& before, const Verdict& after) {
    return after.decision >= before.decision &&
           std::equal(before.answers.begin(), before.answers.end(), after.answers.begin(), after.answers.end(),
                      [](const Answer& a, const Answer& b) { return b.decision >= a.decision; });
}

RC_GTEST_PROP(PolicyProperty, AProhibitionNeverFreesAnything, ()) {
    std::vector<ClaimHistory> claims = any_claims();
    const Evidence evidence = any_evidence(claims);
    const Question question = any_question();
    const Profile profile = any_profile();
    const Verdict before = decide(evidence, claims, question, profile);
    ClaimHistory& changed = claims[*rc::gen::inRange<std::size_t>(0, claims.size())];
    Claim& claim = changed.claims.back().record;
    switch (*rc::gen::inRange(0, 3)) {
    case 0:
        claim.training_mining[any_of<Use>({Use::kAiInference, Use::kAiTraining})] = {Choice::kNotAllowed, ""};
        break;
    case 1:
        claim.match_policy.push_back({{Use::kStream}, {{any_of(kTerritories)}, {}}, Decision::kBlock, ""});
        break;
    default:
        changed.consents.push_back({{claim.claim_id, {{Use::kAiTraining, {Choice::kNotAllowed, ""}}}, now()},
                                    changed.owner_kid(),
                                    20,
                                    kTime_s});
    }
    const Verdict after = decide(evidence, claims, question, profile);
    RC_ASSERT(is_no_freer(before, after));
}

// A licence's terms bind its licensee even where the rightsholder allows the use to everybody, and end with the licence. So its
// end may lift an obligation, but allows nothing that was not allowed.
RC_GTEST_PROP(PolicyProperty, ARevokedLicenceAllowsNothingNew, ()) {
    std::vector<ClaimHistory> claims = any_claims();
    const Evidence evidence = any_evidence(claims);
    const Question question = any_question();
    const Profile profile = any_profile();
    const Verdict before = decide(evidence, claims, question, profile);
    ClaimHistory& changed = claims[*rc::gen::inRange<std::size_t>(0, claims.size())];
    for (const Logged<LicenceGrant>& grant : changed.licences) {
        changed.revocations.push_back(
            {{changed.head().record.claim_id, grant.record.licence.id, "", now()}, changed.owner_kid(), 20, kTime_s});
    }
    const Verdict after = decide(evidence, claims, question, profile);
    const auto but_for_terms = [](Decision decision) { return std::max(decision, Decision::kAllowWithTerms); };
    RC_ASSERT(but_for_terms(after.decision) >= but_for_terms(before.decision));
    RC_ASSERT(std::equal(before.answers.begin(), before.answers.end(), after.answers.begin(), after.answers.end(),
                         [&](const Answer& a, const Answer& b) {
                             return but_for_terms(b.decision) >= but_for_terms(a.decision);
                         }));
}

RC_GTEST_PROP(PolicyProperty, TheOrderOfOwnersAndFindingsDoesNotMatter, ()) {
    std::vector<ClaimHistory> claims = any_claims();
    Evidence evidence = any_evidence(claims);
    const Question question = any_question();
    const Profile profile = any_profile();
    const Verdict before = decide(evidence, claims, question, profile);
    std::mt19937 random(*rc::gen::arbitrary<std::uint32_t>());
    std::shuffle(claims.begin(), claims.end(), random);
    for (ClaimHistory& claim : claims) {
        std::shuffle(claim.licences.begin(), claim.licences.end(), random);
    }
    std::shuffle(evidence.marks.begin(), evidence.marks.end(), random);
    Verdict after = decide(evidence, claims, question, profile);
    after.signals = before.signals; // they are told in the order in which they were found
    RC_ASSERT(verdict_json(after) == verdict_json(before));
}

RC_GTEST_PROP(PolicyProperty, ASupersededRecordNeverWins, ()) {
    std::vector<ClaimHistory> claims = any_claims();
    const Evidence evidence = any_evidence(claims);
    const Question question = any_question();
    const Verdict before = decide(evidence, claims, question);
    for (ClaimHistory& claim : claims) {
        // An older record that allows all that it can, with the same mark and track.
        Claim older = claim.head().record;
        older.claim_id = claim.id;
        older.rights.clear();
        for (const Use use : kUses) {
            if (is_ai_use(use)) {
                older.training_mining[use] = {Choice::kAllowed, ""};
            }
        }
        older.match_policy = {
            {{Use::kDistribute, Use::kStream, Use::kSync}, {{"Worldwide"}, {}}, Decision::kAllow, ""}};
        older.licences = {new_licence(kLicensee, kUses)};
        claim.claims.insert(claim.claims.begin(), {older, claim.owner_kid(), 0, kTime_s});
    }
    const Verdict after = decide(evidence, claims, question);
    RC_ASSERT(after.decision == before.decision);
    RC_ASSERT(std::equal(before.answers.begin(), before.answers.end(), after.answers.begin(), after.answers.end(),
                         [](const Answer& a, const Answer& b) { return a.decision == b.decision; }));
}

RC_GTEST_PROP(PolicyProperty, UnreadableInputNeverAllows, ()) {
    const std::vector<ClaimHistory> claims = any_claims();
    Evidence evidence = any_evidence(claims);
    evidence.unreadable = "it cannot be decoded";
    const Verdict verdict = decide(evidence, claims, any_question(), any_profile());
    RC_ASSERT(!allows(verdict));
    RC_ASSERT(verdict.decision == Decision::kReview);
}

RC_GTEST_PROP(PolicyProperty, AnUnconfirmedMarkNeverAllowsAndTakesNothingFromWhatForbids, ()) {
    const std::vector<ClaimHistory> claims = any_claims();
    Evidence without = any_evidence(claims);
    MarkEvidence doubtful = whole_mark(12345); // nobody's
    if (coin()) {
        const ClaimHistory& copied = claims[*rc::gen::inRange<std::size_t>(0, claims.size())];
        RC_PRE(copied.head().record.wm_id.has_value());
        doubtful.wm_id = *copied.head().record.wm_id;
        std::erase_if(without.matches, [&](const MatchEvidence& match) { return match.track == copied.id; });
        std::erase_if(without.marks, [&](const MarkEvidence& mark) { return mark.wm_id == doubtful.wm_id; });
    }
    Evidence evidence = without;
    evidence.marks.push_back(doubtful);
    const Question question = any_question();
    const Profile profile = any_profile();
    const Verdict before = decide(without, claims, question, profile);
    const Verdict after = decide(evidence, claims, question, profile);
    RC_ASSERT(!allows(after));
    RC_ASSERT(after.decision == std::max(before.decision, Decision::kReview));
    RC_ASSERT(std::equal(
        before.answers.begin(), before.answers.end(), after.answers.begin(), after.answers.end(),
        [](const Answer& a, const Answer& b) { return b.decision == std::max(a.decision, Decision::kReview); }));
}

RC_GTEST_PROP(PolicyProperty, ANoticeNeverFreesAnything, ()) {
    const std::vector<ClaimHistory> claims = any_claims();
    Evidence evidence = any_evidence(claims);
    const Question question = any_question();
    const Profile profile = any_profile();
    const Verdict before = decide(evidence, claims, question, profile);
    evidence.notice.emplace();
    for (const Use use : {Use::kAiInference, Use::kAiTraining}) {
        evidence.notice->training_mining[use] = {
            any_of<Choice>({Choice::kAllowed, Choice::kConstrained, Choice::kNotAllowed}), ""};
    }
    RC_ASSERT(is_no_freer(before, decide(evidence, claims, question, profile)));
}

} // namespace
} // namespace wm
