#include <algorithm>
#include <memory>
#include <thread>

#include <fmt/format.h>

#include "check_question.h"
#include "commands.h"
#include "duplicate_search.h"
#include "options.h"
#include "rights.h"
#include "text.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm duplicates uploads/ --out groups.csv
  wm duplicates uploads.csv --registry rights.db --profile platform.toml --out groups.csv --jobs 2
  wm duplicates uploads.csv ... --out groups.csv --resume      go on where a run was stopped
  wm duplicates a.mp3 b.flac more/ --out -

Groups the uploads that are the same recording: to the sample (kind exact, compared by a hash of what they decode to), or by sound
(kind near: transcoded, sped up, pitched, cut, padded). A row says what the upload is most like, where, at what speed and pitch, and
what share of either they have in common; which registered recording it is; and its signals: very short, padded with silence, one
loop, duplicates, many names, bursts from one account. Uploads in no group have a row when they have a signal or cannot be read.
A list has a path a line; a manifest is a CSV file with a header: input, and at will title, account and time.

Exit codes: 0 no duplicates; 1 duplicates; 2 wrong usage or an error.)";

struct Arguments {
    DuplicateOptions options;
    std::string profile;
    bool json = false;
    bool quiet = false;
};

Document document_of(const Arguments& arguments, const DuplicateTable& table) {
    const DuplicateSummary& summary = table.summary;
    return {{"schema", "wm.duplicates/1"},
            {"out", arguments.options.out},
            {"policy", arguments.options.profile.hash()},
            {"num_uploads", summary.num_uploads},
            {"num_unreadable", summary.num_unreadable},
            {"num_sounds", summary.num_sounds},
            {"num_groups", summary.num_groups},
            {"num_exact", summary.num_exact},
            {"num_near", summary.num_near},
            {"by_signal", table.num_signals.empty() ? Document::object() : Document(table.num_signals)}};
}

std::string describe(const Arguments& arguments, const DuplicateTable& table) {
    const DuplicateSummary& summary = table.summary;
    std::string text = fmt::format("{}: {} uploads, {} recordings; {} groups with {} exact and {} near duplicates\n",
                                   arguments.options.out, summary.num_uploads, summary.num_sounds, summary.num_groups,
                                   summary.num_exact, summary.num_near);
    if (summary.num_unreadable > 0) {
        text += fmt::format("  {:24} {}\n", "unreadable", summary.num_unreadable);
    }
    for (const auto& [code, number] : table.num_signals) {
        text += fmt::format("  {:24} {}\n", code, number);
    }
    return text;
}

ExitCode run(Arguments arguments) {
    Console console(arguments.quiet);
    if (arguments.options.out == "-" && (arguments.json || arguments.options.resume)) {
        console.error("--out - prints the table, and keeps nothing: name a file for --json or --resume");
        return kFailed;
    }
    const Result<DuplicateTable> table = read_profile(arguments.profile).and_then([&](const Profile& profile) {
        arguments.options.profile = profile;
        return find_duplicates(arguments.options, console);
    });
    if (!table) {
        return report_failure(table.error());
    }
    if (arguments.json) {
        print_document(document_of(arguments, *table));
    } else if (arguments.options.out != "-") {
        console.result(printable(describe(arguments, *table)));
    }
    return table->summary.num_groups == 0 ? kDone : kNotFound;
}

} // namespace

Command add_duplicates(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("duplicates", "Group uploads that are the same recording, and point out spam");
    const auto arguments = std::make_shared<Arguments>();
    arguments->options.num_jobs = std::max(1U, std::thread::hardware_concurrency());
    app->footer(kExamples);
    app->add_option("uploads", arguments->options.uploads, "Folders, recordings, lists and manifests")
        ->required()
        ->type_name("DIR|LIST|FILE");
    app->add_option("--registry,-r", arguments->options.registry, "Name registered recordings; only read")
        ->type_name("FILE");
    app->add_option("--profile", arguments->profile, "The platform's policy (TOML): its [signals] are the limits")
        ->type_name("FILE");
    app->add_option("--out,-o", arguments->options.out, "The table to write (CSV); - is standard output")
        ->required()
        ->type_name("FILE");
    add_jobs_option(*app, arguments->options.num_jobs, "Uploads looked at");
    app->add_flag("--resume", arguments->options.resume, "Go on where an earlier run stopped");
    add_output_options(*app, arguments->json, arguments->quiet);
    return {app, [arguments] { return run(*arguments); }};
}

} // namespace wm::cli
