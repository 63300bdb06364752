#pragma once

/// Steps 2 to 4 of the verdict: which claims the sound itself leads to.

#include "provenance/findings.h"

namespace wm {

/// A claim that the recording was traced to.
struct IdentifiedClaim {
    const ClaimHistory* history = nullptr;
    bool by_mark = false;
    bool by_fingerprint = false;
    std::string recipient;
};

struct Identification {
    std::vector<IdentifiedClaim> claims; ///< by id
    std::vector<ClaimFinding> findings;
    std::vector<Signal> signals;
    bool has_unconfirmed_mark = false; ///< nothing may be allowed: a mark may have been copied onto this sound
    double identified_share = 0;       ///< of the recording's duration
};

Identification identify(const Evidence& evidence, const std::vector<ClaimHistory>& claims, const Profile& profile);

} // namespace wm
