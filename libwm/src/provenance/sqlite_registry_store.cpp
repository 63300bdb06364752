#include <array>

#include <fmt/format.h>

#include "provenance/registry_store.h"
#include "store/database.h"

namespace wm {
namespace {

constexpr std::array<const char*, 1> kMigrations = {R"sql(
    CREATE TABLE entry (
        idx INTEGER PRIMARY KEY,
        time_ms INTEGER NOT NULL,
        subject TEXT NOT NULL,
        text TEXT NOT NULL
    );
    CREATE INDEX entry_time ON entry (time_ms);
    CREATE TABLE lookup (
        kind INTEGER NOT NULL,
        value TEXT NOT NULL,
        idx INTEGER NOT NULL REFERENCES entry (idx),
        PRIMARY KEY (kind, value, idx)
    ) WITHOUT ROWID;
    CREATE TABLE node (
        level INTEGER NOT NULL,
        idx INTEGER NOT NULL,
        hash BLOB NOT NULL,
        PRIMARY KEY (level, idx)
    ) WITHOUT ROWID;
    CREATE TABLE intent (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL);
    CREATE TABLE seal (id INTEGER PRIMARY KEY CHECK (id = 1), text TEXT NOT NULL);
    CREATE TRIGGER entry_stays BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
    CREATE TRIGGER entry_stays_as_it_is BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
)sql"};

constexpr DatabaseKind kRegistryKind = {"a registry", 0x776d7267 /* wmrg */, kMigrations};

std::int64_t signed_of(std::uint64_t number) {
    return static_cast<std::int64_t>(number);
}

/// The statements that a store uses over and over.
struct Statements {
    Statement size;
    Statement size_at;
    Statement read;
    Statement find;
    Statement scan;
    Statement has_key;
    Statement num_keys;
    Statement node;
    Statement add_entry;
    Statement add_key;
    Statement add_node;
};

class SqliteRegistryStore final : public RegistryStore {
public:
    SqliteRegistryStore(Database database, Statements statements)
        : database_(std::move(database)), statements_(std::move(statements)) {}

    Result<std::uint64_t> size() override { return count(statements_.size, {}); }

    Result<std::uint64_t> size_at(std::int64_t time_ms) override { return count(statements_.size_at, {time_ms}); }

    Result<std::optional<LogEntry>> read(std::uint64_t index) override {
        Statement& statement = statements_.read;
        return statement.bind({signed_of(index)}).and_then([&] { return statement.step(); }).map([&](bool has_row) {
            std::optional<LogEntry> entry;
            if (has_row) {
                entry = entry_of(statement);
                statement.reset();
            }
            return entry;
        });
    }

    Result<std::vector<LogEntry>> find(const LookupKey& key, std::uint64_t end) override {
        Statement& statement = statements_.find;
        std::vector<LogEntry> entries;
        Result<bool> has_row =
            statement.bind({std::int64_t{static_cast<std::uint8_t>(key.kind)}, key.value, signed_of(end)})
                .and_then([&] { return statement.step(); });
        while (has_row && *has_row) {
            entries.push_back(entry_of(statement));
            if (entries.back().subject.empty()) {
                statement.reset();
                return fail(ErrorCode::kFormat, fmt::format("{} is damaged: entry {} of its log is missing: restore it "
                                                            "from a copy",
                                                            database_.path(), entries.back().index));
            }
            has_row = statement.step();
        }
        return has_row.map([&](bool) { return std::move(entries); });
    }

    Result<void> scan(std::uint64_t begin, const std::function<bool(const LogEntry&)>& visit) override {
        Statement& statement = statements_.scan;
        Result<bool> has_row = statement.bind({signed_of(begin)}).and_then([&] { return statement.step(); });
        while (has_row && *has_row && visit(entry_of(statement))) {
            has_row = statement.step();
        }
        statement.reset();
        return has_row.map([](bool) {});
    }

    Result<bool> has_key(const LookupKey& key, std::uint64_t index) override {
        Statement& statement = statements_.has_key;
        return statement.bind({std::int64_t{static_cast<std::uint8_t>(key.kind)}, key.value, signed_of(index)})
            .and_then([&] { return statement.step(); })
            .map([&](bool has_row) {
                statement.reset();
                return has_row;
            });
    }

    Result<std::uint64_t> num_keys() override { return count(statements_.num_keys, {}); }

    Result<Hash> node(unsigned level, std::uint64_t index) override {
        Statement& statement = statements_.node;
        const Result<bool> has_row =
            statement.bind({std::int64_t{level}, signed_of(index)}).and_then([&] { return statement.step(); });
        if (!has_row) {
            return tl::unexpected(has_row.error());
        }
        Hash hash;
        const std::span<const std::uint8_t> stored = *has_row ? statement.blob(0) : std::span<const std::uint8_t>();
        if (stored.size() != hash.size()) {
            return fail(ErrorCode::kFormat,
                        fmt::format("{} is damaged: the hash of subtree {} on level {} of its log is missing: "
                                    "restore it from a copy",
                                    database_.path(), index, level));
        }
        std::copy(stored.begin(), stored.end(), hash.begin());
        statement.reset();
        return hash;
    }

    Result<bool> append(std::span<const NewEntry> entries, std::optional<std::int64_t> finished_intent) override {
        Result<Transaction> transaction = Transaction::begin(database_);
        const Result<std::uint64_t> end = transaction ? size() : tl::unexpected(transaction.error());
        if (!end) {
            return tl::unexpected(end.error());
        }
        if (!entries.empty() && *end != entries.front().entry.index) {
            return false;
        }
        for (const NewEntry& entry : entries) {
            if (Result<void> added = add(entry); !added) {
                return tl::unexpected(added.error());
            }
        }
        Result<void> forgotten = finished_intent ? remove_intent(*finished_intent) : Result<void>();
        return forgotten.and_then([&] { return transaction->commit(); }).map([] { return true; });
    }

    Result<std::int64_t> add_intent(const std::string& text) override {
        return database_.prepare("INSERT INTO intent (text) VALUES (?)")
            .and_then([&](Statement statement) { return statement.run({text}); })
            .map([&] { return database_.last_row_id(); });
    }

    Result<void> remove_intent(std::int64_t id) override {
        return database_.prepare("DELETE FROM intent WHERE id = ?").and_then([&](Statement statement) {
            return statement.run({id});
        });
    }

    Result<std::vector<Intent>> intents() override {
        Result<Statement> statement = database_.prepare("SELECT id, text FROM intent ORDER BY id");
        std::vector<Intent> intents;
        Result<bool> has_row = statement ? statement->step() : tl::unexpected(statement.error());
        while (has_row && *has_row) {
            intents.push_back({statement->integer(0), std::string(statement->text(1))});
            has_row = statement->step();
        }
        return has_row.map([&](bool) { return std::move(intents); });
    }

    Result<void> copy_to(const std::string& path) override {
        return database_.prepare("VACUUM INTO ?").and_then([&](Statement statement) { return statement.run({path}); });
    }

    Result<void> set_seal(const std::string& text) override {
        return database_.prepare("INSERT OR REPLACE INTO seal (id, text) VALUES (1, ?)")
            .and_then([&](Statement statement) { return statement.run({text}); });
    }

    Result<void> remove_seal() override { return database_.execute("DELETE FROM seal; DELETE FROM intent"); }

    Result<std::optional<std::string>> seal() override {
        Result<Statement> statement = database_.prepare("SELECT text FROM seal");
        const Result<bool> has_row = statement ? statement->step() : tl::unexpected(statement.error());
        return has_row.map(
            [&](bool has) { return has ? std::optional(std::string(statement->text(0))) : std::nullopt; });
    }

private:
    static Result<std::uint64_t> count(Statement& statement, std::initializer_list<SqlValue> values) {
        return statement.bind(values).and_then([&] { return statement.step(); }).map([&](bool has_row) {
            const auto number = static_cast<std::uint64_t>(has_row ? statement.integer(0) : 0);
            statement.reset();
            return number;
        });
    }

    static LogEntry entry_of(const Statement& row) {
        return {static_cast<std::uint64_t>(row.integer(0)), row.integer(1), std::string(row.text(2)),
                std::string(row.text(3))};
    }

    Result<void> add(const NewEntry& added) {
        const std::int64_t index = signed_of(added.entry.index);
        Result<void> done =
            statements_.add_entry.run({index, added.entry.time_ms, added.entry.subject, added.entry.text});
        for (const LookupKey& key : added.keys) {
            done = done.and_then([&] {
                return statements_.add_key.run({std::int64_t{static_cast<std::uint8_t>(key.kind)}, key.value, index});
            });
        }
        for (const TreeNode& node : added.nodes) {
            done = done.and_then([&] {
                return statements_.add_node.run(
                    {std::int64_t{node.level}, signed_of(node.index), std::span<const std::uint8_t>(node.hash)});
            });
        }
        return done;
    }

    Database database_;
    Statements statements_;
};

/// Prepares one statement after the other, until one fails.
class Preparation {
public:
    explicit Preparation(const Database& database) : database_(database) {}

    void add(const char* sql) {
        Result<Statement> statement = database_.prepare(sql);
        if (statement) {
            prepared_.push_back(*std::move(statement));
        } else if (!error_) {
            error_ = statement.error();
        }
    }

    Result<Statements> finish() {
        if (error_) {
            return tl::unexpected(*error_);
        }
        std::vector<Statement>& p = prepared_;
        return Statements{std::move(p[0]), std::move(p[1]), std::move(p[2]), std::move(p[3]),
                          std::move(p[4]), std::move(p[5]), std::move(p[6]), std::move(p[7]),
                          std::move(p[8]), std::move(p[9]), std::move(p[10])};
    }

private:
    const Database& database_;
    std::vector<Statement> prepared_;
    std::optional<Error> error_;
};

Result<Statements> prepare_statements(const Database& database) {
    Preparation preparation(database);
    for (const char* sql : {
             "SELECT idx + 1 FROM entry ORDER BY idx DESC LIMIT 1",
             "SELECT idx + 1 FROM entry WHERE time_ms <= ? ORDER BY time_ms DESC, idx DESC LIMIT 1",
             "SELECT idx, time_ms, subject, text FROM entry WHERE idx = ?",
             "SELECT lookup.idx, time_ms, subject, text FROM lookup LEFT JOIN entry ON entry.idx = lookup.idx "
             "WHERE kind = ? AND value = ? AND lookup.idx < ? ORDER BY lookup.idx",
             "SELECT idx, time_ms, subject, text FROM entry WHERE idx >= ? ORDER BY idx",
             "SELECT 1 FROM lookup WHERE kind = ? AND value = ? AND idx = ?",
             "SELECT count(*) FROM lookup",
             "SELECT hash FROM node WHERE level = ? AND idx = ?",
             "INSERT INTO entry (idx, time_ms, subject, text) VALUES (?, ?, ?, ?)",
             "INSERT INTO lookup (kind, value, idx) VALUES (?, ?, ?)",
             "INSERT INTO node (level, idx, hash) VALUES (?, ?, ?)",
         }) {
        preparation.add(sql);
    }
    return preparation.finish();
}

} // namespace

std::string licensee_key(const std::string& subject, const std::string& licensee) {
    return subject + '\n' + licensee;
}

std::string path_in(const std::string& url) {
    constexpr std::string_view kScheme = "sqlite:";
    return url.starts_with(kScheme) ? url.substr(kScheme.size()) : url;
}

Result<std::unique_ptr<RegistryStore>> open_registry_store(const std::string& url, StoreMode mode) {
    if (const std::size_t scheme_end = url.find("://"); scheme_end != std::string::npos) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("{}: this program opens registries in files only: write a path, or "
                                "sqlite:PATH",
                                url));
    }
    const OpenMode open_mode = mode == StoreMode::kCreate      ? OpenMode::kCreate
                               : mode == StoreMode::kReadWrite ? OpenMode::kReadWrite
                                                               : OpenMode::kReadOnly;
    return Database::open(path_in(url), kRegistryKind, open_mode)
        .and_then([](const Database& database) -> Result<std::unique_ptr<RegistryStore>> {
            return prepare_statements(database).map([&](Statements statements) -> std::unique_ptr<RegistryStore> {
                return std::make_unique<SqliteRegistryStore>(database, std::move(statements));
            });
        });
}

} // namespace wm
