#pragma once

/// SQLite as the library uses it: one file, many readers beside one writer (WAL), every commit on the disk before it returns.

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "wm/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace wm {

/// What one kind of database file holds, and how it came to be so.
struct DatabaseKind {
    const char* name;                        ///< for messages, with its article: "a registry"
    std::int32_t application_id;             ///< SQLite's header field of that name: tells our files from others'
    std::span<const char* const> migrations; ///< SQL; migrations[k] brings version k to k + 1, and none is ever changed
    int page_size = 4096;                    ///< bytes, of new files
    int busy_timeout_ms = 10'000;            ///< how long a writer waits for another before it gives up
    bool can_shrink = false; ///< of new files: PRAGMA incremental_vacuum gives freed pages back
};

enum class OpenMode {
    kCreate,    ///< the file must not exist
    kReadWrite, ///< the file must exist; an older version is migrated
    kReadOnly,
};

/// What a parameter of a statement is set to. Text and blobs are seen, not owned.
using SqlValue = std::variant<std::nullptr_t, std::int64_t, double, std::string_view, std::span<const std::uint8_t>>;

struct SqliteConnection; // store/connection.h
class Statement;

/// An open database file. Statements keep it open.
///
/// threads  one at a time for a Database with its Statements; several may be open on one file
class Database {
public:
    /// Opens `path`, checks that it is of this kind and of a known version, and migrates it where the mode allows.
    /// errors   kUsage (kCreate, and the file exists), kIo (missing, not permitted, disk full, another writer for
    ///          longer than the kind's timeout), kFormat (not a database, of another kind, damaged), kUnsupported (written by
    ///          a newer version; for kReadOnly also an older one)
    static Result<Database> open(const std::string& path, const DatabaseKind& kind, OpenMode mode);

    /// Compiles one SQL statement, its parameters written as `?`. errors: as step()
    Result<Statement> prepare(std::string_view sql) const;

    /// Runs SQL that has no parameters and whose rows nobody wants; several statements may be divided by semicolons.
    Result<void> execute(const char* sql) const;

    /// Rows that the last INSERT, UPDATE or DELETE changed: 0 tells that an `ON CONFLICT DO NOTHING` found a conflict.
    std::int64_t num_changes() const;

    /// The row id of the last INSERT.
    std::int64_t last_row_id() const;

    const std::string& path() const;

private:
    friend class Statement;

    explicit Database(std::shared_ptr<SqliteConnection> connection) : connection_(std::move(connection)) {}
    std::shared_ptr<SqliteConnection> connection_;
};

/// A compiled statement: bind, step through its rows, read their columns; then bind again.
class Statement {
public:
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;
    ~Statement();

    /// Ends what was under way and sets all parameters, which are copied.
    Result<void> bind(std::initializer_list<SqlValue> values);

    /// The next row. False when there is none; the statement can then be bound again.
    /// errors   kIo (another writer, read-only, disk full or failing), kFormat (the file is damaged), kInternal (a
    ///          constraint does not hold, wrong SQL)
    Result<bool> step();

    /// bind() without the copies, and step() to the end: for statements that give no rows.
    Result<void> run(std::initializer_list<SqlValue> values);

    /// Ends what is under way, and lets go of the reader's view of the file. step() at the last row does so too.
    void reset();

    /// Columns of the row that step() arrived at, from 0. What they point to lives until the next call of another member.
    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string_view text(int column) const;
    std::span<const std::uint8_t> blob(int column) const;

private:
    friend class Database;
    Statement(std::shared_ptr<SqliteConnection> connection, sqlite3_stmt* statement);
    Result<void> set(std::initializer_list<SqlValue> values, bool copy);

    std::shared_ptr<SqliteConnection> connection_;
    sqlite3_stmt* statement_;
};

/// BEGIN to COMMIT; undone on destruction when it was not committed.
class Transaction {
public:
    enum class Kind {
        kWrite, ///< holds the writer's lock from the beginning: what it read stays true until it commits
        kRead,  ///< all reads see the file as it was at the first of them
    };

    /// errors   as Statement::step()
    static Result<Transaction> begin(const Database& database, Kind kind = Kind::kWrite);

    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();

    /// Returns when the changes are on the disk. errors: as Statement::step(); nothing was then changed
    Result<void> commit();

private:
    explicit Transaction(const Database& database) : database_(database) {}
    Database database_;
    bool is_open_ = true;
};

} // namespace wm
