#pragma once

/// Claims that were made from each other.

#include "../histories.h"

namespace wm::test {

/// "claim-3", owned by "owner-3", on an ISRC of its own.
inline ClaimHistory numbered_history(std::size_t number) {
    return history_of(claim_named("claim-" + std::to_string(number), fmt::format("USRC1{:07}", number)),
                      "owner-" + std::to_string(number));
}

/// Says that `child` was made from `parent`.
inline void derive(ClaimHistory& child, const ClaimHistory& parent, std::optional<double> share_percent = 10,
                   const std::string& licence = "") {
    child.claims.back().record.derived_from.push_back({parent.id, "", share_percent, licence});
}

/// A licence of a claim, for some uses, to anybody; returns its id.
inline std::string license(ClaimHistory& claim, const std::string& licensee, std::vector<Use> uses) {
    const Licence licence = new_licence(licensee, std::move(uses));
    claim.licences.push_back({{claim.id, licence, now()}, claim.owner_kid(), 10, kTime_s});
    return licence.id;
}

} // namespace wm::test
