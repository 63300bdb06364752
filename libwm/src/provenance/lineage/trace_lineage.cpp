#include "wm/lineage.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace wm {
namespace {

/// Finds claims as a child names its parents.
class ParentLookup {
public:
    explicit ParentLookup(std::span<const ClaimHistory> claims) {
        for (const ClaimHistory& claim : claims) {
            add(by_claim_id_[claim.id], claim);
            for (const Logged<Claim>& record : claim.claims) {
                add(by_claim_id_[record.record.claim_id], claim);
            }
            if (!claim.claims.empty() && !claim.head().record.recording.isrc.empty()) {
                add(by_isrc_[claim.head().record.recording.isrc], claim);
            }
        }
        for (auto& [isrc, named] : by_isrc_) {
            drop_revoked(named);
        }
    }

    /// By id, so that the order of the claims does not matter.
    std::vector<const ClaimHistory*> find(const Derivation& terms) const {
        const auto& names = terms.isrc.empty() ? by_claim_id_ : by_isrc_;
        const auto found = names.find(terms.isrc.empty() ? terms.claim_id : terms.isrc);
        return found == names.end() ? std::vector<const ClaimHistory*>() : found->second;
    }

private:
    using Names = std::map<std::string, std::vector<const ClaimHistory*>>;

    static void add(std::vector<const ClaimHistory*>& named, const ClaimHistory& claim) {
        const auto place = std::lower_bound(named.begin(), named.end(), &claim,
                                            [](const auto* a, const auto* b) { return a->id < b->id; });
        if (place == named.end() || (*place)->id != claim.id) {
            named.insert(place, &claim);
        }
    }

    /// A recording may be registered anew after a revocation, which then says nothing any more.
    static void drop_revoked(std::vector<const ClaimHistory*>& named) {
        const auto is_revoked = [](const ClaimHistory* claim) { return claim->status() == ClaimStatus::kRevoked; };
        if (!std::all_of(named.begin(), named.end(), is_revoked)) {
            named.erase(std::remove_if(named.begin(), named.end(), is_revoked), named.end());
        }
    }

    Names by_claim_id_;
    Names by_isrc_;
};

/// One run of trace_lineage().
class LineageTrace {
public:
    explicit LineageTrace(std::span<const ClaimHistory> claims) : lookup_(claims) {}

    Lineage run(const ClaimHistory& origin) {
        std::vector<const ClaimHistory*> queue = {&origin};
        std::set<std::string> seen = {origin.id};
        for (std::size_t k = 0; k < queue.size(); ++k) {
            const std::size_t num_steps = lineage_.steps.size();
            add_parents_of(*queue[k]);
            for (std::size_t step = num_steps; step < lineage_.steps.size(); ++step) {
                if (seen.insert(lineage_.steps[step].parent->id).second) {
                    queue.push_back(lineage_.steps[step].parent);
                }
            }
        }
        find_cycle(origin);
        return std::move(lineage_);
    }

private:
    void add_parents_of(const ClaimHistory& child) {
        if (child.claims.empty()) {
            return;
        }
        for (const Derivation& terms : child.head().record.derived_from) {
            const std::vector<const ClaimHistory*> parents = lookup_.find(terms);
            for (const ClaimHistory* parent : parents) {
                lineage_.steps.push_back({&child, parent, &terms});
                parents_[child.id].push_back(parent);
            }
            if (parents.empty()) {
                lineage_.missing.push_back({&child, &terms});
            }
        }
    }

    /// Depth first, with a stack of its own: a lineage may be as deep as somebody likes to make it.
    void find_cycle(const ClaimHistory& origin) {
        struct Visit {
            const ClaimHistory* claim;
            std::size_t num_parents_done;
        };
        std::vector<Visit> path = {{&origin, 0}};
        std::set<std::string> on_path = {origin.id};
        std::set<std::string> done;
        while (!path.empty()) {
            const auto parents = parents_.find(path.back().claim->id);
            if (parents == parents_.end() || path.back().num_parents_done == parents->second.size()) {
                on_path.erase(path.back().claim->id);
                done.insert(path.back().claim->id);
                path.pop_back();
                continue;
            }
            const ClaimHistory* parent = parents->second[path.back().num_parents_done++];
            if (on_path.contains(parent->id)) {
                const auto begin = std::find_if(path.begin(), path.end(),
                                                [&](const Visit& visit) { return visit.claim->id == parent->id; });
                std::transform(begin, path.end(), std::back_inserter(lineage_.cycle),
                               [](const Visit& visit) { return visit.claim; });
                return;
            }
            if (!done.contains(parent->id)) {
                on_path.insert(parent->id);
                path.push_back({parent, 0});
            }
        }
    }

    const ParentLookup lookup_;
    std::map<std::string, std::vector<const ClaimHistory*>> parents_; // by the child's id
    Lineage lineage_;
};

} // namespace

std::vector<const ClaimHistory*> Lineage::ancestors() const {
    std::vector<const ClaimHistory*> ancestors;
    std::set<std::string> seen;
    for (const LineageStep& step : steps) {
        if (seen.insert(step.parent->id).second) {
            ancestors.push_back(step.parent);
        }
    }
    return ancestors;
}

Lineage trace_lineage(const ClaimHistory& claim, std::span<const ClaimHistory> claims) {
    return LineageTrace(claims).run(claim);
}

} // namespace wm
