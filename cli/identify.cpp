#include <algorithm>
#include <iostream>
#include <memory>
#include <thread>

#include <fmt/format.h>

#include "commands.h"
#include "console.h"
#include "documents.h"
#include "interrupt.h"
#include "match_drawing.h"
#include "match_text.h"
#include "options.h"
#include "parallel.h"
#include "text.h"
#include "wm/index.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm identify upload.mp3 --index catalogue.db
  wm identify upload.mp3 --index catalogue.db --json
  wm identify upload.mp3 --index catalogue.db --explain why.html     a drawing of each match
  wm identify uploads/*.m4a --index catalogue.db --ndjson --jobs 4   one JSON document a line, in the order of the files
  wm identify - --index catalogue.db --ndjson < list.txt             the files that list.txt names, one a line
  ffmpeg -i x.mkv -f wav - | wm identify - --index catalogue.db      the recording on standard input

Exit codes: 0 a recording was recognised; 1 none; 2 wrong usage or an error; 3 inconclusive (too short, silent). With several
files: 2 when any failed, else 0 when any was recognised, else 3 when any is inconclusive.)";

struct Arguments {
    std::vector<std::string> files;
    std::string index;
    std::string explain;
    IdentifyOptions options;
    std::size_t num_jobs = std::max(1U, std::thread::hardware_concurrency());
    bool json = false;
    bool ndjson = false;
    bool quiet = false;
};

void report(Console& console, const Arguments& arguments, const std::string& file,
            const Result<IdentifyReport>& result) {
    if (!result && result.error().code == ErrorCode::kCancelled) {
        return; // the person who interrupted us knows
    }
    if (!result) {
        console.error_about(file, result.error().message);
    } else if (result->rows_answered < result->rows_asked) {
        console.warn(fmt::format(
            "{}: {} of {} rows of the index could not be read: recordings may be missed; see wm index verify",
            arguments.index, result->rows_asked - result->rows_answered, result->rows_asked));
    }
    if (arguments.json) {
        print_document(identify_document(file, result));
    } else if (arguments.ndjson) {
        console.result(to_line(identify_document(file, result)));
    } else if (result) {
        console.result(printable(describe_matches(file, *result)));
    }
}

/// Identifies one file after the other: what a thread does, with an index of its own.
class Worker {
public:
    Result<IdentifyReport> identify(const Arguments& arguments, const std::string& file, const Progress& progress) {
        if (!index_) {
            Result<Index> opened = Index::open(arguments.index, Index::Mode::kRead);
            if (!opened) {
                return tl::unexpected(opened.error());
            }
            index_ = std::make_unique<Index>(*std::move(opened));
        }
        return index_->identify_file(file, arguments.options, progress);
    }

private:
    std::unique_ptr<Index> index_;
};

ExitCode identify_all(const Arguments& arguments, Console& console) {
    ExitCode outcome = kNotFound;
    run_in_order<Result<IdentifyReport>>(
        arguments.files.size(), arguments.num_jobs,
        [&](std::size_t k) -> Result<IdentifyReport> {
            if (interrupted()) {
                return fail(ErrorCode::kCancelled, "interrupted");
            }
            thread_local Worker worker;
            Result<IdentifyReport> result = worker.identify(arguments, arguments.files[k], console.progress_of(k));
            console.file_done(k);
            return result;
        },
        [&](std::size_t k, const Result<IdentifyReport>& result) {
            report(console, arguments, arguments.files[k], result);
            if (result && !arguments.explain.empty()) {
                if (Result<void> done = write_explanation(arguments.explain, arguments.files[k], *result); !done) {
                    console.error(done.error().message);
                    outcome = kFailed;
                    return;
                }
            }
            outcome = k == 0 ? outcome_code(result) : worse_of(outcome, outcome_code(result));
        });
    return outcome;
}

ExitCode run(Arguments arguments) {
    if (arguments.ndjson && arguments.files == std::vector<std::string>{"-"}) {
        arguments.files.clear();
        for (std::string line; std::getline(std::cin, line);) {
            if (!line.empty()) {
                arguments.files.push_back(line);
            }
        }
    }
    Console console(arguments.quiet, arguments.files.size());
    if (arguments.files.size() > 1 && (arguments.json || !arguments.explain.empty())) {
        console.error("--json and --explain are for one file: use --ndjson for several, one document a line");
        return kFailed;
    }
    if (std::count(arguments.files.begin(), arguments.files.end(), "-") > 1) {
        console.error("standard input (-) can be read only once");
        return kFailed;
    }
    arguments.options.want_hits = !arguments.explain.empty();
    if (const Result<Index> index = Index::open(arguments.index, Index::Mode::kRead); !index) {
        console.error(index.error().message);
        return exit_code_of(index.error());
    }
    return identify_all(arguments, console);
}

} // namespace

Command add_identify(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("identify", "Name the recordings in audio by an index of fingerprints");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);
    app->add_option("files", arguments->files, "Recordings; - is standard input (with --ndjson: a list of files)")
        ->required()
        ->type_name("FILE");
    app->add_option("--index,-i", arguments->index, "The index, made by wm index add")->required()->type_name("FILE");
    app->add_option("--p-value", arguments->options.largest_p_value,
                    "Report matches that unrelated audio reaches with this chance at most")
        ->check(CLI::Range(1e-12, 0.5))
        ->type_name("P")
        ->capture_default_str();
    app->add_flag("!--no-changes", arguments->options.search_changes,
                  "Do not look for changed speed, tempo and pitch: faster");
    app->add_option("--explain", arguments->explain, "Draw the matches: an .html page, or .svg of the best one")
        ->type_name("OUT");
    add_jobs_option(*app, arguments->num_jobs, "Files looked at");
    add_output_options(*app, arguments->json, arguments->ndjson, arguments->quiet, "file");
    return {app, [arguments] { return run(*arguments); }};
}

} // namespace wm::cli
