#include "batch.h"

#include <atomic>
#include <filesystem>

#include <fmt/format.h>
#include <sys/stat.h>

#include "documents.h"
#include "interrupt.h"
#include "journal.h"
#include "parallel.h"
#include "text.h"
#include "wm/audio_hash.h"
#include "wm/id.h"

namespace wm::cli {
namespace {

namespace fs = std::filesystem;

enum class Outcome { kMarked, kSkipped, kPlanned, kRefused, kFailed, kNotStarted };

/// What came of one row.
struct RowResult {
    Outcome outcome = Outcome::kNotStarted;
    Document document;
    std::vector<std::string> warnings;
};

/// One run over a manifest. run_row() may be called on several threads at once.
class Batch {
public:
    Batch(const Key& key, const EmbedOptions& embed_options, const BatchOptions& options, Console& console)
        : key_(key), embed_options_(embed_options), options_(options), console_(console) {}

    /// Makes the output folder and takes its journal.
    Result<void> prepare() {
        std::error_code failure;
        if (!options_.dry_run && !fs::create_directories(options_.out_dir, failure) && failure) {
            return fail(ErrorCode::kIo,
                        fmt::format("cannot make the folder {}: {}", options_.out_dir, failure.message()));
        }
        Result<std::unique_ptr<Journal>> journal =
            options_.dry_run ? Journal::read(options_.out_dir) : Journal::open(options_.out_dir);
        if (!journal) {
            return tl::unexpected(journal.error());
        }
        journal_ = *std::move(journal);
        return {};
    }

    RowResult run_row(const ManifestRow& row, const Progress& progress) {
        if (stopped_ || interrupted()) {
            return {};
        }
        const std::string output = (fs::path(options_.out_dir) / row.output).string();
        const Document task = task_of(row);
        const std::optional<JournalEntry> before = earlier_run(row, task);
        if (before && still_stands(output, *before)) {
            return {Outcome::kSkipped, brief_document(row, output, "skipped", before->id), {}};
        }
        if (options_.dry_run) {
            return plan(row, output);
        }
        if (before) {
            remove_torn(output);
        }
        const std::uint64_t id = before ? before->id : row.id.value_or(random_id());
        return to_row_result(row, output, mark(row, output, task, id, progress));
    }

private:
    /// What the row asks for; the input's size and time stand for its content, which would take a decoding to look at.
    Document task_of(const ManifestRow& row) const {
        struct stat input = {};
        stat(row.input.c_str(), &input); // a missing input stays 0 here, and marking it says what is wrong
        Document task = {
            {"input", row.input},
            {"input_bytes", static_cast<std::int64_t>(input.st_size)},
            {"input_modified_ns", std::int64_t{input.st_mtim.tv_sec} * 1'000'000'000 + input.st_mtim.tv_nsec},
            {"output", row.output},
            {"key_id", key_.id()},
            {"strength", embed_options_.strength},
        };
        if (embed_options_.notice) {
            task["notice"] = format_id(*embed_options_.notice);
        }
        return task;
    }

    std::optional<JournalEntry> earlier_run(const ManifestRow& row, const Document& task) const {
        std::optional<JournalEntry> entry = options_.resume ? journal_->find(row.output, task) : std::nullopt;
        return entry && row.id.value_or(entry->id) == entry->id ? entry : std::nullopt;
    }

    static bool still_stands(const std::string& output, const JournalEntry& entry) {
        if (entry.audio_hash.empty()) {
            return false;
        }
        const Result<std::string> hash = hash_audio_file(output);
        return hash && *hash == entry.audio_hash;
    }

    /// Removes what a killed run left half-written beside `output` (embed_file's ".NAME.wm-XXXXXX"). The journal's lock keeps
    /// other runs out of the folder meanwhile.
    static void remove_torn(const std::string& output) {
        const std::string prefix = "." + fs::path(output).filename().string() + ".wm-";
        std::vector<fs::path> torn;
        std::error_code ignored; // a leftover that cannot be removed harms nobody
        for (fs::directory_iterator entry(fs::path(output).parent_path(), ignored), end; entry != end;
             entry.increment(ignored)) {
            if (entry->path().filename().string().starts_with(prefix)) {
                torn.push_back(entry->path());
            }
        }
        for (const fs::path& path : torn) {
            fs::remove(path, ignored);
        }
    }

    Result<Document> mark(const ManifestRow& row, const std::string& output, const Document& task, std::uint64_t id,
                          const Progress& progress) {
        std::error_code failure;
        fs::create_directories(fs::path(output).parent_path(), failure);
        if (failure) {
            return fail(ErrorCode::kIo, fmt::format("cannot make the folder of {}: {}", output, failure.message()));
        }
        return journal_->append_planned(task, id)
            .and_then([&] { return embed_file(row.input, output, key_, id, embed_options_, progress); })
            .and_then([&](EmbedReport report) -> Result<Document> {
                if (report.audio_hash.empty()) { // embed_file did not read the output back (--no-verify)
                    report.audio_hash = hash_audio_file(output).value_or("");
                }
                Document document = embed_document(row.input, output, key_, report);
                return journal_->append_marked(task, document).map([&] { return std::move(document); });
            });
    }

    RowResult to_row_result(const ManifestRow& row, const std::string& output, const Result<Document>& marked) {
        if (marked) {
            return {Outcome::kMarked, *marked, (*marked)["warnings"].get<std::vector<std::string>>()};
        }
        if (marked.error().code == ErrorCode::kCancelled) {
            return {};
        }
        console_.error(fmt::format("{}: {}", row.input, marked.error().message));
        stopped_ = stopped_ || !options_.keep_going;
        const bool is_refused = exit_code_of(marked.error()) == kRefused;
        return {is_refused ? Outcome::kRefused : Outcome::kFailed,
                embed_document(row.input, output, key_, tl::unexpected(marked.error())),
                {}};
    }

    RowResult plan(const ManifestRow& row, const std::string& output) {
        std::error_code failure;
        if (!fs::is_regular_file(row.input, failure)) {
            return to_row_result(row, output, fail(ErrorCode::kIo, "there is no such file"));
        }
        return {Outcome::kPlanned, brief_document(row, output, "planned", row.id), {}};
    }

    Document brief_document(const ManifestRow& row, const std::string& output, const char* outcome,
                            std::optional<std::uint64_t> id) const {
        Document document = {{"schema", "wm.embed/1"}, {"input", row.input}, {"output", output}, {"outcome", outcome}};
        if (id) {
            document["id"] = format_id(*id);
        }
        document["key_name"] = key_.name();
        document["key_id"] = key_.id();
        return document;
    }

    const Key& key_;
    const EmbedOptions& embed_options_;
    const BatchOptions& options_;
    Console& console_;
    std::unique_ptr<Journal> journal_;
    std::atomic<bool> stopped_ = false;
};

/// Prints results, and counts them.
class Tally {
public:
    Tally(Console& console, const BatchOptions& options) : console_(console), options_(options) {}

    void add(const RowResult& row) {
        ++counts_[static_cast<std::size_t>(row.outcome)];
        if (row.outcome == Outcome::kNotStarted) {
            return;
        }
        for (const std::string& warning : row.warnings) {
            console_.warn(fmt::format("{}: {}", row.document["output"].get<std::string>(), warning));
        }
        if (options_.ndjson) {
            console_.result(to_line(row.document));
        } else if (row.outcome != Outcome::kRefused && row.outcome != Outcome::kFailed) {
            console_.result(
                printable(fmt::format("{:8} {:16} {}\n", row.document["outcome"].get<std::string>(),
                                      row.document.value("id", "random"), row.document["output"].get<std::string>())));
        }
    }

    void print_summary() {
        console_.note(fmt::format("{} marked, {} done before, {} refused, {} failed, {} not started",
                                  count(Outcome::kMarked), count(Outcome::kSkipped), count(Outcome::kRefused),
                                  count(Outcome::kFailed), count(Outcome::kNotStarted)));
        if (count(Outcome::kNotStarted) + count(Outcome::kFailed) > 0) {
            console_.note("run again with --resume to do the rest");
        }
    }

    ExitCode exit_code() const {
        if (count(Outcome::kFailed) > 0) {
            return kFailed;
        }
        return count(Outcome::kRefused) > 0 ? kRefused : kDone;
    }

private:
    std::size_t count(Outcome outcome) const { return counts_[static_cast<std::size_t>(outcome)]; }

    Console& console_;
    const BatchOptions& options_;
    std::array<std::size_t, 6> counts_ = {};
};

} // namespace

ExitCode run_batch(const std::vector<ManifestRow>& rows, const Key& key, const EmbedOptions& embed_options,
                   const BatchOptions& options, Console& console) {
    Batch batch(key, embed_options, options, console);
    if (const Result<void> ready = batch.prepare(); !ready) {
        console.error(ready.error().message);
        return exit_code_of(ready.error());
    }
    Tally tally(console, options);
    run_in_order<RowResult>(
        rows.size(), options.num_jobs,
        [&](std::size_t index) {
            RowResult result = batch.run_row(rows[index], console.progress_of(index));
            console.file_done(index);
            return result;
        },
        [&](std::size_t, const RowResult& result) { tally.add(result); });
    if (!options.dry_run) {
        tally.print_summary();
    }
    return tally.exit_code();
}

} // namespace wm::cli
