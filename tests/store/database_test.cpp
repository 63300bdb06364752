#include <sys/wait.h>
#include <unistd.h>

#include "boxes.h"

namespace wm {
namespace {

using test::kBoxes;
using test::open_boxes;

TEST(Database, GivesBackWhatWasBound) {
    const test::TemporaryFolder folder;
    const Database database = open_boxes(folder / "boxes.db", OpenMode::kCreate);
    Statement insert = *database.prepare("INSERT INTO box (content) VALUES (?)");
    const std::array<std::uint8_t, 4> bytes = {0, 1, 0, 255};
    constexpr std::string_view kText("a\0b", 3);
    for (const SqlValue& value : std::initializer_list<SqlValue>{
             std::int64_t{-9'000'000'000'000'000'000}, 0.1, kText, std::span<const std::uint8_t>(bytes),
             std::string_view(), std::span<const std::uint8_t>(), nullptr}) {
        ASSERT_TRUE(insert.run({value}));
        EXPECT_EQ(database.num_changes(), 1);
    }
    EXPECT_EQ(database.last_row_id(), 7);

    Statement select = *database.prepare("SELECT content, typeof(content) FROM box WHERE id >= ? ORDER BY id");
    ASSERT_TRUE(select.bind({std::int64_t{1}}));
    ASSERT_TRUE(*select.step());
    EXPECT_EQ(select.integer(0), -9'000'000'000'000'000'000);
    ASSERT_TRUE(*select.step());
    EXPECT_EQ(select.real(0), 0.1);
    ASSERT_TRUE(*select.step());
    EXPECT_EQ(select.text(0), kText);
    ASSERT_TRUE(*select.step());
    EXPECT_TRUE(std::ranges::equal(select.blob(0), bytes));
    ASSERT_TRUE(*select.step());
    EXPECT_EQ(select.text(1), "text");
    EXPECT_EQ(select.text(0), "");
    ASSERT_TRUE(*select.step());
    EXPECT_EQ(select.text(1), "blob");
    EXPECT_TRUE(select.blob(0).empty());
    ASSERT_TRUE(*select.step());
    EXPECT_TRUE(select.is_null(0));
    EXPECT_FALSE(*select.step());

    ASSERT_TRUE(select.bind({std::int64_t{7}})) << "a statement can be used again";
    EXPECT_TRUE(*select.step());
    EXPECT_FALSE(*select.step());
}

TEST(Database, OpensPathsThatSQLiteWouldReadAsSomethingElse) {
    const test::TemporaryFolder folder;
    for (const char* name : {"a b.db", "50%41.db", "what?mode=memory", "x#y", ":memory:"}) {
        const std::string path = folder / name;
        ASSERT_TRUE(open_boxes(path, OpenMode::kCreate).execute("INSERT INTO box (content) VALUES (1)"));
        EXPECT_EQ(test::count_boxes(open_boxes(path, OpenMode::kReadOnly)), 1) << name;
        EXPECT_GT(std::filesystem::file_size(path), 0U);
    }
}

TEST(Database, MigratesAnOlderFileAndKeepsItsRows) {
    const test::TemporaryFolder folder;
    const std::string path = folder / "boxes.db";
    ASSERT_TRUE(
        open_boxes(path, OpenMode::kCreate, test::kOldBoxes).execute("INSERT INTO box (content) VALUES ('kept')"));
    const Database database = open_boxes(path, OpenMode::kReadWrite);
    Statement select = *database.prepare("SELECT content, weight FROM box");
    ASSERT_TRUE(*select.step());
    EXPECT_EQ(select.text(0), "kept");
    EXPECT_EQ(select.real(1), 1);
}

TEST(Database, TakesUpAFileThatWasLeftEmptyByAKilledProgram) {
    const test::TemporaryFolder folder;
    test::write_text(folder / "boxes.db", "");
    EXPECT_EQ(test::count_boxes(open_boxes(folder / "boxes.db", OpenMode::kReadWrite)), 0);
}

TEST(Database, KeepsWhatWasCommittedWhenTheProgramDies) {
    const test::TemporaryFolder folder;
    const std::string path = folder / "boxes.db";
    const pid_t child = fork();
    if (child == 0) {
        const Database database = *Database::open(path, kBoxes, OpenMode::kCreate);
        static_cast<void>(database.execute("INSERT INTO box (content) VALUES ('committed')"));
        static_cast<void>(database.execute("BEGIN; INSERT INTO box (content) VALUES ('under way')"));
        kill(getpid(), SIGKILL);
    }
    ASSERT_EQ(waitpid(child, nullptr, 0), child);
    EXPECT_EQ(test::count_boxes(open_boxes(path, OpenMode::kReadOnly)), 1);
    EXPECT_EQ(test::count_boxes(open_boxes(path, OpenMode::kReadWrite)), 1);
}

TEST(Transaction, IsUndoneUnlessCommitted) {
    const test::TemporaryFolder folder;
    const Database database = open_boxes(folder / "boxes.db", OpenMode::kCreate);
    {
        const Result<Transaction> transaction = Transaction::begin(database);
        ASSERT_TRUE(transaction);
        ASSERT_TRUE(database.execute("INSERT INTO box (content) VALUES (1)"));
        EXPECT_EQ(test::count_boxes(database), 1);
    }
    EXPECT_EQ(test::count_boxes(database), 0);
    {
        Result<Transaction> transaction = Transaction::begin(database);
        ASSERT_TRUE(database.execute("INSERT INTO box (content) VALUES (1)"));
        ASSERT_TRUE(transaction->commit());
    }
    EXPECT_EQ(test::count_boxes(database), 1);
}

TEST(Transaction, ReadersSeeOneStateWhileAWriterGoesOn) {
    const test::TemporaryFolder folder;
    const Database writer = open_boxes(folder / "boxes.db", OpenMode::kCreate);
    const Database reader = open_boxes(folder / "boxes.db", OpenMode::kReadOnly);
    {
        const Result<Transaction> view = Transaction::begin(reader, Transaction::Kind::kRead);
        ASSERT_TRUE(view);
        EXPECT_EQ(test::count_boxes(reader), 0);
        ASSERT_TRUE(writer.execute("INSERT INTO box (content) VALUES (1)"));
        EXPECT_EQ(test::count_boxes(reader), 0);
    }
    EXPECT_EQ(test::count_boxes(reader), 1);
}

} // namespace
} // namespace wm
