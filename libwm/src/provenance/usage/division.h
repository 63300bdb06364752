#pragma once

/// How what a recording earns is divided among its rightsholders, and those of what it was made from.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "wm/usage.h"

namespace wm {

/// Where and when a use was, as far as splits care.
struct SplitScope {
    std::string territory; ///< empty: all of them
    std::int64_t time_s = 0;
    std::string rights_type;
};

/// One part of a division. Either somebody is paid, or `held_code` says why not.
struct DividedPart {
    const ClaimHistory* claim = nullptr; ///< that names them, or is the reason
    const Contributor* party = nullptr;
    std::string held_code;
    Amounts amounts;
};

/// The recordings that one earns for, in an order in which each stands before its parents.
class Division {
public:
    Division(const ClaimHistory& used, std::span<const ClaimHistory> claims);

    /// The moments at which a split begins or ends to hold, sorted.
    const std::vector<std::int64_t>& changes() const { return changes_; }

    /// All of them, the used one first.
    const std::vector<const ClaimHistory*>& recordings() const { return order_; }

    /// Divides amounts; the parts add up to them.
    std::vector<DividedPart> divide(const Amounts& amounts, const SplitScope& scope) const;

private:
    void sort_recordings(const ClaimHistory& used);
    void note_changes();
    void pass_on(const ClaimHistory& recording, std::vector<Amounts> shares,
                 std::map<const ClaimHistory*, Amounts>& incoming, std::vector<DividedPart>& parts) const;

    Lineage lineage_;
    std::map<std::pair<const ClaimHistory*, const Derivation*>, std::vector<const ClaimHistory*>> parents_;
    std::vector<const ClaimHistory*> order_;
    std::vector<std::int64_t> changes_;
};

/// Why a claim's rightsholders cannot be paid now; nothing when they can.
std::optional<std::string> reason_to_hold(const ClaimHistory& claim);

} // namespace wm
