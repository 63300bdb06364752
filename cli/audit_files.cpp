#include "audit_files.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include "base/csv.h"
#include "base/html_page.h"
#include "line_log.h"
#include "signed_folder.h"
#include "upload_documents.h"
#include "wm/moment.h"

namespace wm::cli {
namespace {

namespace fs = std::filesystem;

using Counts = std::map<std::string, std::uint64_t>;

Document counts_document(const Counts& counts) {
    return counts.empty() ? Document::object() : Document(counts);
}

/// A file that takes its place when it is whole.
class ReplacedFile {
public:
    explicit ReplacedFile(const fs::path& path) : path_(path), file_(part(), std::ios::binary | std::ios::trunc) {}

    void write(const std::string& text) { file_ << text; }

    Result<void> commit() {
        file_.close();
        std::error_code failure;
        if (file_) {
            fs::rename(part(), path_, failure);
        }
        if (!file_ || failure) {
            return fail(ErrorCode::kIo,
                        fmt::format("cannot write {}: {}", path_.string(),
                                    failure ? failure.message() : std::generic_category().message(errno)));
        }
        return {};
    }

private:
    std::string part() const { return path_.string() + ".part"; }

    fs::path path_;
    std::ofstream file_;
};

std::string seconds_text(const Document& row, const char* name) {
    return fmt::format("{:.2f}", row.value(name, 0.0));
}

/// One pass over a journal.
class AuditWriter {
public:
    explicit AuditWriter(const fs::path& folder)
        : allowed_(folder / "allowed.txt"), excluded_(folder / "excluded.csv") {
        excluded_.write(to_csv_line({"file", "start_s", "end_s", "claim", "isrc", "title", "rightsholder", "reason",
                                     "use", "territory", "detail"}));
    }

    void add(const Document& line) {
        const std::string file = text_at(line, "file");
        const std::string decision = text_at(line, "decision");
        ++num_files_;
        ++by_decision_[decision];
        if (decision.starts_with("allow")) {
            allowed_.write(file + "\n");
            return;
        }
        std::set<std::string> reasons;
        std::set<std::string> rightsholders;
        std::set<std::string> uses;
        for (const Document& row : line.value("rows", Document::array())) {
            std::vector<std::string> names = row.value("rightsholders", std::vector<std::string>());
            excluded_.write(to_csv_line({file, seconds_text(row, "start_s"), seconds_text(row, "end_s"),
                                         text_at(row, "claim"), text_at(row, "isrc"), text_at(row, "title"),
                                         fmt::format("{}", fmt::join(names, "; ")), text_at(row, "reason"),
                                         text_at(row, "use"), text_at(row, "territory"), text_at(line, "problem")}));
            reasons.insert(text_at(row, "reason"));
            rightsholders.insert(names.begin(), names.end());
            uses.insert(text_at(row, "use"));
        }
        uses.erase("");
        count(by_reason_, reasons);
        count(by_rightsholder_, rightsholders);
        count(by_use_, uses);
    }

    Result<void> commit() {
        return allowed_.commit().and_then([&] { return excluded_.commit(); });
    }

    /// Adds the sums to a summary.
    void sum_up(Document& summary) const {
        summary["num_files"] = num_files_;
        summary["by_decision"] = counts_document(by_decision_);
        summary["by_reason"] = counts_document(by_reason_);
        summary["by_use"] = counts_document(by_use_);
        summary["by_rightsholder"] = counts_document(by_rightsholder_);
    }

private:
    /// A file counts once for each.
    static void count(Counts& counts, const std::set<std::string>& names) {
        for (const std::string& name : names) {
            ++counts[name];
        }
    }

    ReplacedFile allowed_;
    ReplacedFile excluded_;
    std::uint64_t num_files_ = 0;
    Counts by_decision_;
    Counts by_reason_;
    Counts by_use_;
    Counts by_rightsholder_;
};

/// What is noticed about the uploads of a journal, once all of them are known.
class SignalWriter {
public:
    SignalWriter(const fs::path& folder, const SignalLimits& limits) : limits_(limits), file_(folder / "signals.csv") {
        file_.write(to_csv_line({"file", "title", "account", "time", "signal", "detail"}));
    }

    Result<void> run(const std::string& journal) {
        return UploadLedger::create()
            .and_then([&](std::unique_ptr<UploadLedger> ledger) {
                ledger_ = std::move(ledger);
                return for_each_upload(journal,
                                       [&](const Upload& upload, const Document&) { return ledger_->add(upload); });
            })
            .and_then([&] {
                return for_each_upload(journal, [&](const Upload& upload, const Document& line) {
                    return ledger_->signals_of(upload.number, limits_).map([&](const std::vector<Signal>& signals) {
                        Document all = line;
                        append_signals(signals, all);
                        write(upload, all.value("signals", Document::array()));
                    });
                });
            })
            .and_then([&] { return file_.commit(); });
    }

    const Counts& counts() const { return counts_; }

private:
    static Result<void> for_each_upload(const std::string& journal,
                                        const std::function<Result<void>(const Upload&, const Document&)>& use) {
        std::int64_t number = 0;
        Result<void> used;
        const Result<std::unique_ptr<LineLog>> read = LineLog::read(journal, [&](const Document& line) {
            if (line.contains("upload")) {
                used = used.and_then([&] { return use(upload_of(line, number++), line); });
            }
        });
        return read ? used : tl::unexpected(read.error());
    }

    static Upload upload_of(const Document& line, std::int64_t number) {
        Upload upload;
        upload.number = number;
        upload.file = text_at(line, "file");
        upload.name = text_at(line["upload"], "title");
        upload.account = text_at(line["upload"], "account");
        if (line["upload"].contains("time_s")) {
            upload.time_s = line["upload"]["time_s"].get<std::int64_t>();
        }
        return with_finding(upload, line["upload"]);
    }

    void write(const Upload& upload, const Document& signals) {
        std::set<std::string> codes;
        for (const Document& signal : signals) {
            file_.write(to_csv_line({upload.file, upload.name, upload.account,
                                     upload.time_s ? format_moment({*upload.time_s, false}) : "",
                                     text_at(signal, "code"), text_at(signal, "detail")}));
            codes.insert(text_at(signal, "code"));
        }
        for (const std::string& code : codes) {
            ++counts_[code];
        }
    }

    const SignalLimits limits_;
    ReplacedFile file_;
    std::unique_ptr<UploadLedger> ledger_;
    Counts counts_;
};

std::string page_of(const Document& summary) {
    HtmlPage page("Audit of " + text_at(summary, "data_set"));
    const Document& question = summary["question"];
    page.add_note(fmt::format("{} recordings, asked about {} on {}. Entries in the registry's log: {}; its root: {}.",
                              summary["num_files"].get<std::uint64_t>(),
                              fmt::join(question["uses"].get<std::vector<std::string>>(), ", "),
                              text_at(summary, "time"), summary["registry"]["size"].get<std::uint64_t>(),
                              text_at(summary["registry"], "root")));
    page.add_note("Excluded is what is not allowed, and that includes what nothing is known of, unless the profile "
                  "says otherwise. A "
                  "recording counts once for each reason, rightsholder and use. excluded.csv has every span, and "
                  "signals.csv every signal.");
    constexpr std::array kTables = {
        std::pair("Decisions", "by_decision"), std::pair("Excluded, by reason", "by_reason"),
        std::pair("Excluded, by rightsholder", "by_rightsholder"), std::pair("Excluded, by use", "by_use"),
        std::pair("Signals, which decide nothing", "by_signal")};
    for (const auto& [heading, name] : kTables) {
        std::vector<std::vector<std::string>> rows;
        bool has_codes = false;
        for (const auto& [what, number] : summary[name].items()) {
            const std::optional<std::string> meaning = explain(what);
            has_codes = has_codes || meaning;
            rows.push_back({what, std::to_string(number.get<std::uint64_t>()), meaning.value_or("")});
        }
        page.add_heading(heading);
        if (rows.empty()) {
            page.add_note("None.");
        } else if (has_codes) {
            page.add_table({{"", false}, {"recordings", true}, {"what it means", false}}, rows);
        } else {
            page.add_table({{"", false}, {"recordings", true}}, rows);
        }
    }
    return page.text();
}

Result<void> remove_earlier(const fs::path& folder) {
    std::error_code failure;
    fs::remove(folder / "summary.json", failure); // from here on the folder is not whole
    return failure ? fail(ErrorCode::kIo,
                          fmt::format("cannot replace {}: {}", (folder / "summary.json").string(), failure.message()))
                   : Result<void>();
}

} // namespace

Result<Document> write_audit_files(const std::string& folder, const std::string& journal, Document summary,
                                   const SignalLimits& limits, const std::string& identity) {
    if (const Result<void> removed = remove_earlier(folder); !removed) {
        return tl::unexpected(removed.error());
    }
    AuditWriter writer(folder);
    const Result<std::unique_ptr<LineLog>> read = LineLog::read(journal, [&](const Document& line) {
        if (line.contains("file")) {
            writer.add(line);
        }
    });
    SignalWriter signals(folder, limits);
    const Result<void> written =
        read ? writer.commit().and_then([&] { return signals.run(journal); }) : tl::unexpected(read.error());
    if (!written) {
        return tl::unexpected(written.error());
    }
    writer.sum_up(summary);
    summary["by_signal"] = counts_document(signals.counts());
    ReplacedFile page(fs::path(folder) / "audit.html");
    page.write(page_of(summary));
    return page.commit()
        .and_then([&] {
            return seal_folder(folder, {"allowed.txt", "excluded.csv", "signals.csv", "audit.html"}, "summary.json",
                               summary, identity);
        })
        .map([](const std::string& text) { return Document::parse(text); });
}

} // namespace wm::cli
