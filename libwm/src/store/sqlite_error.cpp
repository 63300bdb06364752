#include <fmt/format.h>

#include "base/error.h"
#include "store/connection.h"

namespace wm {

Error sqlite_error(const SqliteConnection& connection) {
    const std::string& path = connection.path;
    sqlite3* const handle = connection.handle;
    switch (const int code = sqlite3_errcode(handle)) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {ErrorCode::kIo,
                fmt::format("{} is being written by another program; {} s were waited in vain: try again "
                            "when that is done",
                            path, connection.busy_timeout_ms / 1000)};
    case SQLITE_READONLY:
        return {ErrorCode::kIo, fmt::format("cannot write {}: it, its folder or its disk is read-only", path)};
    case SQLITE_FULL:
        return {ErrorCode::kIo,
                fmt::format("cannot write {}: its disk is full; nothing of this change was kept, so free "
                            "some space and try again",
                            path)};
    case SQLITE_NOTADB:
        return {ErrorCode::kFormat, fmt::format("{} is not a database, or its first bytes are damaged", path)};
    case SQLITE_CORRUPT:
        return {ErrorCode::kFormat,
                fmt::format("{} is damaged ({}): restore it from a copy", path, sqlite3_errmsg(handle))};
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_PERM:
    case SQLITE_AUTH: {
        const int error_number = sqlite3_system_errno(handle);
        return {ErrorCode::kIo,
                fmt::format("cannot {} {}: {}", code == SQLITE_CANTOPEN ? "open" : "read or write", path,
                            error_number != 0 ? errno_text(error_number) : sqlite3_errmsg(handle))};
    }
    case SQLITE_NOMEM:
        return {ErrorCode::kIo, fmt::format("no memory left while reading {}", path)};
    default:
        return {ErrorCode::kInternal, fmt::format("{}: {}", path, sqlite3_errmsg(handle))};
    }
}

} // namespace wm
