#pragma once

/// Claims, parties and registries to test with.

#include "expectations.h"
#include "temporary_folder.h"
#include "wm/registry.h"
#include "wm/verdict.h"

namespace wm::test {

inline constexpr const char* kIsrc = "USRC17607839";

inline Identity new_identity(const std::string& name) {
    return expect_value(Identity::generate(name));
}

/// A claim on kIsrc that allows nothing.
inline Claim new_claim(const std::string& isrc = kIsrc) {
    Claim claim;
    claim.claim_id = new_uuid();
    claim.recording.isrc = isrc;
    claim.recording.title = "Night Train";
    claim.issued_at = now();
    return claim;
}

/// The claim that corrects another.
inline Claim correction_of(const Claim& claim) {
    Claim corrected = claim;
    corrected.claim_id = new_uuid();
    corrected.supersedes = claim.claim_id;
    corrected.serial = claim.serial + 1;
    return corrected;
}

inline Licence new_licence(const std::string& licensee, std::vector<Use> uses,
                           std::vector<std::string> territories = {"Worldwide"}) {
    Licence licence;
    licence.id = new_uuid();
    licence.licensee = licensee;
    licence.uses = std::move(uses);
    licence.territories.included = std::move(territories);
    return licence;
}

inline StatusChange status_change(const Claim& claim, ClaimStatus status) {
    return {claim.claim_id, status, "a test", now()};
}

/// A registry in a folder of its own.
struct RegistryCase {
    TemporaryFolder folder;
    std::string path = folder / "rights.db";
    Registry registry = expect_value(Registry::create(path));
    Identity label = new_identity("Label");
    Identity other = new_identity("Other");

    Result<Entry> publish(const Record& record, const Identity& signer) {
        return sign_record(record, signer).and_then([&](const SignedRecord& signed_record) {
            return registry.publish(signed_record);
        });
    }
    Result<Entry> publish(const Record& record) { return publish(record, label); }

    TreeHead head() { return expect_value(registry.head()); }

    std::vector<ClaimHistory> find_isrc(const std::string& isrc = kIsrc, const std::string& licensee = "") {
        return expect_value(registry.find({.wm_id = {}, .isrc = isrc, .claim_id = {}, .track = {}}, head(), licensee));
    }
};

} // namespace wm::test
