#include <algorithm>
#include <memory>
#include <thread>

#include <fmt/format.h>

#include "auditing.h"
#include "commands.h"
#include "options.h"
#include "passphrase.h"
#include "rights.h"
#include "text.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm audit dataset/ --registry rights.db --key label.key --use ai_training --out audit/
  wm audit list.txt --registry rights.db --key keys/ --use ai_training --territory FR --licensee dpid:PADPIDA2014 --profile lab.toml \
      --out audit/ --jobs 2 --sign-as lab.id
  wm audit list.txt ... --out audit/ --resume
  wm receipt verify audit/summary.json --party lab.pub

Checks every recording of a folder, or of a list with a path a line, and writes allowed.txt, excluded.csv (file, span, recording,
rightsholder, reason), signals.csv, audit.html and summary.json. A list may be a CSV file with a header: input, and at will title, account and
time of the upload, for signals. What is not allowed is excluded, and that includes what nothing is known of, unless the
profile says `unknown = "allow"`, and files that cannot be read. A run that was stopped goes on with --resume, to the same result.

Exit codes: 0 nothing is excluded; 1 something is; 2 wrong usage or an error: the audit is not whole.)";

struct Arguments {
    AuditOptions options;
    std::vector<std::string> keys;
    std::string passphrase_file;
    QuestionArguments question;
    bool json = false;
    bool quiet = false;
};

std::string describe(const AuditOptions& options, const Document& summary) {
    std::string text = fmt::format("{}: {} recordings\n", options.folder, summary["num_files"].get<std::uint64_t>());
    for (const char* list : {"by_decision", "by_reason", "by_signal"}) {
        for (const auto& [name, number] : summary[list].items()) {
            text += fmt::format("  {:24} {}\n", name, number.get<std::uint64_t>());
        }
    }
    return text;
}

bool excludes(const Document& summary) {
    const auto& decisions = summary["by_decision"].items();
    return std::any_of(decisions.begin(), decisions.end(),
                       [](const auto& decision) { return !decision.key().starts_with("allow"); });
}

ExitCode run(const Arguments& arguments) {
    Console console(arguments.quiet);
    const Result<AskedQuestion> asked = parse_question(arguments.question);
    const Result<std::vector<Key>> keys =
        asked ? load_keys(arguments.keys, arguments.passphrase_file, console) : tl::unexpected(asked.error());
    const Result<Document> summary = keys ? run_audit(arguments.options, *asked, *keys) : tl::unexpected(keys.error());
    if (!summary) {
        return report_failure(summary.error());
    }
    if (arguments.json) {
        print_document(*summary);
    } else {
        console.result(printable(describe(arguments.options, *summary)));
    }
    return excludes(*summary) ? kNotFound : kDone;
}

} // namespace

Command add_audit(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("audit", "Say which recordings of a data set are off limits");
    const auto arguments = std::make_shared<Arguments>();
    arguments->options.num_jobs = std::max(1U, std::thread::hardware_concurrency());
    app->footer(kExamples);
    app->add_option("data", arguments->options.data_set, "A folder, or a text file with a path a line")
        ->required()
        ->type_name("DIR|LIST");
    add_registry_option(*app, arguments->options.registry);
    add_key_options(*app, arguments->keys, arguments->passphrase_file);
    add_question_options(*app, arguments->question);
    app->add_option("--out,-o", arguments->options.folder, "The folder to write")->required()->type_name("DIR");
    add_jobs_option(*app, arguments->options.num_jobs, "Recordings checked");
    app->add_flag("--resume", arguments->options.resume, "Go on where an earlier run stopped");
    app->add_option("--sign-as", arguments->options.identity, "Who signs the summary (.id)")->type_name("FILE");
    add_output_options(*app, arguments->json, arguments->quiet);
    return {app, [arguments] { return run(*arguments); }};
}

} // namespace wm::cli
