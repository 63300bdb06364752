#pragma once

/// What a recording was made from, as far as claims say: its parents, theirs, and so on.

#include <span>
#include <vector>

#include "wm/claim_history.h"

namespace wm {

/// One recording that was made from another.
struct LineageStep {
    const ClaimHistory* child = nullptr;
    const ClaimHistory* parent = nullptr;
    const Derivation* terms = nullptr; ///< as the child's claim has them
};

/// A parent that is named and not known.
struct MissingParent {
    const ClaimHistory* child = nullptr;
    const Derivation* terms = nullptr;
};

/// All of it points into the claims that it was traced in.
struct Lineage {
    std::vector<LineageStep>
        steps; ///< nearest first; a recording that is reached in two ways has a step for each child
    std::vector<MissingParent> missing;
    std::vector<const ClaimHistory*> cycle; ///< each made from the next, the last from the first; empty: there is none

    /// Every recording it was made from, nearest first, each once.
    std::vector<const ClaimHistory*> ancestors() const;
};

/// Follows `claim` to its origins, to any depth.
///
/// claims   where parents are looked for, by any of their claim ids or their ISRC. Of several claims on an ISRC all are
///          parents, but for revoked ones beside one that is not. Their order does not matter
/// cost     n log n in claims, and linear in steps; no recursion
/// threads  reentrant
Lineage trace_lineage(const ClaimHistory& claim, std::span<const ClaimHistory> claims);

} // namespace wm
