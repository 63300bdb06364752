#include <optional>
#include <set>

#include <fmt/format.h>

#include "provenance/claim_ruling.h"
#include "provenance/identification.h"
#include "provenance/lineage/rule_parents.h"
#include "wm/upload_signals.h"

namespace wm {
namespace {

/// The single questions in a question, in its order.
std::vector<SingleQuestion> singles_of(const Question& question) {
    std::vector<SingleQuestion> singles;
    for (const Use use : question.uses) {
        if (question.territories.empty()) {
            singles.push_back({use, "", question.licensee, question.time_s});
        }
        for (const std::string& territory : question.territories) {
            singles.push_back({use, territory, question.licensee, question.time_s});
        }
    }
    return singles;
}

/// Collects what is found, and what it adds up to.
class VerdictBuilder {
public:
    VerdictBuilder(const Evidence& evidence, const Question& question, const Profile& profile)
        : evidence_(evidence), question_(question), profile_(profile) {
        verdict_.question = question;
        verdict_.policy_hash = profile.hash();
    }

    Verdict run(const std::vector<ClaimHistory>& claims) {
        Verdict verdict = decide(claims);
        if (evidence_.shape) {
            const std::vector<Signal> signals = signals_of(*evidence_.shape, profile_.signals);
            verdict.signals.insert(verdict.signals.end(), signals.begin(), signals.end());
        }
        return verdict;
    }

private:
    Verdict decide(const std::vector<ClaimHistory>& claims) {
        if (!evidence_.unreadable.empty()) {
            findings_.push_back({Decision::kReview, {"UNREADABLE", evidence_.unreadable, "", std::nullopt, ""}});
            answer_all(Decision::kReview);
            return finish();
        }
        Identification found = identify(evidence_, claims, profile_);
        findings_ = std::move(found.findings);
        verdict_.signals = std::move(found.signals);
        name_claims(found.claims);
        trace_lineages(found.claims, claims);
        note_share(found);
        if (found.has_unconfirmed_mark) { // what the sound itself leads to may forbid more, and allow nothing
            rest_ = std::max(rest_, Decision::kReview);
        }
        for (const SingleQuestion& single : singles_of(question_)) {
            answer(single, found);
        }
        return finish();
    }

    void answer_all(Decision decision) {
        for (const SingleQuestion& single : singles_of(question_)) {
            verdict_.answers.push_back({single.use, single.territory, decision, ""});
        }
    }

    /// Step 9, for the whole recording or for the part that was not identified.
    void note_share(const Identification& found) {
        if (found.claims.empty()) {
            rest_ = profile_.unknown;
            findings_.push_back(
                {profile_.unknown, {"NO_CLAIM", "nothing registered was found in it", "", std::nullopt, ""}});
        } else if (found.identified_share < profile_.min_identified_share) {
            rest_ = profile_.unknown;
            findings_.push_back(
                {profile_.unknown,
                 {"PARTIAL_MATCH", fmt::format("only {:.0f} % of it was identified", 100 * found.identified_share), "",
                  std::nullopt, ""}});
        }
    }

    void answer(const SingleQuestion& single, const Identification& found) {
        Answer answer{single.use, single.territory, rest_, ""};
        bool is_declared = !found.claims.empty();
        for (const IdentifiedClaim& claim : found.claims) {
            Ruling ruling = rule(*claim.history, single);
            answer.decision = std::max(answer.decision, ruling.decision);
            answer.licence_id = answer.licence_id.empty() ? ruling.licence_id : answer.licence_id;
            // A licence is a word to this very licensee; a general consent may have been taken back since the snapshot.
            is_declared = is_declared && ruling.declares_use && !(question_.is_offline && ruling.licence_id.empty());
            take(std::move(ruling));
        }
        for (const Lineage& lineage : lineages_) {
            Ruling ruling = rule_parents(lineage, single);
            answer.decision = std::max(answer.decision, ruling.decision);
            take(std::move(ruling));
        }
        if (!is_declared) {
            heed_notice(single, answer);
        }
        verdict_.answers.push_back(std::move(answer));
    }

    void take(Ruling ruling) {
        std::move(ruling.findings.begin(), ruling.findings.end(), std::back_inserter(findings_));
        std::move(ruling.obligations.begin(), ruling.obligations.end(), std::back_inserter(verdict_.obligations));
    }

    /// What the identified recordings were made from has its say, and is credited.
    void trace_lineages(const std::vector<IdentifiedClaim>& identified, const std::vector<ClaimHistory>& claims) {
        std::set<std::string> named;
        for (const NamedClaim& claim : verdict_.claims) {
            named.insert(claim.subject);
        }
        for (const IdentifiedClaim& claim : identified) {
            lineages_.push_back(trace_lineage(*claim.history, claims));
            for (const ClaimHistory* ancestor : lineages_.back().ancestors()) {
                if (!ancestor->claims.empty() && named.insert(ancestor->id).second) {
                    name_claim(*ancestor, "lineage", "");
                }
            }
        }
    }

    void name_claim(const ClaimHistory& history, const char* found_by, const std::string& recipient) {
        const Logged<Claim>& head = history.head();
        verdict_.claims.push_back({head.record.claim_id, history.id, head.index, head.record.recording.title,
                                   head.record.recording.isrc, found_by, recipient});
    }

    /// Step 8: anybody could have put the notice there, so that it may forbid and never allow.
    void heed_notice(const SingleQuestion& single, Answer& answer) {
        if (!evidence_.notice) {
            return;
        }
        const auto choice = evidence_.notice->training_mining.find(single.use);
        if (choice == evidence_.notice->training_mining.end() || choice->second.use == Choice::kAllowed) {
            return;
        }
        answer.decision = Decision::kBlock;
        findings_.push_back({Decision::kBlock,
                             {"NOTICE_RESTRICTS", "the public notice in the sound says that it is not allowed", "",
                              single.use, single.territory}});
    }

    void name_claims(const std::vector<IdentifiedClaim>& claims) {
        for (const IdentifiedClaim& claim : claims) {
            if (!claim.history->defect.empty()) {
                findings_.push_back(
                    {Decision::kReview,
                     {"CLAIM_TAMPERED", claim.history->defect, claim.history->claim_id(), std::nullopt, ""}});
            }
            if (claim.history->claims.empty()) {
                continue;
            }
            const Logged<Claim>& head = claim.history->head();
            const char* found_by = claim.by_mark && claim.by_fingerprint ? "mark+fingerprint"
                                   : claim.by_mark                       ? "mark"
                                   : claim.by_fingerprint                ? "fingerprint"
                                                                         : "isrc";
            name_claim(*claim.history, found_by, claim.recipient);
            disclose(head.record);
            if (claim.history->claims.size() > 1) {
                findings_.push_back({Decision::kAllow,
                                     {"CLAIM_SUPERSEDED",
                                      fmt::format("it was corrected {} times; the last record counts",
                                                  claim.history->claims.size() - 1),
                                      head.record.claim_id, std::nullopt, ""}});
            }
        }
        if (evidence_.notice) {
            verdict_.signals.push_back({"PUBLIC_NOTICE", describe_notice(*evidence_.notice), 0, 0, 1});
        }
        if (evidence_.notice && evidence_.notice->contains_ai) {
            verdict_.signals.push_back({"AI_NOTICE", share_text(*evidence_.notice->contains_ai), 0, 0, 1});
        }
    }

    static const char* share_text(AiShare share) {
        return share == AiShare::kNone     ? "none of it is said to be made by AI"
               : share == AiShare::kPartly ? "part of it is said to be made by AI"
                                           : "all of it is said to be made by AI";
    }

    void disclose(const Claim& claim) {
        const bool is_declared = claim.ai.contains_ai.has_value();
        verdict_.signals.push_back(
            {is_declared ? "AI_DISCLOSED" : "AI_UNDECLARED",
             is_declared ? share_text(*claim.ai.contains_ai) : "the claim does not say what AI did", 0, 0, 1});
    }

    Verdict finish() {
        std::stable_sort(findings_.begin(), findings_.end(), comes_before);
        for (ClaimFinding& finding : findings_) {
            verdict_.reasons.push_back(std::move(finding.reason));
        }
        verdict_.decision = verdict_.answers.empty() ? Decision::kReview : Decision::kAllow;
        for (const Answer& answer : verdict_.answers) {
            verdict_.decision = std::max(verdict_.decision, answer.decision);
        }
        tidy_obligations();
        return std::move(verdict_);
    }

    /// Each once; and none where nothing is allowed.
    void tidy_obligations() {
        std::vector<Obligation>& all = verdict_.obligations;
        if (verdict_.decision > Decision::kAllowWithTerms) {
            all.clear();
        }
        const auto key = [](const Obligation& o) { return std::tie(o.claim_id, o.code, o.detail); };
        std::sort(all.begin(), all.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
        all.erase(std::unique(all.begin(), all.end(), [&](const auto& a, const auto& b) { return key(a) == key(b); }),
                  all.end());
    }

    const Evidence& evidence_;
    const Question& question_;
    const Profile& profile_;
    std::vector<ClaimFinding> findings_;
    Verdict verdict_;
    std::vector<Lineage> lineages_;    // of the identified claims
    Decision rest_ = Decision::kAllow; // of what was not identified
};

} // namespace

Verdict decide(const Evidence& evidence, const std::vector<ClaimHistory>& claims, const Question& question,
               const Profile& profile) {
    return VerdictBuilder(evidence, question, profile).run(claims);
}

Question with_profile(Question question, const Profile& profile) {
    for (const Use use : profile.uses) {
        if (std::find(question.uses.begin(), question.uses.end(), use) == question.uses.end()) {
            question.uses.push_back(use);
        }
    }
    for (const std::string& territory : profile.territories) {
        if (std::find(question.territories.begin(), question.territories.end(), territory) ==
            question.territories.end()) {
            question.territories.push_back(territory);
        }
    }
    if (question.licensee.empty()) {
        question.licensee = profile.licensee;
    }
    return question;
}

} // namespace wm
