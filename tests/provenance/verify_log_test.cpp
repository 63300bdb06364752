#include <sqlite3.h>

#include "registries.h"

namespace wm {
namespace {

using test::expect_value;
using test::new_claim;
using test::RegistryCase;

/// Changes a registry's file behind its back, as somebody with an editor could.
void tamper(const std::string& path, const std::string& sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
    const std::string all = "DROP TRIGGER entry_stays; DROP TRIGGER entry_stays_as_it_is;" + sql;
    EXPECT_EQ(sqlite3_exec(database, all.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
    sqlite3_close(database);
}

/// A registry of five claims; number 3 corrects number 2.
struct FiveEntries : RegistryCase {
    std::vector<Claim> claims;

    FiveEntries() {
        for (const char* isrc : {"USRC17607839", "GBAYE0000351", "USRC17607840"}) {
            claims.push_back(new_claim(isrc));
        }
        claims.push_back(test::correction_of(claims[2]));
        claims.push_back(new_claim("USRC17607841"));
        for (const Claim& claim : claims) {
            EXPECT_TRUE(publish(claim));
        }
    }

    std::vector<LogDefect> defects() { return expect_value(registry.verify()); }

    /// That verification names entry `index` before all others, and why.
    void expect_defect(std::uint64_t index, const std::string& what) {
        const std::vector<LogDefect> found = defects();
        ASSERT_FALSE(found.empty());
        EXPECT_EQ(found.front().index, index);
        EXPECT_NE(found.front().what.find(what), std::string::npos) << found.front().what;
    }
};

TEST(VerifyLog, FindsNothingWrongWithAGoodOne) {
    FiveEntries c;
    EXPECT_TRUE(c.defects().empty());
    EXPECT_TRUE(expect_value(expect_value(Registry::create(c.folder / "empty.db")).verify()).empty());
}

TEST(VerifyLog, NamesAChangedEntry) {
    FiveEntries c;
    tamper(c.path, "UPDATE entry SET text = replace(text, 'Night', 'Day') WHERE idx = 1");
    c.expect_defect(1, "is not what was appended");
    const std::vector<LogDefect> found = c.defects();
    ASSERT_GE(found.size(), 2U);
    EXPECT_NE(found[1].what.find("signature"), std::string::npos);
}

TEST(VerifyLog, NamesAChangedTime) {
    FiveEntries c;
    tamper(c.path, "UPDATE entry SET time_ms = time_ms - 1000000 WHERE idx = 3");
    c.expect_defect(3, "before the one before it");
}

TEST(VerifyLog, NamesAMissingEntry) {
    FiveEntries c;
    tamper(c.path, "DELETE FROM entry WHERE idx = 1");
    c.expect_defect(1, "is missing");
}

TEST(VerifyLog, NamesAnEntryUnderAnotherClaim) {
    FiveEntries c;
    tamper(c.path, "UPDATE entry SET subject = (SELECT subject FROM entry WHERE idx = 0) WHERE idx = 1");
    EXPECT_FALSE(c.defects().empty());
    EXPECT_EQ(c.defects().front().index, 1U);
}

TEST(VerifyLog, NoticesLookUpKeysThatLeadNowhereOrAreGone) {
    {
        FiveEntries c;
        tamper(c.path, "DELETE FROM lookup WHERE kind = 3 AND idx = 4");
        c.expect_defect(4, "cannot be found by USRC17607841");
    }
    FiveEntries c;
    tamper(c.path, "INSERT INTO lookup (kind, value, idx) VALUES (3, 'GBAYE0000351', 4)");
    ASSERT_EQ(c.defects().size(), 1U);
    EXPECT_NE(c.defects().front().what.find("look-up keys"), std::string::npos);
}

TEST(VerifyLog, NoticesAWrongTree) {
    FiveEntries c;
    tamper(c.path, "UPDATE node SET hash = zeroblob(32) WHERE level = 1 AND idx = 1");
    c.expect_defect(3, "subtree");
}

TEST(VerifyLog, AClaimThatWasTamperedWithIsNotRelied) {
    FiveEntries c;
    tamper(c.path, "UPDATE entry SET text = replace(text, 'Night', 'Day') WHERE idx = 0");
    const ClaimHistory history = c.find_isrc().at(0);
    EXPECT_NE(history.defect.find("entry 0"), std::string::npos) << history.defect;
}

TEST(VerifyLog, ASnapshotThatWasTamperedWithIsRefused) {
    FiveEntries c;
    const std::string path = c.folder / "snapshot.wmr";
    expect_value(c.registry.export_snapshot(path, c.label));
    tamper(path, "UPDATE entry SET text = replace(text, 'Night', 'Day') WHERE idx = 2");
    test::expect_failure(Registry::import_snapshot(path, c.folder / "copy.db"), ErrorCode::kFormat,
                         {"tampered", "entry 2"});
}

TEST(VerifyLog, ASnapshotCutShortIsRefused) {
    FiveEntries c;
    const std::string path = c.folder / "snapshot.wmr";
    expect_value(c.registry.export_snapshot(path, c.label));
    tamper(path, "PRAGMA foreign_keys = OFF; DELETE FROM entry WHERE idx = 4; DELETE FROM lookup WHERE idx = 4;"
                 "DELETE FROM node WHERE level = 0 AND idx = 4");
    const Registry snapshot = expect_value(Registry::open(path, Registry::Mode::kRead));
    test::expect_failure(snapshot.snapshot_seal(), ErrorCode::kFormat, {"tampered", "4 entries", "5"});
}

} // namespace
} // namespace wm
