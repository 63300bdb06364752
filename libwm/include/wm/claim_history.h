#pragma once

/// All that was ever recorded about one claim, and what follows from it at its end.

#include <cstdint>
#include <string>
#include <vector>

#include "wm/claim.h"

namespace wm {

/// A record with its place in the log.
template <class T>
struct Logged {
    T record;
    std::string kid;         ///< who signed it
    std::uint64_t index = 0; ///< in the log
    std::int64_t time_s = 0; ///< when it was appended, since 1970
};

/// What a log says about one subject: a claim with its corrections, and what was decided about it since. Each list is in the
/// log's order.
struct ClaimHistory {
    std::string id;                    ///< the claim id of the first record
    std::vector<Logged<Claim>> claims; ///< each supersedes the one before; the last one counts
    std::vector<Logged<StatusChange>> statuses;
    std::vector<Logged<ConsentChange>> consents;
    std::vector<Logged<LicenceGrant>> licences;
    std::vector<Logged<LicenceRevocation>> revocations;
    std::vector<Logged<CopyIssue>> copies;
    /// Why nothing in it can be relied on: an entry whose signature does not hold, or whose signer had no right to it.
    std::string defect;
    /// The marks and tracks whose look-up led here. They stand in for records that `defect` says cannot be relied on.
    std::vector<std::uint64_t> found_marks;
    std::vector<std::string> found_tracks;

    /// The claim that counts. There is one, unless `defect` says why not.
    const Logged<Claim>& head() const { return claims.back(); }

    /// The id of the claim that counts; where none can be read, of the first.
    const std::string& claim_id() const { return claims.empty() ? id : head().record.claim_id; }

    /// Who made the claim: the only one who may supersede, suspend or revoke it, grant licences and issue copies.
    const std::string& owner_kid() const { return claims.front().kid; }

    /// Revoked outweighs suspended, which outweighs disputed. Whoever suspended or disputed may withdraw that.
    ClaimStatus status() const;

    /// Whether some revocation names the licence.
    bool is_revoked(const std::string& licence_id) const;
};

/// Adds a record to a history, when its signer may do what it says (docs/provenance.md, "Who may").
///
/// history   of the record's claim; an empty one takes a first claim
/// errors    kNotPermitted (signed by the wrong one), kUsage (does not follow: wrong serial, supersedes what is superseded,
///           comes after a revocation, revokes an unknown licence); the history is then as it was
Result<void> add_record(ClaimHistory& history, const SignedRecord& record, std::uint64_t index, std::int64_t time_s);

} // namespace wm
