#include "provenance/claim_ruling.h"

#include <map>
#include <optional>

#include <fmt/format.h>

namespace wm {
namespace {

/// One claim and one question, with what was found so far.
class Judge {
public:
    Judge(const ClaimHistory& claim, const SingleQuestion& question) : claim_(claim), question_(question) {}

    Ruling rule() {
        if (!is_in_force()) {
            return std::move(ruling_);
        }
        if (const Licence* licence = best_licence()) {
            allow_by(*licence);
            return std::move(ruling_);
        }
        note_missed_licences();
        if (is_ai_use(question_.use)) {
            decide_by_consent();
        } else {
            decide_by_match_policy();
        }
        if (ruling_.decision <= Decision::kAllowWithTerms) {
            add_credit();
        }
        return std::move(ruling_);
    }

private:
    const Claim& head() const { return claim_.head().record; }

    void find(Decision decision, const char* code, std::string detail) {
        ruling_.findings.push_back(
            {decision, {code, std::move(detail), head().claim_id, question_.use, question_.territory}});
    }

    /// The same, and it decides.
    void settle(Decision decision, const char* code, std::string detail) {
        ruling_.decision = decision;
        find(decision, code, std::move(detail));
    }

    void oblige(const char* code, const std::string& detail) {
        if (!detail.empty()) {
            ruling_.obligations.push_back({code, detail, head().claim_id});
        }
    }

    /// Step 5. What is not in force can neither allow nor forbid: a person must look.
    bool is_in_force() {
        if (!claim_.defect.empty()) {
            return false;
        }
        switch (claim_.status()) {
        case ClaimStatus::kSuspended:
            settle(Decision::kReview, "CLAIM_SUSPENDED", "its owner suspended the claim");
            return false;
        case ClaimStatus::kDisputed:
            settle(Decision::kReview, "CLAIM_DISPUTED", "somebody else disputes the claim");
            return false;
        case ClaimStatus::kRevoked:
            settle(Decision::kReview, "CLAIM_REVOKED", "its owner revoked the claim");
            return false;
        case ClaimStatus::kActive:
            break;
        }
        return has_rights();
    }

    /// A claim that names no rights speaks for all of them.
    bool has_rights() {
        const std::vector<Right>& rights = head().rights;
        const auto in_time = [&](const Right& right) { return right.validity.contains(question_.time_s); };
        const auto holds = [&](const Right& right) {
            return in_time(right) && right.territories.cover(question_.scope());
        };
        if (rights.empty() || std::any_of(rights.begin(), rights.end(), holds)) {
            return true;
        }
        if (std::none_of(rights.begin(), rights.end(), in_time)) {
            settle(Decision::kReview, "CLAIM_NOT_IN_FORCE", "none of the claim's rights is valid at that time");
        } else {
            settle(Decision::kReview, "NO_RIGHTS_IN_TERRITORY",
                   fmt::format("the claim has no rights {}",
                               question_.territory.empty() ? "in all territories" : "there"));
        }
        return false;
    }

    /// Calls `visit` for every licence to whoever asks for this use.
    template <class Visit>
    void for_each_licence(const Visit& visit) const {
        const auto look_at = [&](const Licence& licence) {
            if (!question_.licensee.empty() && licence.licensee == question_.licensee &&
                std::find(licence.uses.begin(), licence.uses.end(), question_.use) != licence.uses.end()) {
                visit(licence);
            }
        };
        for (const Licence& licence : head().licences) {
            look_at(licence);
        }
        for (const Logged<LicenceGrant>& grant : claim_.licences) {
            look_at(grant.record.licence);
        }
    }

    static bool has_terms(const Licence& licence) { return !licence.terms.empty() || !licence.compensation.empty(); }

    /// Step 6: a licence that holds here and now; of several, one without terms; of those, the one with the smallest id.
    const Licence* best_licence() const {
        const Licence* best = nullptr;
        for_each_licence([&](const Licence& licence) {
            const bool holds = licence.validity.contains(question_.time_s) &&
                               licence.territories.cover(question_.scope()) && !claim_.is_revoked(licence.id);
            const auto rank = [](const Licence& l) { return std::pair(has_terms(l), std::string_view(l.id)); };
            if (holds && (best == nullptr || rank(licence) < rank(*best))) {
                best = &licence;
            }
        });
        return best;
    }

    void allow_by(const Licence& licence) {
        ruling_.licence_id = licence.id;
        ruling_.declares_use = true;
        settle(has_terms(licence) ? Decision::kAllowWithTerms : Decision::kAllow, "LICENSED",
               fmt::format("licence {} allows it", licence.id));
        oblige("terms", licence.terms);
        oblige("reportUsage", licence.compensation);
        add_credit();
    }

    /// Tells why a licence that somebody may have thought of does not help.
    void note_missed_licences() {
        std::map<std::string, std::string> ids; // by code: of several licences the smallest, whatever their order
        for_each_licence([&](const Licence& licence) {
            const char* code = "LICENCE_OTHER_TERRITORY";
            if (claim_.is_revoked(licence.id)) {
                code = "LICENCE_REVOKED";
            } else if (!licence.validity.contains(question_.time_s)) {
                const bool is_over = !licence.validity.from || licence.validity.from->unix_s <= question_.time_s;
                code = is_over ? "LICENCE_EXPIRED" : "LICENCE_NOT_YET_VALID";
            }
            const auto known = ids.emplace(code, licence.id).first;
            known->second = std::min(known->second, licence.id);
        });
        for (const auto& [code, id] : ids) {
            find(Decision::kAllow, code.c_str(), fmt::format("licence {} does not help", id));
        }
    }

    /// What the owner chose last, and what each party that the claim names by its key did.
    std::vector<std::optional<Consent>> choices() const {
        const auto chosen_in = [&](const Consents& consents) {
            const auto found = consents.find(question_.use);
            return found == consents.end() ? std::nullopt : std::optional(found->second);
        };
        const auto chosen_by = [&](const std::string& kid, std::optional<Consent> choice, std::uint64_t since) {
            for (const Logged<ConsentChange>& change : claim_.consents) {
                if (change.kid == kid && change.index >= since) {
                    const std::optional<Consent> changed = chosen_in(change.record.training_mining);
                    choice = changed ? changed : choice;
                }
            }
            return choice;
        };
        // A corrected claim says anew what its owner chooses; what the parties chose is theirs, and stays.
        std::vector<std::optional<Consent>> result = {
            chosen_by(claim_.owner_kid(), chosen_in(head().training_mining), claim_.head().index)};
        for (const Contributor& party : head().parties) {
            if (!party.kid.empty() && party.kid != claim_.owner_kid()) {
                const std::optional<Consent> choice = chosen_by(party.kid, std::nullopt, 0);
                if (choice) {
                    result.push_back(choice);
                }
            }
        }
        return result;
    }

    /// Step 7: the most restrictive choice wins.
    void decide_by_consent() {
        const std::vector<std::optional<Consent>> all = choices();
        const Consent* strictest = nullptr;
        for (const std::optional<Consent>& choice : all) {
            if (choice && (strictest == nullptr || choice->use > strictest->use)) {
                strictest = &*choice;
            }
        }
        ruling_.declares_use = strictest != nullptr;
        if (strictest != nullptr && strictest->use == Choice::kNotAllowed) {
            settle(Decision::kBlock, "CONSENT_NOT_ALLOWED",
                   "the rightsholder does not allow it, and there is no licence");
        } else if (strictest != nullptr && strictest->use == Choice::kConstrained) {
            settle(Decision::kBlock, "CONSENT_CONSTRAINED",
                   strictest->constraint_info.empty()
                       ? "it takes a licence, and there is none"
                       : fmt::format("it takes a licence: {}", strictest->constraint_info));
        } else if (!all.front()) {
            ruling_.declares_use = false;
            settle(Decision::kReview, "CONSENT_UNDECLARED", "the claim does not say what its owner chose");
        } else {
            settle(Decision::kAllow, "CONSENT_ALLOWED", "the rightsholder allows it");
        }
    }

    /// A rule for the very territory outweighs one for the world; of equals, the strictest holds. Asked about all territories,
    /// all rules count, and so does their absence anywhere.
    void decide_by_match_policy() {
        const MatchRule* chosen = nullptr;
        bool chosen_is_specific = false;
        bool covers_all = false;
        for (const MatchRule& rule : head().match_policy) {
            const bool is_about_use = std::find(rule.uses.begin(), rule.uses.end(), question_.use) != rule.uses.end();
            if (!is_about_use || (!question_.territory.empty() && !rule.territories.cover(question_.territory))) {
                continue;
            }
            const std::vector<std::string>& named = rule.territories.included;
            const bool is_specific = !question_.territory.empty() &&
                                     std::find(named.begin(), named.end(), question_.territory) != named.end();
            covers_all = covers_all || rule.territories.cover(question_.scope());
            const bool is_stricter =
                chosen != nullptr && is_specific == chosen_is_specific && rule.decision > chosen->decision;
            if (chosen == nullptr || (is_specific && !chosen_is_specific) || is_stricter) {
                chosen = &rule;
                chosen_is_specific = is_specific;
            }
        }
        if (chosen == nullptr || (!covers_all && chosen->decision < Decision::kBlock)) {
            settle(Decision::kBlock, "NO_LICENCE", "it needs a licence, and there is none");
            return;
        }
        ruling_.declares_use = true;
        settle(chosen->decision, "MATCH_POLICY",
               fmt::format("the rightsholder's rule for it is: {}", name_of(chosen->decision)));
        if (chosen->decision <= Decision::kAllowWithTerms) {
            oblige("terms", chosen->terms);
        }
    }

    void add_credit() {
        std::vector<std::string> names;
        for (const Contributor& party : head().parties) {
            names.push_back(party.roles.empty() ? party.name
                                                : fmt::format("{} ({})", party.name, fmt::join(party.roles, ", ")));
        }
        oblige("credit", fmt::format("{}", fmt::join(names, "; ")));
    }

    const ClaimHistory& claim_;
    const SingleQuestion& question_;
    Ruling ruling_;
};

} // namespace

Ruling rule(const ClaimHistory& claim, const SingleQuestion& question) {
    return Judge(claim, question).rule();
}

} // namespace wm
