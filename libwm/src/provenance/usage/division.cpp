#include "provenance/usage/division.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "provenance/usage/apportion.h"

namespace wm {
namespace {

/// 100 % in the whole numbers that shares are divided by: a millionth of a percent is the finest share.
constexpr std::int64_t kWhole = 100'000'000;

std::int64_t weight_of(double percent) {
    return std::llround(percent * 1e6);
}

/// Divides every amount alike.
std::vector<Amounts> apportion_all(const Amounts& amounts, const std::vector<std::int64_t>& weights) {
    std::vector<Amounts> parts(weights.size());
    for (const auto& [unit, amount] : amounts) {
        const std::vector<std::int64_t> shares = apportion(amount, weights);
        for (std::size_t k = 0; k < shares.size(); ++k) {
            if (shares[k] > 0) {
                parts[k][unit] = shares[k];
            }
        }
    }
    return parts;
}

void add(Amounts& sum, const Amounts& amounts) {
    for (const auto& [unit, amount] : amounts) {
        sum[unit] += amount;
    }
}

/// The parents' shares, and last what is left to the recording itself; nothing where a share was not agreed.
std::optional<std::vector<std::int64_t>> lineage_weights(const Claim& claim) {
    std::vector<std::int64_t> weights;
    std::int64_t own = kWhole;
    for (const Derivation& terms : claim.derived_from) {
        if (!terms.share_percent) {
            return std::nullopt;
        }
        weights.push_back(weight_of(*terms.share_percent));
        own -= weights.back();
    }
    weights.push_back(std::max<std::int64_t>(own, 0));
    return weights;
}

/// The rows of a split that hold there and then.
std::vector<const Right*> rights_in(const Claim& claim, const SplitScope& scope) {
    const std::string_view territory = scope.territory.empty() ? kWorldwide : std::string_view(scope.territory);
    std::vector<const Right*> rights;
    for (const Right& right : claim.rights) {
        if (right.validity.contains(scope.time_s) && right.territories.cover(territory) &&
            (scope.rights_type.empty() || right.rights_type == scope.rights_type)) {
            rights.push_back(&right);
        }
    }
    return rights;
}

const Contributor* party_of(const Claim& claim, const Right& right) {
    const auto found = std::find_if(claim.parties.begin(), claim.parties.end(),
                                    [&](const Contributor& party) { return party.ref == right.party; });
    return found == claim.parties.end() ? nullptr : &*found;
}

/// Divides what one recording's own rightsholders are owed.
void divide_own(const ClaimHistory& history, const Amounts& amounts, const SplitScope& scope,
                std::vector<DividedPart>& parts) {
    const Claim& claim = history.head().record;
    const std::vector<const Right*> rights = rights_in(claim, scope);
    std::set<std::string> types;
    std::vector<std::int64_t> weights;
    std::int64_t sum = 0;
    for (const Right* right : rights) {
        types.insert(right->rights_type);
        weights.push_back(weight_of(right->share_percent));
        sum += weights.back();
    }
    if (types.size() != 1 || sum == 0) {
        const char* code = types.size() > 1       ? "SEVERAL_RIGHTS_TYPES"
                           : claim.rights.empty() ? "NO_SPLIT"
                                                  : "NO_SPLIT_HERE";
        parts.push_back({&history, nullptr, code, amounts});
        return;
    }
    // Thirds cannot be written in full: what each row lost by that is not missing.
    const std::int64_t missing = kWhole - sum;
    weights.push_back(missing > static_cast<std::int64_t>(rights.size()) ? missing : 0);
    std::vector<Amounts> shares = apportion_all(amounts, weights);
    for (std::size_t k = 0; k < rights.size(); ++k) {
        const Contributor* party = party_of(claim, *rights[k]);
        parts.push_back({&history, party, party == nullptr ? "NO_SPLIT" : "", std::move(shares[k])});
    }
    parts.push_back({&history, nullptr, "SPLIT_INCOMPLETE", std::move(shares.back())});
}

} // namespace

std::optional<std::string> reason_to_hold(const ClaimHistory& claim) {
    if (claim.claims.empty() || !claim.defect.empty()) {
        return "CLAIM_TAMPERED";
    }
    switch (claim.status()) {
    case ClaimStatus::kSuspended:
        return "CLAIM_SUSPENDED";
    case ClaimStatus::kDisputed:
        return "CLAIM_DISPUTED";
    case ClaimStatus::kRevoked:
        return "CLAIM_REVOKED";
    case ClaimStatus::kActive:
        break;
    }
    return std::nullopt;
}

Division::Division(const ClaimHistory& used, std::span<const ClaimHistory> claims)
    : lineage_(trace_lineage(used, claims)) {
    for (const LineageStep& step : lineage_.steps) {
        parents_[{step.child, step.terms}].push_back(step.parent);
    }
    sort_recordings(used);
    note_changes();
}

/// A. Kahn, Topological sorting of large networks, Comm. ACM 5(11), 1962.
void Division::sort_recordings(const ClaimHistory& used) {
    std::map<const ClaimHistory*, std::size_t> num_children;
    std::map<const ClaimHistory*, std::vector<const ClaimHistory*>> parents_of;
    for (const LineageStep& step : lineage_.steps) {
        ++num_children[step.parent];
        parents_of[step.child].push_back(step.parent);
    }
    order_ = {&used};
    for (std::size_t k = 0; k < order_.size(); ++k) {
        for (const ClaimHistory* parent : parents_of[order_[k]]) {
            if (--num_children[parent] == 0) {
                order_.push_back(parent);
            }
        }
    }
}

void Division::note_changes() {
    for (const ClaimHistory* recording : order_) {
        for (const Right& right : recording->claims.empty() ? std::vector<Right>() : recording->head().record.rights) {
            if (right.validity.from) {
                changes_.push_back(right.validity.from->unix_s);
            }
            if (right.validity.to) {
                constexpr std::int64_t kDay_s = 86'400;
                changes_.push_back(right.validity.to->unix_s + (right.validity.to->is_day ? kDay_s : 0));
            }
        }
    }
    std::sort(changes_.begin(), changes_.end());
}

/// Hands each parent its share.
void Division::pass_on(const ClaimHistory& recording, std::vector<Amounts> shares,
                       std::map<const ClaimHistory*, Amounts>& incoming, std::vector<DividedPart>& parts) const {
    for (std::size_t k = 0; k < shares.size(); ++k) {
        const auto found = parents_.find({&recording, &recording.head().record.derived_from[k]});
        if (found == parents_.end() || found->second.size() > 1) {
            const char* code = found == parents_.end() ? "PARENT_MISSING" : "CONFLICTING_CLAIMS";
            parts.push_back({&recording, nullptr, code, std::move(shares[k])});
        } else {
            add(incoming[found->second.front()], shares[k]);
        }
    }
}

std::vector<DividedPart> Division::divide(const Amounts& amounts, const SplitScope& scope) const {
    std::vector<DividedPart> parts;
    if (!lineage_.cycle.empty()) {
        parts.push_back({lineage_.cycle.front(), nullptr, "LINEAGE_CYCLE", amounts});
        return parts;
    }
    std::map<const ClaimHistory*, Amounts> incoming = {{order_.front(), amounts}};
    for (const ClaimHistory* recording : order_) {
        const Amounts& earned = incoming[recording];
        if (const std::optional<std::string> code = reason_to_hold(*recording)) {
            parts.push_back({recording, nullptr, *code, earned});
            continue;
        }
        const std::optional<std::vector<std::int64_t>> weights = lineage_weights(recording->head().record);
        if (!weights) {
            parts.push_back({recording, nullptr, "SHARE_NOT_AGREED", earned});
            continue;
        }
        std::vector<Amounts> shares = apportion_all(earned, *weights);
        divide_own(*recording, shares.back(), scope, parts);
        shares.pop_back();
        pass_on(*recording, std::move(shares), incoming, parts);
    }
    std::erase_if(parts, [](const DividedPart& part) { return part.amounts.empty(); });
    return parts;
}

} // namespace wm
