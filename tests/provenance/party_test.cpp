#include "wm/party.h"

#include <sys/stat.h>

#include "base/checked_lines.h"
#include "expectations.h"
#include "provenance/signed_document.h"
#include "temporary_folder.h"

namespace wm {
namespace {

using test::expect_failure;

/// The text before the checksum line, with a new one.
std::string with_checksum(const std::string& text) {
    const std::string covered = text.substr(0, text.rfind("checksum "));
    return covered + checksum_line(covered);
}

TEST(Identity, IsReadBackAndOnlyItsOwnerMayReadIt) {
    const test::TemporaryFolder folder;
    const Identity identity = *Identity::generate("Label & Söhne");
    ASSERT_TRUE(identity.save(folder / "label.id"));
    ASSERT_TRUE(identity.party().save(folder / "label.pub"));
    struct stat status {};
    ASSERT_EQ(stat((folder / "label.id").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    const Identity loaded = test::expect_value(Identity::load(folder / "label.id"));
    EXPECT_EQ(loaded.party().kid(), identity.party().kid());
    EXPECT_EQ(loaded.party().name, "Label & Söhne");
    EXPECT_EQ(loaded.sign("message"), identity.sign("message"));
    EXPECT_EQ(test::expect_value(Party::load(folder / "label.pub")).kid(), identity.party().kid());
    EXPECT_EQ(test::read_text(folder / "label.pub").find("seed"), std::string::npos);
    expect_failure(identity.save(folder / "label.id"), ErrorCode::kUsage, {"exists already"});
}

TEST(Identity, NoticesDamageAndForgery) {
    const test::TemporaryFolder folder;
    ASSERT_TRUE(Identity::generate("Label")->save(folder / "a.id"));
    ASSERT_TRUE(Identity::generate("Other")->save(folder / "b.id"));
    const std::string text = test::read_text(folder / "a.id");
    const std::string other = test::read_text(folder / "b.id");

    std::string changed = text;
    changed[text.find("name") + 5] = 'M';
    test::write_text(folder / "changed.id", changed);
    expect_failure(Identity::load(folder / "changed.id"), ErrorCode::kKey, {"changed.id", "checksum"});

    std::string swapped = text;
    swapped.replace(text.find("kid "), 68, other.substr(other.find("kid "), 68));
    test::write_text(folder / "swapped.id", with_checksum(swapped));
    expect_failure(Identity::load(folder / "swapped.id"), ErrorCode::kKey, {"swapped.id", "somebody changed it"});

    test::write_text(folder / "short.id", text.substr(0, 40));
    EXPECT_FALSE(Identity::load(folder / "short.id"));
    expect_failure(Party::load(folder / "a.id"), ErrorCode::kKey, {"a.id", "is not a party's public file"});
    expect_failure(Identity::load(folder / "missing.id"), ErrorCode::kIo, {"missing.id", "No such file"});
}

TEST(Identity, HasOneSpelling) {
    const test::TemporaryFolder folder;
    const Identity identity = *Identity::generate("Label");
    ASSERT_TRUE(identity.save(folder / "label.id"));
    ASSERT_TRUE(identity.party().save(folder / "label.pub"));
    for (const char* name : {"label.id", "label.pub"}) {
        const std::string text = test::read_text(folder / name);
        const std::string hidden = text.substr(0, text.rfind("checksum ")) + "more 1\n";
        test::write_text(folder / name, hidden + checksum_line(hidden));
    }
    expect_failure(Identity::load(folder / "label.id"), ErrorCode::kKey, {"label.id", "not written as version 1"});
    expect_failure(Party::load(folder / "label.pub"), ErrorCode::kKey, {"label.pub", "not written as version 1"});
}

TEST(SignedDocument, HoldsUntilAnythingChanges) {
    const Identity signer = *Identity::generate("Label");
    const Json document = {{"schema", "test/1"}, {"list", {1, 2}}, {"text", "a"}};
    const Json signed_document = sign_document(document, signer);
    EXPECT_EQ(*verify_document(signed_document), signer.party().kid());

    Json changed = signed_document;
    changed["list"][0] = 3;
    EXPECT_FALSE(verify_document(changed));
    Json extended = signed_document;
    extended["more"] = true;
    EXPECT_FALSE(verify_document(extended));
    Json other_signer = signed_document;
    other_signer["sig"]["kid"] = Identity::generate("Other")->party().kid();
    EXPECT_FALSE(verify_document(other_signer));
    Json other_algorithm = signed_document;
    other_algorithm["sig"]["alg"] = "none";
    EXPECT_FALSE(verify_document(other_algorithm));
    EXPECT_FALSE(verify_document(document));
    EXPECT_FALSE(verify_document(Json("text")));
}

TEST(SignedDocument, VerifiesTheVectorOfRfc8032) {
    // RFC 8032, section 7.1, test 2: that our kid and signatures are Ed25519's and nothing of our own.
    const test::TemporaryFolder folder;
    const std::string head =
        "wm-identity 1\nname Test\nkid 3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c\n"
        "seed 4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb\n";
    test::write_text(folder / "test.id", head + checksum_line(head));
    const Identity identity = test::expect_value(Identity::load(folder / "test.id"));
    const std::array<std::uint8_t, 64> signature = identity.sign("\x72");
    EXPECT_EQ(signature.front(), 0x92);
    EXPECT_EQ(signature[1], 0xa0);
    EXPECT_EQ(signature.back(), 0x00);
}

} // namespace
} // namespace wm
