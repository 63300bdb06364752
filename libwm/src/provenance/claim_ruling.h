#pragma once

#include "provenance/findings.h"

namespace wm {

/// What one claim says to one question: steps 5 to 7 of the verdict.
struct Ruling {
    Decision decision = Decision::kReview;
    std::vector<ClaimFinding> findings;
    std::vector<Obligation> obligations;
    std::string licence_id;
    bool declares_use = false; ///< the claim, or a licence, speaks of this very use
};

Ruling rule(const ClaimHistory& claim, const SingleQuestion& question);

} // namespace wm
