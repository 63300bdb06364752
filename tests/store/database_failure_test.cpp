#include <sqlite3.h>

#include "boxes.h"

namespace wm {
namespace {

using test::expect_failure;
using test::kBoxes;
using test::open_boxes;

TEST(DatabaseFailure, NothingIsCreatedOverAFile) {
    const test::TemporaryFolder folder;
    test::write_text(folder / "boxes.db", "precious");
    expect_failure(Database::open(folder / "boxes.db", kBoxes, OpenMode::kCreate), ErrorCode::kUsage,
                   {"boxes.db", "exists already"});
    EXPECT_EQ(test::read_text(folder / "boxes.db"), "precious");
}

TEST(DatabaseFailure, AMissingFileOrFolderIsNamed) {
    const test::TemporaryFolder folder;
    for (const OpenMode mode : {OpenMode::kReadWrite, OpenMode::kReadOnly}) {
        expect_failure(Database::open(folder / "missing.db", kBoxes, mode), ErrorCode::kIo,
                       {"missing.db", "No such file"});
    }
    expect_failure(Database::open(folder / "no/such.db", kBoxes, OpenMode::kCreate), ErrorCode::kIo,
                   {"no/such.db", "No such file"});
    EXPECT_EQ(folder.num_entries(), 0U);
}

TEST(DatabaseFailure, OtherFilesAreToldApart) {
    const test::TemporaryFolder folder;
    test::write_text(folder / "text.db", std::string(5000, 'x'));
    test::write_text(folder / "empty.db", "");
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open((folder / "other.db").c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "CREATE TABLE t (x)", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(other);
    const std::string other_bytes = test::read_text(folder / "other.db");

    for (const OpenMode mode : {OpenMode::kReadWrite, OpenMode::kReadOnly}) {
        expect_failure(Database::open(folder / "text.db", kBoxes, mode), ErrorCode::kFormat,
                       {"text.db", "not a database"});
        expect_failure(Database::open(folder / "other.db", kBoxes, mode), ErrorCode::kFormat,
                       {"other.db", "not a box list"});
        EXPECT_FALSE(Database::open(folder.path(), kBoxes, mode));
    }
    expect_failure(Database::open(folder / "empty.db", kBoxes, OpenMode::kReadOnly), ErrorCode::kFormat,
                   {"empty.db", "empty", "a box list"});
    EXPECT_EQ(test::read_text(folder / "other.db"), other_bytes);
}

TEST(DatabaseFailure, VersionsOutOfReachSayWhatToDo) {
    const test::TemporaryFolder folder;
    open_boxes(folder / "new.db", OpenMode::kCreate);
    expect_failure(Database::open(folder / "new.db", test::kOldBoxes, OpenMode::kReadWrite), ErrorCode::kUnsupported,
                   {"new.db", "version 2", "up to 1", "newer"});
    open_boxes(folder / "old.db", OpenMode::kCreate, test::kOldBoxes);
    expect_failure(Database::open(folder / "old.db", kBoxes, OpenMode::kReadOnly), ErrorCode::kUnsupported,
                   {"old.db", "version 1", "for writing"});
}

TEST(DatabaseFailure, ASecondWriterIsToldToWait) {
    const test::TemporaryFolder folder;
    const Database first = open_boxes(folder / "boxes.db", OpenMode::kCreate);
    const Database second = open_boxes(folder / "boxes.db", OpenMode::kReadWrite);
    const Result<Transaction> transaction = Transaction::begin(first);
    ASSERT_TRUE(transaction);
    expect_failure(Transaction::begin(second), ErrorCode::kIo, {"boxes.db", "another program", "try again"});
}

TEST(DatabaseFailure, AReadOnlyDatabaseIsNotWritten) {
    const test::TemporaryFolder folder;
    open_boxes(folder / "boxes.db", OpenMode::kCreate);
    const Database database = open_boxes(folder / "boxes.db", OpenMode::kReadOnly);
    expect_failure(database.execute("INSERT INTO box (content) VALUES (1)"), ErrorCode::kIo, {"boxes.db", "read-only"});
}

TEST(DatabaseFailure, AFullDiskUndoesTheWholeChange) {
    const test::TemporaryFolder folder;
    const Database database = open_boxes(folder / "boxes.db", OpenMode::kCreate);
    ASSERT_TRUE(database.execute("INSERT INTO box (content) VALUES (1); PRAGMA max_page_count = 4"));
    {
        const Result<Transaction> transaction = Transaction::begin(database);
        ASSERT_TRUE(database.execute("INSERT INTO box (content) VALUES (2)"));
        expect_failure(database.execute("INSERT INTO box (content) VALUES (zeroblob(100000))"), ErrorCode::kIo,
                       {"boxes.db", "full", "nothing of this change"});
    }
    EXPECT_EQ(test::count_boxes(database), 1);
}

TEST(DatabaseFailure, DamageIsReported) {
    const test::TemporaryFolder folder;
    const std::string path = folder / "boxes.db";
    ASSERT_TRUE(open_boxes(path, OpenMode::kCreate)
                    .execute("WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k LIMIT 1000)"
                             "INSERT INTO box (content) SELECT hex(randomblob(100)) FROM k"));
    std::string bytes = test::read_text(path);
    ASSERT_GT(bytes.size(), 12'288U);
    std::fill(bytes.begin() + 4096, bytes.begin() + 12'288, '\xaa'); // the table's root and first leaf
    test::write_text(path, bytes);
    const Database database = open_boxes(path, OpenMode::kReadOnly);
    Statement statement = *database.prepare("SELECT sum(length(content)) FROM box");
    expect_failure(statement.step(), ErrorCode::kFormat, {"boxes.db", "damaged", "copy"});
}

TEST(DatabaseFailure, WrongSqlAndBrokenConstraintsAreBugs) {
    const test::TemporaryFolder folder;
    const Database database = open_boxes(folder / "boxes.db", OpenMode::kCreate);
    expect_failure(database.prepare("SELECT nothing FROM box"), ErrorCode::kInternal, {"boxes.db", "nothing"});
    ASSERT_TRUE(database.execute("INSERT INTO box (id) VALUES (1)"));
    expect_failure(database.execute("INSERT INTO box (id) VALUES (1)"), ErrorCode::kInternal, {"box.id"});
}

} // namespace
} // namespace wm
