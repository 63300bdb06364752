#include "evaluate/report/write_report.h"

#include <array>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "audio/output_file.h"
#include "evaluate/report/assets.h"
#include "evaluate/report/clips.h"
#include "evaluate/report/documents.h"
#include "wm/report.h"

namespace wm {
namespace {

using Document = nlohmann::ordered_json;

/// More rows than anybody reads, and few enough for a browser.
constexpr std::size_t kMostFailures = 2000;

bool is_failure(const Trial& trial) {
    const bool was_reported = trial.outcome == TrialOutcome::kDetected || trial.outcome == TrialOutcome::kWrong;
    return trial.outcome == TrialOutcome::kError ||
           (trial.kind == TrialKind::kMarked ? trial.outcome != TrialOutcome::kDetected : was_reported);
}

Document failure_document(const Trial& trial) {
    return {
        {"recording", trial.recording},
        {"system", trial.system},
        {"attack", trial.attack},
        {"clip_s", trial.clip_s},
        {"crop_offset_s", trial.crop_offset_s},
        {"kind", name_of(trial.kind)},
        {"outcome", name_of(trial.outcome)},
        {"clip", trial.clip},
        {"message", trial.message},
    };
}

/// What page.js reads.
Document page_document(const std::string& folder, const std::vector<Trial>& trials, const Document& summary) {
    EmbeddedClips clips(folder);
    Document failures = {{"rows", Document::array()}, {"num_left_out", 0}};
    std::size_t num_left_out = 0;
    for (const Trial& trial : trials) {
        if (!is_failure(trial)) {
            continue;
        }
        if (failures["rows"].size() == kMostFailures) {
            ++num_left_out;
            continue;
        }
        failures["rows"].push_back(failure_document(trial));
        clips.add(trial.clip);
    }
    failures["num_left_out"] = num_left_out;
    return {{"summary", summary}, {"failures", failures}, {"clips", clips.document()}};
}

/// JSON for a <script> element: what could end the element, or begin a comment in it, starts with '<'.
std::string script_text(const Document& document) {
    std::string text;
    for (const char c : document.dump(-1, ' ', false, Document::error_handler_t::replace)) {
        text += c == '<' ? std::string("\\u003c") : std::string(1, c);
    }
    return text;
}

/// The template with each {{name}} replaced; what is put in is not looked at again.
std::string fill_template(std::string_view page,
                          const std::vector<std::pair<std::string_view, std::string_view>>& parts) {
    std::string text;
    for (std::size_t open = page.find("{{"); open != std::string_view::npos; open = page.find("{{")) {
        const std::size_t close = page.find("}}", open);
        const std::string_view name = page.substr(open + 2, close - open - 2);
        text += page.substr(0, open);
        for (const auto& [known, content] : parts) {
            text += name == known ? content : std::string_view();
        }
        page.remove_prefix(close + 2);
    }
    return text.append(page);
}

std::string escape_markup(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        escaped += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
    }
    return escaped;
}

Result<void> write_whole(const std::string& path, std::string_view text) {
    const Result<std::unique_ptr<OutputFile>> file = OutputFile::create(path, true);
    if (!file) {
        return tl::unexpected(file.error());
    }
    Result<void> done = (*file)->write(text.data(), text.size());
    done = done ? (*file)->sync() : done;
    return done ? (*file)->commit() : done;
}

} // namespace

Result<void> write_report(const std::string& folder, const std::vector<Trial>& trials) {
    const Document summary = summary_document(summarize(trials));
    const std::string summary_text = summary.dump(2, ' ', false, Document::error_handler_t::replace) + "\n";
    if (Result<void> written = write_whole(folder + "/summary.json", summary_text); !written) {
        return written;
    }
    const std::string data = script_text(page_document(folder, trials, summary));
    const std::string licence = escape_markup(kChartLicence);
    return write_whole(folder + "/report.html", fill_template(kPageTemplate, {{"style", kPageStyle},
                                                                              {"chart_licence", licence},
                                                                              {"data", data},
                                                                              {"chart", kChartScript},
                                                                              {"script", kPageScript}}));
}

Result<void> report_on(const std::string& folder) {
    const std::string path = folder + "/results.csv";
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return fail(ErrorCode::kIo, fmt::format("cannot read {}: name a folder that `wm evaluate --out` wrote", path));
    }
    const std::string csv((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const Result<std::vector<Trial>> trials = parse_trials(csv);
    if (!trials) {
        return fail(trials.error().code, fmt::format("{}: {}", path, trials.error().message));
    }
    return write_report(folder, *trials);
}

} // namespace wm
