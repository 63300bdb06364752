#include "audit_rows.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "upload_documents.h"

namespace wm::cli {
namespace {

struct Span {
    double start_s = 0;
    double end_s = 0;
    auto operator<=>(const Span&) const = default;
};

/// Reasons that stand beside a decision and keep nothing from being allowed.
bool is_remark(const Reason& reason) {
    constexpr std::array kCodes = {
        "LICENSED",        "CONSENT_ALLOWED",       "CLAIM_SUPERSEDED", "MARK_MISSING",           "SEVERAL_RECORDINGS",
        "LICENCE_EXPIRED", "LICENCE_NOT_YET_VALID", "LICENCE_REVOKED",  "LICENCE_OTHER_TERRITORY"};
    return std::find(kCodes.begin(), kCodes.end(), reason.code) != kCodes.end();
}

/// Who holds rights in the recording, by name; where the claim has no split, all that it names.
std::vector<std::string> rightsholders_of(const ClaimHistory& claim) {
    const Claim& record = claim.head().record;
    std::set<std::string> names;
    for (const Contributor& party : record.parties) {
        const bool has_right = std::any_of(record.rights.begin(), record.rights.end(),
                                           [&](const Right& right) { return right.party == party.ref; });
        if (has_right || record.rights.empty()) {
            names.insert(party.name);
        }
    }
    return names.empty() ? std::vector<std::string>{claim.owner_kid()}
                         : std::vector<std::string>(names.begin(), names.end());
}

bool is_track_of(const ClaimHistory& claim, const std::string& track) {
    return std::any_of(claim.claims.begin(), claim.claims.end(), [&](const Logged<Claim>& record) {
        const std::vector<Binding>& bindings = record.record.bindings;
        return std::any_of(bindings.begin(), bindings.end(),
                           [&](const Binding& binding) { return binding.value == track; });
    });
}

/// Where the claim's recording is in this one; the whole where that is not known.
std::set<Span> spans_of(const ClaimHistory& claim, const Evidence& evidence) {
    std::set<Span> spans;
    for (const MatchEvidence& match : evidence.matches) {
        if (is_track_of(claim, match.track)) {
            spans.insert({match.query_start_s, match.query_end_s});
        }
    }
    return spans.empty() ? std::set<Span>{{0, evidence.duration_s}} : spans;
}

const ClaimHistory* find_claim(const std::vector<ClaimHistory>& claims, const std::string& claim_id) {
    const auto found = std::find_if(claims.begin(), claims.end(), [&](const ClaimHistory& claim) {
        return !claim.claims.empty() && claim.head().record.claim_id == claim_id;
    });
    return found == claims.end() ? nullptr : &*found;
}

Document row(const Span& span, const Reason& reason, const ClaimHistory* claim) {
    Document document = {{"start_s", span.start_s}, {"end_s", span.end_s}};
    if (claim != nullptr) {
        document["claim"] = reason.claim_id;
        document["isrc"] = claim->head().record.recording.isrc;
        document["title"] = claim->head().record.recording.title;
        document["rightsholders"] = rightsholders_of(*claim);
    }
    document["reason"] = reason.code;
    document["use"] = reason.use ? name_of(*reason.use) : "";
    document["territory"] = reason.territory;
    return document;
}

} // namespace

Document audit_line(const std::string& file, const Evidence& evidence, const Judgement& judgement) {
    const Verdict& verdict = judgement.verdict;
    Document line = {{"file", file}, {"decision", name_of(verdict.decision)}, {"rows", Document::array()}};
    for (const Signal& signal : verdict.signals) {
        if (is_about_upload(signal)) {
            append_signals({signal}, line);
        }
    }
    if (verdict.decision <= Decision::kAllowWithTerms) {
        return line;
    }
    for (const Reason& reason : verdict.reasons) {
        if (is_remark(reason)) {
            continue;
        }
        const ClaimHistory* claim = find_claim(judgement.claims, reason.claim_id);
        for (const Span& span :
             claim == nullptr ? std::set<Span>{{0, evidence.duration_s}} : spans_of(*claim, evidence)) {
            line["rows"].push_back(row(span, reason, claim));
        }
    }
    return line;
}

Document unread_audit_line(const std::string& file, const std::string& problem) {
    const Reason reason = {"NOT_READ", problem, "", std::nullopt, ""};
    Document line = {{"file", file}, {"decision", "error"}, {"rows", Document::array({row({}, reason, nullptr)})}};
    line["problem"] = problem;
    return line;
}

} // namespace wm::cli
