#include "wm/upload_signals.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "base/scratch_folder.h"
#include "store/database.h"

namespace wm {
namespace {

/// How far a group is counted.
constexpr std::int64_t kMostCounted = 1000;

constexpr const char* kMigrations[] = {R"(
CREATE TABLE upload (
    number INTEGER PRIMARY KEY,
    file TEXT NOT NULL,
    name TEXT NOT NULL,
    account TEXT NOT NULL,
    time_s INTEGER,
    sound TEXT NOT NULL,
    likeness TEXT NOT NULL, -- empty: like nothing known
    start_s REAL NOT NULL,
    end_s REAL NOT NULL
);
CREATE INDEX upload_sound ON upload (sound);
CREATE INDEX upload_likeness ON upload (likeness);
CREATE INDEX upload_account ON upload (account, time_s);
)"};
constexpr DatabaseKind kLedgerKind = {"a ledger of uploads", 0x776d756c, kMigrations};

/// Uploads with the sound ?1, or (?3 is not empty) whose stretch of ?3 and the one from ?4 to ?5 share ?6 of the shorter one;
/// ?2 itself is not among them.
constexpr const char* kAlike = R"(
SELECT number, file, name, sound = ?1 FROM upload
WHERE number <> ?2 AND sound <> '' AND (sound = ?1 OR
    (likeness = ?3 AND ?3 <> '' AND min(end_s, ?5) - max(start_s, ?4) >= ?6 * min(end_s - start_s, ?5 - ?4)))
ORDER BY number LIMIT ?7)";

std::string name_of(const Upload& upload) {
    return upload.name.empty() ? std::filesystem::path(upload.file).stem().string() : upload.name;
}

std::string others_text(const std::string& first, std::int64_t count) {
    if (count == 1) {
        return first;
    }
    return fmt::format("{} and {}{} more", first, count - 1, count >= kMostCounted ? " or" : "");
}

/// Those that share a recording with an upload.
struct Alike {
    std::int64_t num_exact = 0;
    std::int64_t num_near = 0;
    std::string first_exact;
    std::string first_near;
    std::vector<std::string> names;
};

class SqliteUploadLedger : public UploadLedger {
public:
    SqliteUploadLedger(ScratchFolder folder, Database database)
        : folder_(std::move(folder)), database_(std::move(database)) {}

    Result<void> add(const Upload& upload) override {
        const Likeness likeness = upload.likeness.value_or(Likeness());
        const SqlValue time = upload.time_s ? SqlValue(*upload.time_s) : SqlValue(nullptr);
        const std::string name = name_of(upload);
        return database_.prepare("INSERT OR REPLACE INTO upload VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .and_then([&](Statement statement) {
                return statement.run({upload.number, upload.file, name, upload.account, time, upload.sound,
                                      likeness.key, likeness.start_s, likeness.end_s});
            });
    }

    Result<std::vector<Signal>> signals_of(std::int64_t number, const SignalLimits& limits) override {
        return find(number).and_then([&](const std::optional<Upload>& upload) -> Result<std::vector<Signal>> {
            if (!upload) {
                return std::vector<Signal>();
            }
            std::vector<Signal> signals;
            return add_repeats(*upload, limits, signals)
                .and_then([&] { return add_burst(*upload, limits, signals); })
                .map([&] { return signals; });
        });
    }

private:
    Result<std::optional<Upload>> find(std::int64_t number) const {
        Result<Statement> statement = database_.prepare(
            "SELECT file, name, account, time_s, sound, likeness, start_s, end_s FROM upload WHERE number = ?");
        const Result<bool> is_there = statement.and_then(
            [&](Statement& found) { return found.bind({number}).and_then([&] { return found.step(); }); });
        return is_there.map([&](bool there) -> std::optional<Upload> {
            if (!there) {
                return std::nullopt;
            }
            Upload upload{number,
                          std::string(statement->text(0)),
                          std::string(statement->text(1)),
                          std::string(statement->text(2)),
                          std::nullopt,
                          std::string(statement->text(4)),
                          std::nullopt};
            if (!statement->is_null(3)) {
                upload.time_s = statement->integer(3);
            }
            upload.likeness = Likeness{std::string(statement->text(5)), statement->real(6), statement->real(7)};
            return upload;
        });
    }

    Result<Alike> find_alike(const Upload& upload, const SignalLimits& limits) const {
        Alike alike;
        alike.names.push_back(upload.name);
        return database_.prepare(kAlike)
            .and_then([&](Statement statement) -> Result<void> {
                const Likeness& like = *upload.likeness;
                Result<void> bound = statement.bind({upload.sound, upload.number, like.key, like.start_s, like.end_s,
                                                     limits.duplicate_share, kMostCounted});
                Result<bool> more = bound.and_then([&] { return statement.step(); });
                for (; more && *more; more = statement.step()) {
                    const bool is_exact = statement.integer(3) != 0;
                    std::string& first = is_exact ? alike.first_exact : alike.first_near;
                    first = first.empty() ? std::string(statement.text(1)) : first;
                    ++(is_exact ? alike.num_exact : alike.num_near);
                    alike.names.emplace_back(statement.text(2));
                }
                return more.map([](bool) {});
            })
            .map([&] { return std::move(alike); });
    }

    Result<void> add_repeats(const Upload& upload, const SignalLimits& limits, std::vector<Signal>& signals) const {
        if (upload.sound.empty()) {
            return {};
        }
        return find_alike(upload, limits).map([&](Alike alike) {
            if (alike.num_exact > 0) {
                signals.push_back({"EXACT_DUPLICATE",
                                   "the same samples as " + others_text(alike.first_exact, alike.num_exact), 0, 0, 1});
            }
            if (alike.num_near > 0) {
                signals.push_back({"NEAR_DUPLICATE",
                                   "the same recording as " + others_text(alike.first_near, alike.num_near), 0, 0, 1});
            }
            std::sort(alike.names.begin(), alike.names.end());
            const auto num_names = std::unique(alike.names.begin(), alike.names.end()) - alike.names.begin();
            if (num_names >= limits.many_names) {
                signals.push_back({"MANY_NAMES", fmt::format("one recording under {} names", num_names), 0, 0, 1});
            }
        });
    }

    /// Looks at no more uploads on either side than a burst has.
    Result<std::vector<std::int64_t>> neighbours(const char* sql, const Upload& upload, std::int64_t limit) const {
        std::vector<std::int64_t> times;
        return database_.prepare(sql)
            .and_then([&](Statement statement) -> Result<void> {
                Result<void> bound = statement.bind({upload.account, *upload.time_s, upload.number, limit});
                Result<bool> more = bound.and_then([&] { return statement.step(); });
                for (; more && *more; more = statement.step()) {
                    times.push_back(statement.integer(0));
                }
                return more.map([](bool) {});
            })
            .map([&] { return std::move(times); });
    }

    Result<void> add_burst(const Upload& upload, const SignalLimits& limits, std::vector<Signal>& signals) const {
        if (upload.account.empty() || !upload.time_s) {
            return {};
        }
        constexpr const char* kBefore = "SELECT time_s FROM upload WHERE account = ?1 AND number <> ?3 "
                                        "AND time_s <= ?2 ORDER BY time_s DESC LIMIT ?4";
        constexpr const char* kAfter = "SELECT time_s FROM upload WHERE account = ?1 AND number <> ?3 "
                                       "AND time_s > ?2 ORDER BY time_s LIMIT ?4";
        const auto width = static_cast<std::ptrdiff_t>(limits.burst_uploads);
        return neighbours(kBefore, upload, limits.burst_uploads).and_then([&](std::vector<std::int64_t> times) {
            return neighbours(kAfter, upload, limits.burst_uploads).map([&](const std::vector<std::int64_t>& after) {
                std::reverse(times.begin(), times.end());
                const std::ptrdiff_t own = std::ssize(times); // windows without the upload are others' bursts
                times.push_back(*upload.time_s);
                times.insert(times.end(), after.begin(), after.end());
                for (std::ptrdiff_t k = std::max<std::ptrdiff_t>(0, own - width + 1);
                     k <= own && k + width <= std::ssize(times); ++k) {
                    const auto first = times.begin() + k;
                    if (static_cast<double>(first[width - 1] - first[0]) <= limits.burst_s) {
                        signals.push_back({"ACCOUNT_BURST",
                                           fmt::format("{} uploads or more of {} within {} s", limits.burst_uploads,
                                                       upload.account, limits.burst_s),
                                           0, 0, 1});
                        return;
                    }
                }
            });
        });
    }

    ScratchFolder folder_; // outlives the database's file
    Database database_;
};

} // namespace

std::vector<Signal> signals_of(const SoundShape& shape, const SignalLimits& limits) {
    std::vector<Signal> signals;
    constexpr double kFrame_s = 0.016; // a fingerprint ends up to a frame before its recording
    if (shape.duration_s + kFrame_s < limits.short_s) {
        signals.push_back({"VERY_SHORT", fmt::format("{:.1f} s", shape.duration_s), 0, shape.duration_s, 1});
    }
    const auto add_padding = [&](double silence_s, double start_s, const char* where) {
        if (silence_s > 0 && silence_s >= limits.padded_share * shape.duration_s) {
            signals.push_back({"PADDED",
                               fmt::format("{:.1f} s of {:.1f} s are silence {}", silence_s, shape.duration_s, where),
                               start_s, start_s + silence_s, 1});
        }
    };
    add_padding(shape.silence_before_s, 0, "before the first sound");
    add_padding(shape.silence_after_s, shape.duration_s - shape.silence_after_s, "after the last sound");
    add_padding(shape.longest_pause_s, shape.pause_start_s, "between two sounds");
    if (shape.loop_s > 0 && shape.loop_share >= limits.looped_share &&
        shape.duration_s >= limits.least_repeats * shape.loop_s) {
        signals.push_back({"LOOPED",
                           fmt::format("{:.1f} s that come again {:.0f} times: {:.0f} % is the same a round later",
                                       shape.loop_s, shape.duration_s / shape.loop_s, 100 * shape.loop_share),
                           0, shape.duration_s, 1});
    }
    return signals;
}

bool is_about_upload(const Signal& signal) {
    constexpr std::array kCodes = {"VERY_SHORT",     "PADDED",     "LOOPED",       "EXACT_DUPLICATE",
                                   "NEAR_DUPLICATE", "MANY_NAMES", "ACCOUNT_BURST"};
    return std::find(kCodes.begin(), kCodes.end(), signal.code) != kCodes.end();
}

void identify_upload(const Evidence& evidence, const Profile& profile, Upload& upload) {
    upload.sound = evidence.sound;
    upload.likeness.reset();
    double heard_s = evidence.duration_s;
    if (const std::optional<SoundShape>& shape = evidence.shape) { // padding hides no duplicate
        heard_s -= shape->silence_before_s + shape->silence_after_s + shape->longest_pause_s;
    }
    double longest_s = profile.signals.duplicate_share * heard_s;
    for (const MatchEvidence& match : evidence.matches) {
        const double length_s = match.query_end_s - match.query_start_s;
        if (match.p_value <= profile.max_match_p_value && length_s >= profile.min_match_s && length_s >= longest_s) {
            longest_s = length_s;
            upload.likeness = Likeness{match.track, match.asset_start_s, match.asset_end_s};
        }
    }
}

Result<std::unique_ptr<UploadLedger>> UploadLedger::create() {
    Result<ScratchFolder> folder = ScratchFolder::create();
    if (!folder) {
        return tl::unexpected(folder.error());
    }
    return Database::open(folder->path("uploads.db"), kLedgerKind, OpenMode::kCreate)
        .and_then([&](const Database& database) {
            // A scratch file: nobody reads it after a power cut.
            return database.execute("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF").map([&] {
                return std::unique_ptr<UploadLedger>(
                    std::make_unique<SqliteUploadLedger>(*std::move(folder), database));
            });
        });
}

} // namespace wm
