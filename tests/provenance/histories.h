#pragma once

/// Claim histories made without a registry, and evidence of them, for the rules of verdicts.

#include "registries.h"

namespace wm::test {

inline constexpr std::int64_t kTime_s = 1'790'812'800; // 2026-10-01
inline constexpr std::uint64_t kMark = 0x5f3a9c0212ab77e1;
inline constexpr const char* kLicensee = "dpid:PADPIDA2014";

/// A history of one marked and fingerprinted claim; its track is called as its id.
inline ClaimHistory history_of(Claim claim, const std::string& kid = "label") {
    ClaimHistory history;
    history.id = claim.claim_id;
    history.claims = {{std::move(claim), kid, 0, kTime_s}};
    return history;
}

inline Claim claim_named(const std::string& id, const std::string& isrc = kIsrc) {
    Claim claim = new_claim(isrc);
    claim.claim_id = id;
    claim.wm_id = kMark;
    claim.bindings = {{"wm.fingerprint/1", "fingerprint", id}};
    return claim;
}

/// 180 s of sound that are the track, from beginning to end.
inline MatchEvidence whole_match(const std::string& track) {
    MatchEvidence match;
    match.track = track;
    match.query_end_s = match.asset_end_s = 180;
    match.confidence = 1;
    match.p_value = 1e-12;
    return match;
}

inline MarkEvidence whole_mark(std::uint64_t wm_id = kMark) {
    return {wm_id, "key", 1e-20, 0, 180};
}

inline Evidence evidence_of(std::vector<MarkEvidence> marks, std::vector<MatchEvidence> matches) {
    Evidence evidence;
    evidence.duration_s = 180;
    evidence.marks = std::move(marks);
    evidence.matches = std::move(matches);
    return evidence;
}

inline Question ask(std::vector<Use> uses, std::vector<std::string> territories = {"FR"}) {
    return {std::move(uses), std::move(territories), kLicensee, kTime_s, false};
}

inline bool has_reason(const Verdict& verdict, std::string_view code) {
    return std::any_of(verdict.reasons.begin(), verdict.reasons.end(), [&](const Reason& r) { return r.code == code; });
}

inline bool has_signal(const Verdict& verdict, std::string_view code) {
    return std::any_of(verdict.signals.begin(), verdict.signals.end(), [&](const Signal& s) { return s.code == code; });
}

/// A verdict on a whole, marked copy of one claim's recording.
inline Verdict judge(const ClaimHistory& history, const Question& question, const Profile& profile = {}) {
    return decide(evidence_of({whole_mark()}, {whole_match(history.id)}), {history}, question, profile);
}

/// That a verdict is `decision`, and that `code` is the first of its reasons.
inline void expect_verdict(const Verdict& verdict, Decision decision, std::string_view code) {
    EXPECT_STREQ(name_of(verdict.decision), name_of(decision));
    ASSERT_FALSE(verdict.reasons.empty());
    EXPECT_EQ(verdict.reasons.front().code, code);
}

} // namespace wm::test
