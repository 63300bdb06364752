#pragma once

#include <array>

#include "store/database.h"
#include "temporary_folder.h"

namespace wm::test {

inline constexpr std::array<const char*, 2> kBoxMigrations = {
    "CREATE TABLE box (id INTEGER PRIMARY KEY, content)",
    "ALTER TABLE box ADD COLUMN weight REAL NOT NULL DEFAULT 1",
};

/// A kind of database for these tests, in its two versions.
inline constexpr DatabaseKind kOldBoxes = {"a box list", 0x626f7831, std::span(kBoxMigrations).first(1), 4096, 100};
inline constexpr DatabaseKind kBoxes = {"a box list", 0x626f7831, kBoxMigrations, 4096, 100};

inline Database open_boxes(const std::string& path, OpenMode mode, const DatabaseKind& kind = kBoxes) {
    Result<Database> database = Database::open(path, kind, mode);
    EXPECT_TRUE(database) << database.error().message;
    return *database;
}

inline std::int64_t count_boxes(const Database& database) {
    Result<Statement> statement = database.prepare("SELECT count(*) FROM box");
    EXPECT_TRUE(statement && statement->step().value_or(false));
    return statement->integer(0);
}

/// That `result` failed with `code`, and that its message has each of `words`.
template <class T>
void expect_failure(const Result<T>& result, ErrorCode code, std::initializer_list<std::string_view> words) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, code) << result.error().message;
    for (const std::string_view word : words) {
        EXPECT_NE(result.error().message.find(word), std::string::npos)
            << result.error().message << "\nlacks: " << word;
    }
}

} // namespace wm::test
