#include <map>
#include <set>

#include "wm/usage.h"

namespace wm {

Result<std::vector<ClaimHistory>> find_used_claims(const Registry& registry, const UsageLog& log,
                                                   const TreeHead& head) {
    std::map<std::string, ClaimHistory> found;
    std::vector<ClaimQuery> queries;
    std::set<std::string> asked;
    const auto ask = [&](const std::string& claim_id, const std::string& isrc) {
        if (asked.insert(isrc.empty() ? claim_id : isrc).second) {
            queries.push_back({.wm_id = {}, .isrc = isrc, .claim_id = claim_id, .track = ""});
        }
    };
    for (const UsageEvent& event : log.events) {
        for (const std::string& subject : event.subjects) {
            ask(subject, "");
        }
    }
    for (std::size_t k = 0; k < queries.size(); ++k) {
        Result<std::vector<ClaimHistory>> histories = registry.find(queries[k], head);
        if (!histories) {
            return histories;
        }
        for (ClaimHistory& history : *histories) {
            for (const Derivation& parent :
                 history.claims.empty() ? std::vector<Derivation>() : history.head().record.derived_from) {
                ask(parent.claim_id, parent.isrc);
            }
            found.try_emplace(history.id, std::move(history));
        }
    }
    std::vector<ClaimHistory> claims;
    for (auto& [id, history] : found) {
        claims.push_back(std::move(history));
    }
    return claims;
}

} // namespace wm
