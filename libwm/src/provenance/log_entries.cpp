#include "provenance/log_entries.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/hex.h"
#include "provenance/records.h"
#include "wm/id.h"

namespace wm {
namespace {

/// The licensee of a licence that the history knows.
std::string licensee_of(const ClaimHistory& history, const std::string& licence_id) {
    for (const Logged<LicenceGrant>& grant : history.licences) {
        if (grant.record.licence.id == licence_id) {
            return grant.record.licence.licensee;
        }
    }
    for (const Logged<Claim>& claim : history.claims) {
        for (const Licence& licence : claim.record.licences) {
            if (licence.id == licence_id) {
                return licence.licensee;
            }
        }
    }
    return "";
}

void add_licence_keys(std::vector<LookupKey>& keys, const std::string& id, const std::string& licensee,
                      const std::string& subject) {
    keys.push_back({KeyKind::kLicence, id});
    keys.push_back({KeyKind::kLicensee, licensee_key(subject, licensee)});
    keys.push_back({KeyKind::kLicences, subject});
}

void add_claim_keys(std::vector<LookupKey>& keys, const Claim& claim, const std::string& subject) {
    keys.push_back({KeyKind::kClaimId, claim.claim_id});
    keys.push_back({KeyKind::kSubject, subject});
    if (!claim.recording.isrc.empty()) {
        keys.push_back({KeyKind::kIsrc, claim.recording.isrc});
    }
    if (claim.wm_id) {
        keys.push_back({KeyKind::kWmId, format_id(*claim.wm_id)});
    }
    for (const Binding& binding : claim.bindings) {
        if (binding.type == "fingerprint") {
            keys.push_back({KeyKind::kTrack, binding.value});
        }
    }
    for (const Licence& licence : claim.licences) {
        keys.push_back({KeyKind::kLicence, licence.id});
    }
}

} // namespace

Hash leaf_of(const LogEntry& entry) {
    return hash_leaf(fmt::format("{}\n{}", entry.time_ms, entry.text));
}

std::vector<LookupKey> keys_of(const SignedRecord& record, const std::string& subject, const ClaimHistory& history) {
    std::vector<LookupKey> keys;
    if (const auto* claim = std::get_if<Claim>(&record.record)) {
        add_claim_keys(keys, *claim, subject);
    } else if (const auto* grant = std::get_if<LicenceGrant>(&record.record)) {
        add_licence_keys(keys, grant->licence.id, grant->licence.licensee, subject);
    } else if (const auto* revocation = std::get_if<LicenceRevocation>(&record.record)) {
        add_licence_keys(keys, revocation->licence_id, licensee_of(history, revocation->licence_id), subject);
    } else if (const auto* copy = std::get_if<CopyIssue>(&record.record)) {
        keys.push_back({KeyKind::kWmId, format_id(copy->wm_id)});
        keys.push_back({KeyKind::kCopies, subject});
    } else {
        keys.push_back({KeyKind::kSubject, subject});
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

Result<SignedRecord> record_in(const LogEntry& entry) {
    return read_signed_record(entry.text).map_error([&](const Error& error) {
        return Error{ErrorCode::kFormat, fmt::format("entry {} of the log (claim {}) was tampered with: {}",
                                                     entry.index, entry.subject, error.message)};
    });
}

NodeReader nodes_of(RegistryStore& store) {
    return [&store](unsigned level, std::uint64_t index) { return store.node(level, index); };
}

ClaimHistory history_from(const std::string& subject, const std::vector<LogEntry>& entries) {
    ClaimHistory history;
    for (const LogEntry& entry : entries) {
        const Result<void> added = record_in(entry).and_then(
            [&](const SignedRecord& record) { return add_record(history, record, entry.index, entry.time_ms / 1000); });
        if (!added && history.defect.empty()) {
            history.defect = added.error().message;
        }
    }
    history.id = subject;
    return history;
}

std::string hash_text(const Hash& hash) {
    return to_hex(hash);
}

Result<Hash> parse_hash(std::string_view text) {
    Hash hash{};
    if (!from_hex(text, hash)) {
        return fail(ErrorCode::kFormat, fmt::format("\"{}\" is not a hash of 64 hex digits", text));
    }
    return hash;
}

} // namespace wm
