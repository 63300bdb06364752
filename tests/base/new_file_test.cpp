#include "base/new_file.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace wm {
namespace {

TEST(NewFile, WritesItsBytesForTheOwnerAloneWhateverTheUmask) {
    const test::TemporaryFolder folder;
    const mode_t old_mask = umask(0);
    const Result<void> written = write_new_file(folder / "a.key", std::string_view("secret\n"));
    umask(old_mask);
    ASSERT_TRUE(written) << written.error().message;
    EXPECT_EQ(test::read_text(folder / "a.key"), "secret\n");
    struct stat status {};
    ASSERT_EQ(stat((folder / "a.key").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    EXPECT_EQ(folder.num_entries(), 1U);
}

TEST(NewFile, NeverReplacesAFile) {
    const test::TemporaryFolder folder;
    test::write_text(folder / "a.key", "precious");
    const Result<void> written = write_new_file(folder / "a.key", std::string_view("other"));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::kUsage);
    EXPECT_EQ(test::read_text(folder / "a.key"), "precious");
    EXPECT_EQ(folder.num_entries(), 1U);
}

TEST(NewFile, DoesNotFollowADanglingLink) {
    const test::TemporaryFolder folder;
    std::filesystem::create_symlink(folder / "elsewhere", folder / "a.key");
    const Result<void> written = write_new_file(folder / "a.key", std::string_view("secret"));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::kUsage);
    EXPECT_FALSE(std::filesystem::exists(folder / "elsewhere"));
    EXPECT_EQ(folder.num_entries(), 1U);
}

TEST(NewFile, SaysWhyAMissingFolderCannotBeWritten) {
    const test::TemporaryFolder folder;
    const Result<void> written = write_new_file(folder / "missing/a.key", std::string_view("secret"));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::kIo);
    EXPECT_NE(written.error().message.find("missing/a.key"), std::string::npos);
    EXPECT_NE(written.error().message.find("No such file or directory"), std::string::npos);
}

TEST(NewFile, LeavesNothingWhenTheDiskHasNoRoom) {
    const test::TemporaryFolder folder;
    // A file size limit fails a write midway, as a full disk does.
    rlimit old_limit{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old_limit), 0);
    const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{10, old_limit.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    const Result<void> written = write_new_file(folder / "a.key", std::string_view("more than ten bytes"));
    setrlimit(RLIMIT_FSIZE, &old_limit);
    std::signal(SIGXFSZ, old_handler);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::kIo);
    EXPECT_EQ(folder.num_entries(), 0U);
}

} // namespace
} // namespace wm
