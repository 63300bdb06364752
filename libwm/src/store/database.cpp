#include "store/database.h"

#include <cerrno>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/error.h"
#include "store/connection.h"

namespace wm {
namespace {

/// Makes `path` an empty file, which SQLite takes for an empty database. Fails when anything is there.
Result<void> make_file(const std::string& path) {
    const int descriptor = open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno == EEXIST) {
        return fail(ErrorCode::kUsage, fmt::format("{} exists already, and is not overwritten", path));
    }
    if (descriptor < 0) {
        return fail(ErrorCode::kIo, fmt::format("cannot write {}: {}", path, errno_text(errno)));
    }
    close(descriptor);
    return {};
}

Result<void> check_readable(const std::string& path) {
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return fail(ErrorCode::kIo, fmt::format("cannot open {}: {}", path, errno_text(errno)));
    }
    close(descriptor);
    return {};
}

/// SQLite reads a WAL database through an index file beside it. Where this program may not make one, and no other has it open for
/// writing, the file is read as it stands.
bool is_read_as_it_stands(const std::string& path) {
    const std::string folder = std::filesystem::absolute(path).parent_path().string();
    return access(folder.c_str(), W_OK) != 0 && access((path + "-wal").c_str(), F_OK) != 0;
}

/// The path as SQLite's URI syntax has it.
std::string file_uri(const std::string& path, const char* parameters) {
    std::string uri = "file:";
    for (const char c : path) {
        uri += c == '%' || c == '?' || c == '#' ? fmt::format("%{:02x}", static_cast<unsigned>(c)) : std::string(1, c);
    }
    return uri + parameters;
}

Result<std::int64_t> read_number(const Database& database, const char* sql) {
    Result<Statement> statement = database.prepare(sql);
    if (!statement) {
        return tl::unexpected(statement.error());
    }
    return statement->step().map([&](bool has_row) { return has_row ? statement->integer(0) : 0; });
}

/// A file that SQLite made and nobody filled: new, or left so by a program that was killed at its very beginning.
Result<bool> is_empty(const Database& database) {
    return read_number(database, "SELECT count(*) FROM sqlite_schema").map([](std::int64_t count) {
        return count == 0;
    });
}

Result<void> check_kind(const Database& database, const DatabaseKind& kind, OpenMode mode) {
    const Result<std::int64_t> id = read_number(database, "PRAGMA application_id");
    const Result<bool> is_new = id ? is_empty(database) : tl::unexpected(id.error());
    if (!is_new) {
        return tl::unexpected(is_new.error());
    }
    if (*is_new && mode == OpenMode::kReadOnly) {
        return fail(ErrorCode::kFormat, fmt::format("{} is empty, and not {}", database.path(), kind.name));
    }
    if (!*is_new && *id != kind.application_id) {
        return fail(ErrorCode::kFormat,
                    fmt::format("{} is not {}, but another program's database", database.path(), kind.name));
    }
    return {};
}

Result<std::int64_t> read_version(const Database& database, const DatabaseKind& kind) {
    const auto newest = static_cast<std::int64_t>(kind.migrations.size());
    return read_number(database, "PRAGMA user_version").and_then([&](std::int64_t version) -> Result<std::int64_t> {
        if (version < 0 || version > newest) {
            return fail(ErrorCode::kUnsupported,
                        fmt::format("{} has version {}, and this program knows versions up to {}: use a newer wm",
                                    database.path(), version, newest));
        }
        return version;
    });
}

/// Brings the file to the newest version, in one transaction: two programs may try at once.
Result<void> migrate(const Database& database, const DatabaseKind& kind) {
    Result<Transaction> transaction = Transaction::begin(database);
    const Result<std::int64_t> version =
        transaction ? read_version(database, kind) : tl::unexpected(transaction.error());
    if (!version) {
        return tl::unexpected(version.error());
    }
    for (const char* migration : kind.migrations.subspan(static_cast<std::size_t>(*version))) {
        if (Result<void> done = database.execute(migration); !done) {
            return done;
        }
    }
    const std::string stamp = fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kind.application_id,
                                          kind.migrations.size());
    return database.execute(stamp.c_str()).and_then([&] { return transaction->commit(); });
}

Result<void> prepare_for_reading(const Database& database, const DatabaseKind& kind) {
    const Result<std::int64_t> version = read_version(database, kind);
    if (!version) {
        return tl::unexpected(version.error());
    }
    if (*version < static_cast<std::int64_t>(kind.migrations.size())) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("{} has the older version {}: open it once for writing, which brings it to version {}",
                                database.path(), *version, kind.migrations.size()));
    }
    return {};
}

Result<void> prepare_for_writing(const Database& database, const DatabaseKind& kind) {
    const std::string settings = fmt::format(
        "PRAGMA page_size = {}; PRAGMA auto_vacuum = {}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL",
        kind.page_size, kind.can_shrink ? "INCREMENTAL" : "NONE");
    if (Result<void> done = database.execute(settings.c_str()); !done) {
        return done;
    }
    const Result<std::int64_t> version = read_version(database, kind);
    if (!version) {
        return tl::unexpected(version.error());
    }
    return *version == static_cast<std::int64_t>(kind.migrations.size()) ? Result<void>() : migrate(database, kind);
}

} // namespace

Result<Database> Database::open(const std::string& path, const DatabaseKind& kind, OpenMode mode) {
    if (mode == OpenMode::kCreate) {
        return make_file(path)
            .and_then([&] { return open(path, kind, OpenMode::kReadWrite); })
            .map_error([&](Error error) {
                if (error.code != ErrorCode::kUsage) { // else the file is not ours
                    unlink(path.c_str());
                }
                return error;
            });
    }
    // SQLite's own words for a file that cannot be opened do not say why.
    if (Result<void> readable = check_readable(path); !readable) {
        return tl::unexpected(readable.error());
    }
    const bool is_read_only = mode == OpenMode::kReadOnly;
    const std::string uri = file_uri(path, is_read_only && is_read_as_it_stands(path) ? "?immutable=1" : "");
    auto connection = std::make_shared<SqliteConnection>(path, kind.busy_timeout_ms);
    const int access = is_read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (sqlite3_open_v2(uri.c_str(), &connection->handle, access | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr) !=
        SQLITE_OK) {
        return tl::unexpected(sqlite_error(*connection));
    }
    sqlite3_busy_timeout(connection->handle, kind.busy_timeout_ms);
    // The file may come from anybody: its schema gets no say beyond its tables.
    sqlite3_db_config(connection->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(connection->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(connection->handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
    const Database database(connection);
    return check_kind(database, kind, mode)
        .and_then(
            [&] { return is_read_only ? prepare_for_reading(database, kind) : prepare_for_writing(database, kind); })
        .map([&] { return database; });
}

Result<Statement> Database::prepare(std::string_view sql) const {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(connection_->handle, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                           &statement, nullptr) != SQLITE_OK) {
        return tl::unexpected(sqlite_error(*connection_));
    }
    return Statement(connection_, statement);
}

Result<void> Database::execute(const char* sql) const {
    if (sqlite3_exec(connection_->handle, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
        return tl::unexpected(sqlite_error(*connection_));
    }
    return {};
}

std::int64_t Database::num_changes() const {
    return sqlite3_changes64(connection_->handle);
}

std::int64_t Database::last_row_id() const {
    return sqlite3_last_insert_rowid(connection_->handle);
}

const std::string& Database::path() const {
    return connection_->path;
}

Result<Transaction> Transaction::begin(const Database& database, Kind kind) {
    return database.execute(kind == Kind::kWrite ? "BEGIN IMMEDIATE" : "BEGIN").map([&] {
        return Transaction(database);
    });
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(other.database_), is_open_(std::exchange(other.is_open_, false)) {}

Transaction::~Transaction() {
    if (is_open_) {
        // A failure (full disk, lost file) may have rolled back already, and then there is nothing to undo.
        static_cast<void>(database_.execute("ROLLBACK"));
    }
}

Result<void> Transaction::commit() {
    return database_.execute("COMMIT").map([&] { is_open_ = false; });
}

} // namespace wm
