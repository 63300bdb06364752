#pragma once

#include <string>

#include <sqlite3.h>

#include "store/database.h"

namespace wm {

/// The handle, and what messages need to know about it.
struct SqliteConnection {
    SqliteConnection(std::string file, int timeout_ms) : path(std::move(file)), busy_timeout_ms(timeout_ms) {}
    ~SqliteConnection() { sqlite3_close_v2(handle); }
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;

    std::string path;
    int busy_timeout_ms;
    sqlite3* handle = nullptr;
};

/// What SQLite's last failure on `connection` means to a person: what, where, and what to do.
Error sqlite_error(const SqliteConnection& connection);

} // namespace wm
