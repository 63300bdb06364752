#include "wm/claim_history.h"

#include <algorithm>

#include <fmt/format.h>

#include "provenance/records.h"

namespace wm {
namespace {

tl::unexpected<Error> not_permitted(const ClaimHistory& history, const SignedRecord& record, const char* what) {
    return fail(ErrorCode::kNotPermitted, fmt::format("{} may not {} claim {}: its owner is {}", record.kid, what,
                                                      history.id, history.owner_kid()));
}

bool is_named_party(const Claim& claim, const std::string& kid) {
    return std::any_of(claim.parties.begin(), claim.parties.end(),
                       [&](const Contributor& party) { return party.kid == kid; });
}

/// The last status that each signer set.
std::optional<ClaimStatus> last_status_by(const ClaimHistory& history, const std::string& kid) {
    std::optional<ClaimStatus> status;
    for (const Logged<StatusChange>& change : history.statuses) {
        if (change.kid == kid) {
            status = change.record.status;
        }
    }
    return status;
}

bool knows_licence(const ClaimHistory& history, const std::string& id) {
    const auto is_it = [&](const Licence& licence) { return licence.id == id; };
    return std::any_of(history.licences.begin(), history.licences.end(),
                       [&](const Logged<LicenceGrant>& grant) { return is_it(grant.record.licence); }) ||
           std::any_of(history.claims.begin(), history.claims.end(), [&](const Logged<Claim>& claim) {
               return std::any_of(claim.record.licences.begin(), claim.record.licences.end(), is_it);
           });
}

/// Whether a record may come next: one overload for each kind.
struct Permission {
    const ClaimHistory& history;
    const SignedRecord& signed_record;

    bool is_owner() const { return signed_record.kid == history.owner_kid(); }

    Result<void> operator()(const Claim& claim) const {
        const Claim& head = history.head().record;
        if (!is_owner()) {
            return not_permitted(history, signed_record, "supersede");
        }
        if (claim.supersedes != head.claim_id || claim.serial != head.serial + 1) {
            return fail(
                ErrorCode::kUsage,
                fmt::format("claim {} supersedes \"{}\" with serial {}, but the one that counts is {} with serial {}",
                            claim.claim_id, claim.supersedes, claim.serial, head.claim_id, head.serial));
        }
        return {};
    }

    Result<void> operator()(const StatusChange& change) const {
        const bool withdraws_dispute = change.status == ClaimStatus::kActive &&
                                       last_status_by(history, signed_record.kid) == ClaimStatus::kDisputed;
        if (!is_owner() && change.status != ClaimStatus::kDisputed && !withdraws_dispute) {
            return not_permitted(history, signed_record, "change the status of");
        }
        return {};
    }

    Result<void> operator()(const ConsentChange&) const {
        if (!is_owner() && !is_named_party(history.head().record, signed_record.kid)) {
            return not_permitted(history, signed_record, "set the consent of");
        }
        return {};
    }

    Result<void> operator()(const LicenceGrant&) const {
        return is_owner() ? Result<void>() : not_permitted(history, signed_record, "license the recording of");
    }

    Result<void> operator()(const LicenceRevocation& revocation) const {
        if (!is_owner()) {
            return not_permitted(history, signed_record, "revoke licences of");
        }
        if (!knows_licence(history, revocation.licence_id)) {
            return fail(ErrorCode::kUsage,
                        fmt::format("claim {} has no licence {}", history.id, revocation.licence_id));
        }
        if (history.is_revoked(revocation.licence_id)) {
            return fail(ErrorCode::kUsage, fmt::format("licence {} is revoked already", revocation.licence_id));
        }
        return {};
    }

    Result<void> operator()(const CopyIssue&) const {
        return is_owner() ? Result<void>() : not_permitted(history, signed_record, "issue copies of");
    }
};

Result<void> check_next(const ClaimHistory& history, const SignedRecord& record) {
    if (history.claims.empty()) {
        const auto* claim = std::get_if<Claim>(&record.record);
        if (claim == nullptr || !claim->supersedes.empty() || claim->serial != 1) {
            return fail(ErrorCode::kUsage,
                        fmt::format("the first record of a claim is a claim with serial 1 that supersedes "
                                    "nothing; this is a {}",
                                    kind_of(record.record)));
        }
        return {};
    }
    if (history.status() == ClaimStatus::kRevoked && !std::holds_alternative<LicenceRevocation>(record.record)) {
        return fail(ErrorCode::kUsage,
                    fmt::format("claim {} was revoked, for good: register the recording anew", history.id));
    }
    return std::visit(Permission{history, record}, record.record);
}

} // namespace

ClaimStatus ClaimHistory::status() const {
    ClaimStatus status = head().record.status;
    for (const Logged<StatusChange>& change : statuses) {
        const ClaimStatus last = last_status_by(*this, change.kid).value_or(ClaimStatus::kActive);
        if (change.record.status == ClaimStatus::kRevoked) {
            return ClaimStatus::kRevoked;
        }
        if (last == ClaimStatus::kSuspended || (last == ClaimStatus::kDisputed && status == ClaimStatus::kActive)) {
            status = last;
        }
    }
    return status;
}

bool ClaimHistory::is_revoked(const std::string& licence_id) const {
    return std::any_of(revocations.begin(), revocations.end(), [&](const Logged<LicenceRevocation>& revocation) {
        return revocation.record.licence_id == licence_id;
    });
}

Result<void> add_record(ClaimHistory& history, const SignedRecord& record, std::uint64_t index, std::int64_t time_s) {
    return check_next(history, record).map([&] {
        if (history.claims.empty()) {
            history.id = claim_id_of(record.record);
        }
        const auto add_to = [&](auto& list, const auto& fields) {
            list.push_back({fields, record.kid, index, time_s});
        };
        std::visit(
            [&](const auto& fields) {
                using Kind = std::decay_t<decltype(fields)>;
                if constexpr (std::is_same_v<Kind, Claim>) {
                    add_to(history.claims, fields);
                } else if constexpr (std::is_same_v<Kind, StatusChange>) {
                    add_to(history.statuses, fields);
                } else if constexpr (std::is_same_v<Kind, ConsentChange>) {
                    add_to(history.consents, fields);
                } else if constexpr (std::is_same_v<Kind, LicenceGrant>) {
                    add_to(history.licences, fields);
                } else if constexpr (std::is_same_v<Kind, LicenceRevocation>) {
                    add_to(history.revocations, fields);
                } else {
                    add_to(history.copies, fields);
                }
            },
            record.record);
    });
}

} // namespace wm
