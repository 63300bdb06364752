#include "journal.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace wm::cli {
namespace {

using test::TemporaryFolder;

const Document kTask = {{"input", "a"}, {"output", "a.wav"}, {"strength", 0.7}};
const Document kMarked = {{"id", "00000000000000aa"}, {"audio_hash", "0123"}};

TEST(Journal, RemembersWhatWasPlannedAndWhatWasDone) {
    const TemporaryFolder folder;
    {
        const auto journal = Journal::open(folder.path());
        ASSERT_TRUE(journal.has_value()) << journal.error().message;
        ASSERT_TRUE((*journal)->append_planned(kTask, 0xaa).has_value());
        EXPECT_FALSE((*journal)->find("a.wav", kTask).has_value()) << "only what an earlier run wrote counts";
    }
    {
        const auto journal = Journal::open(folder.path());
        const auto planned = (*journal)->find("a.wav", kTask);
        ASSERT_TRUE(planned.has_value());
        EXPECT_EQ(planned->id, 0xaaU);
        EXPECT_EQ(planned->audio_hash, "");
        ASSERT_TRUE((*journal)->append_marked(kTask, kMarked).has_value());
    }
    const auto journal = Journal::read(folder.path());
    EXPECT_EQ((*journal)->find("a.wav", kTask)->audio_hash, "0123");
}

TEST(Journal, AnotherTaskForTheSameOutputIsNotTheSame) {
    const TemporaryFolder folder;
    ASSERT_TRUE((*Journal::open(folder.path()))->append_planned(kTask, 1).has_value());
    Document louder = kTask;
    louder["strength"] = 0.8;
    const auto journal = Journal::read(folder.path());
    EXPECT_TRUE((*journal)->find("a.wav", kTask).has_value());
    EXPECT_FALSE((*journal)->find("a.wav", louder).has_value());
}

TEST(Journal, PassesOverTornAndForeignLines) {
    const TemporaryFolder folder;
    ASSERT_TRUE((*Journal::open(folder.path()))->append_planned(kTask, 1).has_value());
    {
        std::ofstream file(std::filesystem::path(folder.path()) / "wm-journal.ndjson", std::ios::app);
        file << "\n[1]\n{\"schema\":3}\n{\"schema\":\"wm.journal/1\",\"task\":{},\"id\":4}\n{\"schema\":\"wm.jour";
    }
    const auto journal = Journal::open(folder.path());
    ASSERT_TRUE(journal.has_value());
    EXPECT_TRUE((*journal)->find("a.wav", kTask).has_value());
    ASSERT_TRUE((*journal)->append_marked(kTask, kMarked).has_value());
    EXPECT_EQ((*Journal::read(folder.path()))->find("a.wav", kTask)->audio_hash, "0123");
}

TEST(Journal, IsHeldByOneRunAtATime) {
    const TemporaryFolder folder;
    const auto first = Journal::open(folder.path());
    ASSERT_TRUE(first.has_value());
    const auto second = Journal::open(folder.path());
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().code, ErrorCode::kUsage);
}

TEST(Journal, AMissingFolderIsAnEmptyJournalToReadAndAnErrorToWrite) {
    EXPECT_TRUE(Journal::read("/no/such/folder").has_value());
    EXPECT_FALSE(Journal::open("/no/such/folder").has_value());
}

} // namespace
} // namespace wm::cli
