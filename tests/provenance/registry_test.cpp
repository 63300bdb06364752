#include <thread>

#include "registries.h"

namespace wm {
namespace {

using test::expect_failure;
using test::expect_value;
using test::new_claim;
using test::new_licence;
using test::RegistryCase;

/// A different ISRC for each writer and number.
std::string numbered_isrc(int writer, int number) {
    std::string digits = std::to_string(1'000'000 * writer + number);
    return "USRC1" + digits;
}

TEST(Registry, FindsAClaimByAllThatNamesIt) {
    RegistryCase c;
    Claim claim = new_claim();
    claim.wm_id = 0x5f3a9c0212ab77e1;
    claim.bindings = {{"wm.fingerprint/1", "fingerprint", "track-1"}};
    ASSERT_TRUE(c.publish(claim));
    const TreeHead head = c.head();
    const ClaimQuery queries[] = {
        {claim.wm_id, "", "", ""}, {{}, test::kIsrc, "", ""}, {{}, "", claim.claim_id, ""}, {{}, "", "", "track-1"}};
    for (const ClaimQuery& query : queries) {
        const std::vector<ClaimHistory> found = expect_value(c.registry.find(query, head));
        ASSERT_EQ(found.size(), 1U);
        EXPECT_EQ(found[0].head().record, claim);
        EXPECT_EQ(found[0].defect, "");
    }
    const ClaimQuery misses[] = {
        {1, "", "", ""}, {{}, "GBAYE0000351", "", ""}, {{}, "", "no-such-id", ""}, {{}, "", "", "track-2"}};
    for (const ClaimQuery& query : misses) {
        EXPECT_TRUE(expect_value(c.registry.find(query, head)).empty());
    }
}

TEST(Registry, KeepsEverythingWhenItIsOpenedAgain) {
    RegistryCase c;
    const Claim claim = new_claim();
    ASSERT_TRUE(c.publish(claim));
    const TreeHead head = c.head();
    const Registry again = expect_value(Registry::open("sqlite:" + c.path, Registry::Mode::kRead));
    EXPECT_EQ(expect_value(again.head()), head);
    EXPECT_EQ(expect_value(again.find({{}, test::kIsrc, "", ""}, head)).at(0).head().record, claim);
    expect_failure(Registry::create(c.path), ErrorCode::kUsage, {"rights.db", "exists already"});
    expect_failure(Registry::open("postgresql://host/db", Registry::Mode::kRead), ErrorCode::kUnsupported,
                   {"postgresql"});
}

TEST(Registry, LetsOnlyTheOwnerChangeAClaim) {
    RegistryCase c;
    const Claim claim = new_claim();
    ASSERT_TRUE(c.publish(claim));
    const Licence licence = new_licence("dpid:A", {Use::kStream});
    ASSERT_TRUE(c.publish(LicenceGrant{claim.claim_id, licence, now()}));
    const Record records[] = {test::correction_of(claim),
                              test::status_change(claim, ClaimStatus::kSuspended),
                              test::status_change(claim, ClaimStatus::kRevoked),
                              ConsentChange{claim.claim_id, {{Use::kAiTraining, {}}}, now()},
                              LicenceGrant{claim.claim_id, new_licence("dpid:B", {Use::kStream}), now()},
                              LicenceRevocation{claim.claim_id, licence.id, "", now()},
                              CopyIssue{claim.claim_id, 7, "", now()},
                              test::status_change(claim, ClaimStatus::kDisputed)};
    const TreeHead before = c.head();
    for (const Record& record : records) {
        expect_failure(c.publish(record, c.other), ErrorCode::kNotPermitted, {c.other.party().kid()});
    }
    EXPECT_EQ(c.head(), before);
}

TEST(Registry, LetsAPartyThatTheClaimNamesConsentAndDispute) {
    RegistryCase c;
    Claim claim = new_claim();
    Contributor party;
    party.ref = "P1";
    party.name = "A. Artist";
    party.kid = c.other.party().kid();
    claim.parties = {party};
    ASSERT_TRUE(c.publish(claim));
    EXPECT_TRUE(c.publish(ConsentChange{claim.claim_id, {{Use::kAiTraining, {}}}, now()}, c.other));
    EXPECT_TRUE(c.publish(test::status_change(claim, ClaimStatus::kDisputed), c.other));
    EXPECT_EQ(c.find_isrc().at(0).status(), ClaimStatus::kDisputed);
    EXPECT_FALSE(c.publish(test::status_change(claim, ClaimStatus::kRevoked), c.other));
    ASSERT_TRUE(c.publish(test::status_change(claim, ClaimStatus::kSuspended)));
    EXPECT_EQ(c.find_isrc().at(0).status(), ClaimStatus::kSuspended);
    EXPECT_TRUE(c.publish(test::status_change(claim, ClaimStatus::kActive), c.other)) << "withdraws the dispute";
    EXPECT_EQ(c.find_isrc().at(0).status(), ClaimStatus::kSuspended) << "which is not the owner's suspension";
    ASSERT_TRUE(c.publish(test::status_change(claim, ClaimStatus::kActive)));
    EXPECT_EQ(c.find_isrc().at(0).status(), ClaimStatus::kActive);
}

TEST(Registry, LetsARivalDispute) {
    RegistryCase c;
    const Claim claim = new_claim();
    ASSERT_TRUE(c.publish(claim));
    ASSERT_TRUE(c.publish(new_claim(), c.other)) << "two signers may claim one recording";
    EXPECT_EQ(c.find_isrc().size(), 2U);
    EXPECT_TRUE(c.publish(test::status_change(claim, ClaimStatus::kDisputed), c.other));
}

TEST(Registry, CorrectsAndNeverForgets) {
    RegistryCase c;
    const Claim claim = new_claim();
    ASSERT_TRUE(c.publish(claim));
    Claim corrected = test::correction_of(claim);
    corrected.recording.title = "Night Train (Remastered)";
    ASSERT_TRUE(c.publish(corrected));
    const ClaimHistory history = c.find_isrc().at(0);
    EXPECT_EQ(history.id, claim.claim_id);
    EXPECT_EQ(history.claims.size(), 2U);
    EXPECT_EQ(history.head().record.recording.title, "Night Train (Remastered)");

    expect_failure(c.publish(test::correction_of(claim)), ErrorCode::kUsage,
                   {"the one that counts is", corrected.claim_id});
    Claim skipping = test::correction_of(corrected);
    skipping.serial = 4;
    EXPECT_FALSE(c.publish(skipping));
    EXPECT_EQ(expect_value(c.registry.entries_of(claim.claim_id, c.head())).size(), 2U);
}

TEST(Registry, RefusesWhatIsThereAlready) {
    RegistryCase c;
    Claim claim = new_claim();
    claim.wm_id = 5;
    ASSERT_TRUE(c.publish(claim));
    expect_failure(c.publish(new_claim()), ErrorCode::kUsage, {test::kIsrc, claim.claim_id, "supersede"});
    expect_failure(c.publish(claim), ErrorCode::kUsage, {"already"});
    Claim same_mark = new_claim("GBAYE0000351");
    same_mark.wm_id = 5;
    expect_failure(c.publish(same_mark), ErrorCode::kUsage, {"mark", "0000000000000005"});
    expect_failure(c.publish(CopyIssue{claim.claim_id, 5, "", now()}), ErrorCode::kUsage, {"mark"});
    Licence licence = new_licence("dpid:A", {Use::kStream});
    ASSERT_TRUE(c.publish(LicenceGrant{claim.claim_id, licence, now()}));
    licence.licensee = "dpid:B";
    expect_failure(c.publish(LicenceGrant{claim.claim_id, licence, now()}), ErrorCode::kUsage, {"licence", licence.id});
    expect_failure(c.publish(test::status_change(new_claim(), ClaimStatus::kSuspended)), ErrorCode::kUsage,
                   {"no claim"});
}

TEST(Registry, RevocationIsForGood) {
    RegistryCase c;
    const Claim claim = new_claim();
    ASSERT_TRUE(c.publish(claim));
    ASSERT_TRUE(c.publish(test::status_change(claim, ClaimStatus::kRevoked)));
    expect_failure(c.publish(test::status_change(claim, ClaimStatus::kActive)), ErrorCode::kUsage,
                   {"revoked", "for good"});
    expect_failure(c.publish(test::correction_of(claim)), ErrorCode::kUsage, {"revoked"});
    EXPECT_TRUE(c.publish(new_claim())) << "the recording can be registered anew";
}

TEST(Registry, RevokesLicencesOnce) {
    RegistryCase c;
    Claim claim = new_claim();
    claim.licences = {new_licence("dpid:A", {Use::kStream})};
    ASSERT_TRUE(c.publish(claim));
    const Licence granted = new_licence("dpid:A", {Use::kDistribute});
    ASSERT_TRUE(c.publish(LicenceGrant{claim.claim_id, granted, now()}));
    for (const std::string& id : {granted.id, claim.licences[0].id}) {
        ASSERT_TRUE(c.publish(LicenceRevocation{claim.claim_id, id, "", now()})) << id;
        EXPECT_TRUE(c.find_isrc(test::kIsrc, "dpid:A").at(0).is_revoked(id));
        expect_failure(c.publish(LicenceRevocation{claim.claim_id, id, "", now()}), ErrorCode::kUsage,
                       {"revoked already"});
    }
    expect_failure(c.publish(LicenceRevocation{claim.claim_id, new_uuid(), "", now()}), ErrorCode::kUsage,
                   {"has no licence"});
    EXPECT_EQ(expect_value(c.registry.find_licence(granted.id, c.head()))->id, claim.claim_id);
    EXPECT_FALSE(expect_value(c.registry.find_licence(new_uuid(), c.head())));
}

TEST(Registry, LoadsOnlyTheAskersLicences) {
    RegistryCase c;
    const Claim claim = new_claim();
    ASSERT_TRUE(c.publish(claim));
    for (const char* licensee : {"dpid:A", "dpid:B", "dpid:B"}) {
        ASSERT_TRUE(c.publish(LicenceGrant{claim.claim_id, new_licence(licensee, {Use::kStream}), now()}));
    }
    EXPECT_EQ(c.find_isrc(test::kIsrc, "dpid:B").at(0).licences.size(), 2U);
    EXPECT_EQ(c.find_isrc(test::kIsrc, "").at(0).licences.size(), 0U);
    EXPECT_EQ(expect_value(c.registry.whole_history(claim.claim_id, c.head())).licences.size(), 3U);
}

TEST(Registry, SeesThePastAsItWas) {
    RegistryCase c;
    const Claim claim = new_claim();
    ASSERT_TRUE(c.publish(claim));
    const TreeHead past = c.head();
    ASSERT_TRUE(c.publish(test::status_change(claim, ClaimStatus::kRevoked)));
    EXPECT_EQ(c.find_isrc().at(0).status(), ClaimStatus::kRevoked);
    EXPECT_EQ(expect_value(c.registry.find({{}, test::kIsrc, "", ""}, past)).at(0).status(), ClaimStatus::kActive);
    EXPECT_EQ(expect_value(c.registry.head(0)).size, 0U);
    EXPECT_EQ(expect_value(c.registry.head(now().unix_s + 10)), c.head());
}

TEST(Registry, ProvesWhatItHoldsAndThatItOnlyGrew) {
    RegistryCase c;
    const Entry first = expect_value(c.publish(new_claim()));
    const TreeHead past = c.head();
    for (const char* isrc : {"GBAYE0000351", "USRC17607840", "USRC17607841"}) {
        ASSERT_TRUE(c.publish(new_claim(isrc)));
    }
    const TreeHead head = c.head();
    const InclusionProof proof = expect_value(c.registry.prove_inclusion(first.index, head));
    EXPECT_TRUE(verify_inclusion(proof, head));
    EXPECT_FALSE(verify_inclusion(proof, past));
    EXPECT_EQ(proof.leaf, entry_hash(first.time_ms, first.record.text));
    const std::vector<std::string> path = expect_value(c.registry.prove_consistency(past, head));
    EXPECT_TRUE(verify_consistency(path, past, head));
    EXPECT_FALSE(verify_consistency(path, {past.size, head.root}, head));
    EXPECT_FALSE(c.registry.prove_consistency(head, past));
}

TEST(Registry, TakesTwoWriters) {
    RegistryCase c;
    constexpr int kEach = 20;
    const auto write = [&](int writer) {
        Result<Registry> registry = Registry::open(c.path, Registry::Mode::kWrite);
        for (int k = 0; k < kEach && registry; ++k) {
            const Result<Entry> entry =
                sign_record(new_claim(numbered_isrc(writer, k)), c.label).and_then([&](const SignedRecord& r) {
                    return registry->publish(r);
                });
            EXPECT_TRUE(entry) << entry.error().message;
        }
        EXPECT_TRUE(registry);
    };
    {
        const std::jthread a(write, 1);
        const std::jthread b(write, 2);
    }
    EXPECT_EQ(c.head().size, 2U * kEach);
    EXPECT_TRUE(expect_value(c.registry.verify()).empty());
}

TEST(Snapshot, IsReadLikeARegistryAndNotWritten) {
    RegistryCase c;
    const Claim claim = new_claim();
    ASSERT_TRUE(c.publish(claim));
    const std::string path = c.folder / "snapshot.wmr";
    const TreeHead head = expect_value(c.registry.export_snapshot(path, c.label));
    EXPECT_EQ(head, c.head());
    expect_failure(c.registry.export_snapshot(path, c.label), ErrorCode::kUsage, {"snapshot.wmr", "exists already"});
    ASSERT_TRUE(c.publish(test::status_change(claim, ClaimStatus::kRevoked)));

    const Registry snapshot = expect_value(Registry::open(path, Registry::Mode::kRead));
    const std::optional<SnapshotSeal> seal = expect_value(snapshot.snapshot_seal());
    ASSERT_TRUE(seal);
    EXPECT_EQ(seal->kid, c.label.party().kid());
    EXPECT_EQ(seal->head, head);
    EXPECT_EQ(expect_value(snapshot.find({{}, test::kIsrc, "", ""}, head)).at(0).status(), ClaimStatus::kActive);
    expect_failure(Registry::open(path, Registry::Mode::kWrite), ErrorCode::kUsage, {"snapshot", "import"});
    EXPECT_FALSE(expect_value(c.registry.snapshot_seal()));
}

TEST(Snapshot, BecomesARegistryAgain) {
    RegistryCase c;
    const Claim claim = new_claim();
    ASSERT_TRUE(c.publish(claim));
    expect_value(c.registry.export_snapshot(c.folder / "snapshot.wmr", c.label));
    const std::string copy = c.folder / "copy.db";
    EXPECT_EQ(expect_value(Registry::import_snapshot(c.folder / "snapshot.wmr", copy)).kid, c.label.party().kid());
    Registry imported = expect_value(Registry::open(copy, Registry::Mode::kWrite));
    EXPECT_EQ(expect_value(imported.head()), c.head());
    EXPECT_TRUE(
        imported.publish(expect_value(sign_record(test::status_change(claim, ClaimStatus::kRevoked), c.label))));
    expect_failure(Registry::import_snapshot(c.folder / "snapshot.wmr", copy), ErrorCode::kUsage,
                   {"copy.db", "exists"});
    expect_failure(Registry::import_snapshot(c.path, c.folder / "new.db"), ErrorCode::kUsage, {"not a snapshot"});
}

} // namespace
} // namespace wm
