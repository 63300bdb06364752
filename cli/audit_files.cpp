#include "audit_files.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include "base/csv.h"
#include "base/html_page.h"
#include "line_log.h"
#include "signed_folder.h"

namespace wm::cli {
namespace {

namespace fs = std::filesystem;

using Counts = std::map<std::string, std::uint64_t>;

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
        const auto sums = [](const Counts& counts) { return counts.empty() ? Document::object() : Document(counts); };
        summary["by_decision"] = sums(by_decision_);
        summary["by_reason"] = sums(by_reason_);
        summary["by_use"] = sums(by_use_);
        summary["by_rightsholder"] = sums(by_rightsholder_);
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

std::string page_of(const Document& summary) {
    HtmlPage page("Audit of " + text_at(summary, "data_set"));
    const Document& question = summary["question"];
    page.add_note(fmt::format("{} recordings, asked about {} on {}. A registry of {} entries, root {}.",
                              summary["num_files"].get<std::uint64_t>(),
                              fmt::join(question["uses"].get<std::vector<std::string>>(), ", "),
                              text_at(summary, "time"), summary["registry"]["size"].get<std::uint64_t>(),
                              text_at(summary["registry"], "root")));
    page.add_note("Excluded is what is not allowed, and that includes what nothing is known of, unless the profile "
                  "says otherwise. A "
                  "recording counts once for each reason, rightsholder and use. excluded.csv has every span.");
    constexpr std::array kTables = {
        std::pair("Decisions", "by_decision"), std::pair("Excluded, by reason", "by_reason"),
        std::pair("Excluded, by rightsholder", "by_rightsholder"), std::pair("Excluded, by use", "by_use")};
    for (const auto& [heading, name] : kTables) {
        std::vector<std::vector<std::string>> rows;
        for (const auto& [what, number] : summary[name].items()) {
            rows.push_back({what, std::to_string(number.get<std::uint64_t>())});
        }
        page.add_heading(heading);
        page.add_table({{"", false}, {"recordings", true}}, rows);
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
                                   const std::string& identity) {
    if (const Result<void> removed = remove_earlier(folder); !removed) {
        return tl::unexpected(removed.error());
    }
    AuditWriter writer(folder);
    const Result<std::unique_ptr<LineLog>> read = LineLog::read(journal, [&](const Document& line) {
        if (line.contains("file")) {
            writer.add(line);
        }
    });
    const Result<void> written = read ? writer.commit() : tl::unexpected(read.error());
    if (!written) {
        return tl::unexpected(written.error());
    }
    writer.sum_up(summary);
    ReplacedFile page(fs::path(folder) / "audit.html");
    page.write(page_of(summary));
    return page.commit()
        .and_then([&] {
            return seal_folder(folder, {"allowed.txt", "excluded.csv", "audit.html"}, "summary.json", summary,
                               identity);
        })
        .map([](const std::string& text) { return Document::parse(text); });
}

} // namespace wm::cli
