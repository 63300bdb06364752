#include "provenance/lineage/rule_parents.h"

#include <iterator>

#include <fmt/format.h>

namespace wm {
namespace {

/// The parent's history with no other licences than the one that the child names.
ClaimHistory with_licence_only(const ClaimHistory& parent, const std::string& id) {
    ClaimHistory history = parent;
    std::erase_if(history.licences, [&](const Logged<LicenceGrant>& grant) { return grant.record.licence.id != id; });
    if (!history.claims.empty()) {
        std::erase_if(history.claims.back().record.licences, [&](const Licence& licence) { return licence.id != id; });
    }
    return history;
}

std::string codes_of(const Ruling& ruling) {
    std::vector<std::string> codes;
    for (const ClaimFinding& finding : ruling.findings) {
        codes.push_back(finding.reason.code);
    }
    return fmt::format("{}", fmt::join(codes, ", "));
}

/// What all steps of a lineage add up to.
class ParentsJudge {
public:
    explicit ParentsJudge(const SingleQuestion& question) : question_(question) { ruling_.decision = Decision::kAllow; }

    void look_at(const LineageStep& step) {
        const std::string& owner = step.child->owner_kid();
        const ClaimHistory licensed =
            step.terms->licence.empty() ? *step.parent : with_licence_only(*step.parent, step.terms->licence);
        take(step, "PARENT_NOT_LICENSED", rule(licensed, {Use::kDerive, question_.territory, owner, question_.time_s}));
        Ruling asked = rule(*step.parent, question_);
        Ruling passed_on = rule(licensed, {question_.use, question_.territory, owner, question_.time_s});
        take(step, "PARENT_RESTRICTS", std::move(asked.decision <= passed_on.decision ? asked : passed_on));
    }

    void look_at(const MissingParent& missing) {
        settle(Decision::kReview, "PARENT_MISSING", fmt::format("nothing is registered as {}", name_of(*missing.terms)),
               *missing.child);
    }

    void look_at_cycle(const std::vector<const ClaimHistory*>& cycle) {
        if (!cycle.empty()) {
            settle(Decision::kReview, "LINEAGE_CYCLE",
                   fmt::format("{} claims say of each other that they were made from the next", cycle.size()),
                   *cycle.front());
        }
    }

    Ruling finish() { return std::move(ruling_); }

private:
    static std::string claim_id_of_head(const ClaimHistory& claim) {
        return claim.claims.empty() ? claim.id : claim.head().record.claim_id;
    }

    void settle(Decision decision, const char* code, std::string detail, const ClaimHistory& about) {
        ruling_.decision = std::max(ruling_.decision, decision);
        ruling_.findings.push_back(
            {decision, {code, std::move(detail), claim_id_of_head(about), question_.use, question_.territory}});
    }

    void take(const LineageStep& step, const char* code, Ruling ruling) {
        if (ruling.decision > Decision::kAllowWithTerms) {
            settle(ruling.decision, code, fmt::format("its parent {} says {}", name_of(*step.terms), codes_of(ruling)),
                   *step.parent);
            return;
        }
        ruling_.decision = std::max(ruling_.decision, ruling.decision);
        std::move(ruling.obligations.begin(), ruling.obligations.end(), std::back_inserter(ruling_.obligations));
    }

    const SingleQuestion& question_;
    Ruling ruling_;
};

} // namespace

const std::string& name_of(const Derivation& terms) {
    return terms.isrc.empty() ? terms.claim_id : terms.isrc;
}

Ruling rule_parents(const Lineage& lineage, const SingleQuestion& question) {
    ParentsJudge judge(question);
    for (const LineageStep& step : lineage.steps) {
        judge.look_at(step);
    }
    for (const MissingParent& missing : lineage.missing) {
        judge.look_at(missing);
    }
    judge.look_at_cycle(lineage.cycle);
    return judge.finish();
}

} // namespace wm
