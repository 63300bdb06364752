#pragma once

/// What the rules of a verdict find, on the way to it.

#include <algorithm>
#include <vector>

#include "wm/verdict.h"

namespace wm {

/// A reason with the decision that it calls for.
struct ClaimFinding {
    Decision decision = Decision::kAllow;
    Reason reason;
};

/// One use in one territory; an empty territory asks for the strictest of all.
struct SingleQuestion {
    Use use = Use::kStream;
    std::string territory;
    std::string licensee;
    std::int64_t time_s = 0;

    /// What something must cover to hold for the question.
    std::string_view scope() const { return territory.empty() ? kWorldwide : std::string_view(territory); }
};

/// Where a reason stands: the strictest first, the rest in an order of their own, whatever the order of the claims was.
inline bool comes_before(const ClaimFinding& a, const ClaimFinding& b) {
    const auto key = [](const ClaimFinding& f) {
        return std::tie(f.reason.claim_id, f.reason.code, f.reason.use, f.reason.territory, f.reason.detail);
    };
    return a.decision != b.decision ? a.decision > b.decision : key(a) < key(b);
}

} // namespace wm
