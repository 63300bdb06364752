#include <utility>

#include "store/connection.h"

namespace wm {

Statement::Statement(std::shared_ptr<SqliteConnection> connection, sqlite3_stmt* statement)
    : connection_(std::move(connection)), statement_(statement) {}

Statement::Statement(Statement&& other) noexcept
    : connection_(std::move(other.connection_)), statement_(std::exchange(other.statement_, nullptr)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
    std::swap(connection_, other.connection_);
    std::swap(statement_, other.statement_);
    return *this;
}

Statement::~Statement() {
    sqlite3_finalize(statement_);
}

Result<void> Statement::set(std::initializer_list<SqlValue> values, bool copy) {
    reset();
    const auto lifetime = copy ? SQLITE_TRANSIENT : SQLITE_STATIC;
    int index = 0;
    for (const SqlValue& value : values) {
        ++index;
        int code = SQLITE_OK;
        if (const auto* integer = std::get_if<std::int64_t>(&value)) {
            code = sqlite3_bind_int64(statement_, index, *integer);
        } else if (const auto* real = std::get_if<double>(&value)) {
            code = sqlite3_bind_double(statement_, index, *real);
        } else if (const auto* text = std::get_if<std::string_view>(&value)) {
            // A null pointer would bind NULL instead of an empty text, here and below.
            code = sqlite3_bind_text64(statement_, index, text->data() != nullptr ? text->data() : "", text->size(),
                                       lifetime, SQLITE_UTF8);
        } else if (const auto* blob = std::get_if<std::span<const std::uint8_t>>(&value)) {
            code = blob->empty() ? sqlite3_bind_zeroblob(statement_, index, 0)
                                 : sqlite3_bind_blob64(statement_, index, blob->data(), blob->size(), lifetime);
        } else {
            code = sqlite3_bind_null(statement_, index);
        }
        if (code != SQLITE_OK) {
            return tl::unexpected(sqlite_error(*connection_));
        }
    }
    return {};
}

Result<void> Statement::bind(std::initializer_list<SqlValue> values) {
    return set(values, true);
}

Result<bool> Statement::step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code != SQLITE_DONE) {
        Error error = sqlite_error(*connection_);
        reset();
        return tl::unexpected(std::move(error));
    }
    reset();
    return false;
}

Result<void> Statement::run(std::initializer_list<SqlValue> values) {
    if (Result<void> bound = set(values, false); !bound) {
        return bound;
    }
    Result<bool> has_row = true;
    while (has_row && *has_row) {
        has_row = step();
    }
    sqlite3_clear_bindings(statement_); // they point into the caller's memory
    return has_row.map([](bool) {});
}

void Statement::reset() {
    sqlite3_reset(statement_); // its return value repeats the failure that step() told of
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

double Statement::real(int column) const {
    return sqlite3_column_double(statement_, column);
}

std::string_view Statement::text(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::span<const std::uint8_t> Statement::blob(int column) const {
    const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

} // namespace wm
