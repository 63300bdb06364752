#include <sys/wait.h>
#include <unistd.h>

#include "provenance/registrations.h"
#include "registries.h"

namespace wm {
namespace {

using test::expect_failure;
using test::expect_value;
using test::new_claim;
using test::RegistryCase;

/// A registry, and a marked file that waits to be published.
struct RegistrationCase : RegistryCase {
    std::string pending = folder / ".song.wav.wm-pending";
    std::string final_path = folder / "song.wav";
    Claim claim = new_claim();

    RegistrationCase() { test::write_text(pending, "marked sound"); }

    Registration registration() {
        return {expect_value(sign_record(claim, label)), pending, final_path, expect_value(hash_file(pending))};
    }

    static bool exists(const std::string& name) { return std::filesystem::exists(name); }

    /// Opens the registry as the next program does.
    void reopen() { registry = expect_value(Registry::open(path, Registry::Mode::kWrite)); }

    /// Leaves the intent behind as a program does that was killed before it moved the file, or after.
    void kill_midway(bool is_moved) {
        const Registration begun = registration();
        const pid_t child = fork();
        if (child == 0) {
            const auto store = *open_registry_store(path, StoreMode::kReadWrite);
            static_cast<void>(store->add_intent("{\"final\":\"" + final_path + "\",\"pending\":\"" + pending +
                                                "\",\"record\":" + quoted(begun.record.text) + ",\"sha256\":\"" +
                                                begun.file_hash + "\"}"));
            if (is_moved) {
                std::filesystem::rename(pending, final_path);
            }
            kill(getpid(), SIGKILL);
        }
        ASSERT_EQ(waitpid(child, nullptr, 0), child);
    }

    /// The registration with a fingerprint for the index.
    Registration registration_with_track() {
        Registration with_track = registration();
        with_track.track =
            IndexEntry{{claim.claim_id, claim.recording.isrc, claim.recording.title, "", 0}, {625, {{10, 700, 0}}}};
        return with_track;
    }

    bool index_has_track() const {
        return expect_value(expect_value(Index::open(index_path_of(path), Index::Mode::kRead)).find(claim.claim_id))
            .has_value();
    }

    static std::string quoted(const std::string& text) {
        std::string result = "\"";
        for (const char c : text) {
            result += c == '"' || c == '\\' ? "\\" : "";
            result += c;
        }
        return result + "\"";
    }
};

TEST(Registration, PutsFileAndClaimInPlaceTogether) {
    RegistrationCase c;
    const Entry entry = expect_value(c.registry.publish_with_file(c.registration()));
    EXPECT_EQ(entry.index, 0U);
    EXPECT_EQ(test::read_text(c.final_path), "marked sound");
    EXPECT_FALSE(c.exists(c.pending));
    EXPECT_EQ(c.find_isrc().size(), 1U);
}

TEST(Registration, LeavesNothingWhenTheClaimIsRefused) {
    RegistrationCase c;
    ASSERT_TRUE(c.publish(new_claim())) << "the same recording, already registered";
    expect_failure(c.registry.publish_with_file(c.registration()), ErrorCode::kUsage, {"registered already"});
    EXPECT_FALSE(c.exists(c.pending) || c.exists(c.final_path));
    c.reopen();
    EXPECT_EQ(c.head().size, 1U);
}

TEST(Registration, DoesNotReplaceAFile) {
    RegistrationCase c;
    test::write_text(c.final_path, "precious");
    expect_failure(c.registry.publish_with_file(c.registration()), ErrorCode::kUsage, {"song.wav", "exists already"});
    EXPECT_EQ(test::read_text(c.final_path), "precious");
    EXPECT_FALSE(c.exists(c.pending));
    EXPECT_EQ(c.head().size, 0U);
}

TEST(Registration, PutsTheFingerprintIntoTheIndexToo) {
    RegistrationCase c;
    expect_value(c.registry.publish_with_file(c.registration_with_track()));
    EXPECT_TRUE(c.index_has_track());
    c.reopen();
    EXPECT_TRUE(c.index_has_track());
    EXPECT_TRUE(expect_value(open_registry_store(c.path, StoreMode::kReadOnly))->intents()->empty());
}

TEST(Registration, TakesTheFingerprintBackWhenTheClaimIsRefused) {
    RegistrationCase c;
    ASSERT_TRUE(c.publish(new_claim()));
    EXPECT_FALSE(c.registry.publish_with_file(c.registration_with_track()));
    EXPECT_FALSE(c.index_has_track());
    EXPECT_FALSE(c.exists(c.pending));
}

TEST(Registration, RemovesAFingerprintWhoseClaimNeverCame) {
    RegistrationCase c;
    const IndexEntry track = *c.registration_with_track().track;
    {
        const auto store = expect_value(open_registry_store(c.path, StoreMode::kReadWrite));
        TrackWriter writer = expect_value(TrackWriter::open(*store, index_path_of(c.path)));
        ASSERT_TRUE(writer.add(track)); // and the program dies
    }
    EXPECT_TRUE(c.index_has_track());
    c.reopen();
    EXPECT_FALSE(c.index_has_track());
}

TEST(Registration, IsFinishedAfterADeathBeforeTheFileMoved) {
    RegistrationCase c;
    c.kill_midway(false);
    EXPECT_EQ(c.head().size, 0U);
    c.reopen();
    EXPECT_EQ(c.find_isrc().size(), 1U);
    EXPECT_EQ(test::read_text(c.final_path), "marked sound");
    EXPECT_FALSE(c.exists(c.pending));
    c.reopen();
    EXPECT_EQ(c.head().size, 1U) << "once is enough";
}

TEST(Registration, IsFinishedAfterADeathBetweenFileAndClaim) {
    RegistrationCase c;
    c.kill_midway(true);
    c.reopen();
    EXPECT_EQ(c.find_isrc().size(), 1U);
    EXPECT_TRUE(c.exists(c.final_path));
}

TEST(Registration, IsDroppedWhenItsFileIsGoneOrChanged) {
    {
        RegistrationCase c;
        c.kill_midway(false);
        std::filesystem::remove(c.pending);
        c.reopen();
        EXPECT_EQ(c.head().size, 0U);
    }
    RegistrationCase c;
    c.kill_midway(false);
    test::write_text(c.pending, "torn");
    c.reopen();
    EXPECT_EQ(c.head().size, 0U);
    EXPECT_FALSE(c.exists(c.pending) || c.exists(c.final_path));
}

TEST(Registration, IsUndoneWhenItWouldReplaceAFile) {
    RegistrationCase c;
    c.kill_midway(false);
    test::write_text(c.final_path, "precious");
    c.reopen();
    EXPECT_EQ(test::read_text(c.final_path), "precious");
    EXPECT_FALSE(c.exists(c.pending));
    EXPECT_EQ(c.head().size, 0U);
}

} // namespace
} // namespace wm
