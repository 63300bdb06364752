#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "lineages.h"
#include "wm/lineage.h"

namespace wm {
namespace {

using namespace test;

/// Asks whether what sounds like the first claim may be streamed by the licensee, who has its licence.
Verdict stream_verdict(std::vector<ClaimHistory> claims) {
    license(claims.front(), kLicensee, {Use::kStream});
    return decide(evidence_of({}, {whole_match(claims.front().id)}), claims, ask({Use::kStream}));
}

std::vector<ClaimHistory> numbered_histories(std::size_t count) {
    std::vector<ClaimHistory> claims;
    for (std::size_t k = 0; k < count; ++k) {
        claims.push_back(numbered_history(k));
    }
    return claims;
}

TEST(Lineage, IsFollowedToAnyDepth) {
    std::vector<ClaimHistory> claims = numbered_histories(20'000);
    for (std::size_t k = 0; k + 1 < claims.size(); ++k) {
        derive(claims[k], claims[k + 1]);
    }
    const Lineage lineage = trace_lineage(claims.front(), claims);
    EXPECT_EQ(lineage.steps.size(), claims.size() - 1);
    EXPECT_EQ(lineage.ancestors().back(), &claims.back());
    EXPECT_TRUE(lineage.missing.empty());
    EXPECT_TRUE(lineage.cycle.empty());
}

TEST(Lineage, NamesACycle) {
    std::vector<ClaimHistory> claims = numbered_histories(4);
    derive(claims[0], claims[1]);
    derive(claims[1], claims[2]);
    derive(claims[2], claims[3]);
    derive(claims[3], claims[1]);
    const Lineage lineage = trace_lineage(claims[0], claims);
    EXPECT_EQ(lineage.cycle, (std::vector<const ClaimHistory*>{&claims[1], &claims[2], &claims[3]}));
    const Verdict verdict = stream_verdict(claims);
    EXPECT_TRUE(has_reason(verdict, "LINEAGE_CYCLE"));
    EXPECT_GE(verdict.decision, Decision::kReview);
}

TEST(Lineage, ADiamondIsNoCycle) {
    std::vector<ClaimHistory> claims = numbered_histories(4);
    derive(claims[0], claims[1]);
    derive(claims[0], claims[2]);
    derive(claims[1], claims[3]);
    derive(claims[2], claims[3]);
    const Lineage lineage = trace_lineage(claims[0], claims);
    EXPECT_EQ(lineage.steps.size(), 4U);
    EXPECT_EQ(lineage.ancestors().size(), 3U);
    EXPECT_TRUE(lineage.cycle.empty());
}

TEST(Lineage, ParentsAreFoundByIsrc) {
    std::vector<ClaimHistory> claims = numbered_histories(3);
    claims[2].claims.back().record.recording.isrc = claims[1].claims.back().record.recording.isrc;
    claims[0].claims.back().record.derived_from = {{"", claims[1].head().record.recording.isrc, 10, ""}};
    EXPECT_EQ(trace_lineage(claims[0], claims).steps.size(), 2U) << "two claim it, and both are heard";
    claims[1].statuses = {{status_change(claims[1].head().record, ClaimStatus::kRevoked), claims[1].owner_kid(), 5, 0}};
    EXPECT_EQ(trace_lineage(claims[0], claims).ancestors(), std::vector<const ClaimHistory*>{&claims[2]});
}

TEST(Lineage, ParentsAreFoundByEarlierRecords) {
    std::vector<ClaimHistory> claims = numbered_histories(2);
    derive(claims[0], claims[1]);
    claims[1].claims.push_back({correction_of(claims[1].head().record), claims[1].owner_kid(), 7, kTime_s});
    EXPECT_EQ(trace_lineage(claims[0], claims).ancestors(), std::vector<const ClaimHistory*>{&claims[1]});
}

TEST(LineageVerdict, AMissingParentIsForReview) {
    std::vector<ClaimHistory> claims = numbered_histories(1);
    derive(claims[0], numbered_history(7));
    const Verdict verdict = stream_verdict(claims);
    EXPECT_TRUE(has_reason(verdict, "PARENT_MISSING"));
    EXPECT_EQ(verdict.decision, Decision::kReview);
}

TEST(LineageVerdict, MakingItTakesALicence) {
    std::vector<ClaimHistory> claims = numbered_histories(2);
    derive(claims[0], claims[1]);
    license(claims[1], kLicensee, {Use::kStream});
    const Verdict verdict = stream_verdict(claims);
    EXPECT_TRUE(has_reason(verdict, "PARENT_NOT_LICENSED"));
    EXPECT_FALSE(has_reason(verdict, "PARENT_RESTRICTS"));
    EXPECT_EQ(verdict.decision, Decision::kBlock);
}

TEST(LineageVerdict, ALicenceToDeriveMayCoverTheUse) {
    std::vector<ClaimHistory> claims = numbered_histories(2);
    const std::string id = license(claims[1], "owner-0", {Use::kDerive, Use::kStream});
    derive(claims[0], claims[1], 10, id);
    claims[1].claims.back().record.parties = {{"P1", "Paula Parent", "", "", "", {"Composer"}, {}}};
    const Verdict verdict = stream_verdict(claims);
    EXPECT_EQ(verdict.decision, Decision::kAllow);
    ASSERT_EQ(verdict.claims.size(), 2U);
    EXPECT_EQ(verdict.claims[1].found_by, "lineage");
    const auto credits_parent = [&](const Obligation& o) {
        return o.code == "credit" && o.claim_id == claims[1].id && o.detail == "Paula Parent (Composer)";
    };
    EXPECT_TRUE(std::any_of(verdict.obligations.begin(), verdict.obligations.end(), credits_parent));
}

TEST(LineageVerdict, ALicenceToDeriveOnlyLeavesTheUseToTheParent) {
    std::vector<ClaimHistory> claims = numbered_histories(2);
    derive(claims[0], claims[1], 10, license(claims[1], "owner-0", {Use::kDerive}));
    EXPECT_TRUE(has_reason(stream_verdict(claims), "PARENT_RESTRICTS"));
    license(claims[1], kLicensee, {Use::kStream});
    EXPECT_EQ(stream_verdict(claims).decision, Decision::kAllow);
}

TEST(LineageVerdict, AnothersLicenceDoesNotHelp) {
    std::vector<ClaimHistory> claims = numbered_histories(2);
    derive(claims[0], claims[1], 10, license(claims[1], "owner-5", {Use::kDerive, Use::kStream}));
    EXPECT_TRUE(has_reason(stream_verdict(claims), "PARENT_NOT_LICENSED"));
}

TEST(LineageVerdict, ARevokedLicenceDoesNotHelp) {
    std::vector<ClaimHistory> claims = numbered_histories(2);
    const std::string id = license(claims[1], "owner-0", {Use::kDerive, Use::kStream});
    derive(claims[0], claims[1], 10, id);
    claims[1].revocations = {{{claims[1].id, id, "", now()}, "owner-1", 20, kTime_s}};
    EXPECT_EQ(stream_verdict(claims).decision, Decision::kBlock);
}

TEST(LineageVerdict, AGrandparentIsAsked) {
    std::vector<ClaimHistory> claims = numbered_histories(3);
    derive(claims[0], claims[1], 10, license(claims[1], "owner-0", {Use::kDerive, Use::kStream}));
    derive(claims[1], claims[2], 10, license(claims[2], "owner-1", {Use::kDerive}));
    const Verdict verdict = stream_verdict(claims);
    EXPECT_TRUE(has_reason(verdict, "PARENT_RESTRICTS"));
    EXPECT_EQ(verdict.decision, Decision::kBlock);
}

TEST(Derivations, AreChecked) {
    const auto expect_refused = [](std::vector<Derivation> parents, std::string_view words) {
        Claim claim = new_claim();
        claim.derived_from = std::move(parents);
        expect_failure(check_claim(claim), ErrorCode::kFormat, {words});
    };
    expect_refused({{"", "", 10, ""}}, "derivedFrom[0]: either isrc or claimId");
    expect_refused({{"", "USRC1760783", 10, ""}}, "derivedFrom[0].isrc");
    expect_refused({{"", kIsrc, 10, ""}}, "made from itself");
    expect_refused({{"", "GBAYE0000351", 60, ""}, {"", "GBAYE0000352", 50, ""}}, "110 %");
    expect_refused({{"", "GBAYE0000351", 6, ""}, {"", "GBAYE0000351", 5, ""}}, "twice");
    expect_refused({{"", "GBAYE0000351", -1, ""}}, "sharePercent");
}

bool coin() {
    return *rc::gen::arbitrary<bool>();
}

/// Claims with licences and choices, some of them made from later ones.
std::vector<ClaimHistory> any_family() {
    std::vector<ClaimHistory> claims = numbered_histories(*rc::gen::inRange<std::size_t>(2, 6));
    const std::vector<Use> uses = {Use::kDerive, Use::kStream, Use::kAiTraining};
    for (std::size_t k = 0; k < claims.size(); ++k) {
        for (const std::string& licensee : {std::string(kLicensee), "owner-" + std::to_string(k / 2)}) {
            if (*rc::gen::inRange(0, 4) > 0) {
                license(claims[k], licensee, coin() ? uses : std::vector<Use>{*rc::gen::elementOf(uses)});
            }
        }
        claims[k].claims.back().record.training_mining[Use::kAiTraining] = {
            *rc::gen::element(Choice::kAllowed, Choice::kNotAllowed), ""};
        for (std::size_t parent = k + 1; parent < claims.size(); ++parent) {
            if (coin()) {
                derive(claims[k], claims[parent], std::nullopt);
            }
        }
    }
    return claims;
}

RC_GTEST_PROP(LineageProperty, WhatIsDerivedIsNoFreer, ()) {
    std::vector<ClaimHistory> claims = any_family();
    const Evidence evidence = evidence_of({}, {whole_match(claims.front().id)});
    const Question question = ask({Use::kStream, Use::kAiTraining});
    const Verdict derived = decide(evidence, claims, question);
    claims.front().claims.back().record.derived_from.clear();
    const Verdict free = decide(evidence, claims, question);
    for (std::size_t k = 0; k < question.uses.size(); ++k) {
        RC_ASSERT(derived.answers[k].decision >= free.answers[k].decision);
    }
}

RC_GTEST_PROP(LineageProperty, TheOrderOfClaimsDoesNotMatter, ()) {
    std::vector<ClaimHistory> claims = any_family();
    const Evidence evidence = evidence_of({}, {whole_match(claims.front().id)});
    const Verdict before = decide(evidence, claims, ask({Use::kStream}));
    std::reverse(claims.begin(), claims.end());
    RC_ASSERT(verdict_json(decide(evidence, claims, ask({Use::kStream}))) == verdict_json(before));
}

} // namespace
} // namespace wm
