#include <memory>

#include <fmt/format.h>

#include "commands.h"
#include "console.h"
#include "documents.h"
#include "match_drawing.h"
#include "match_text.h"
#include "text.h"
#include "wm/index.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm compare original.wav upload.mp3
  wm compare original.wav upload.mp3 --json
  wm compare original.wav upload.mp3 --explain why.svg

Exit codes: 0 the second holds the first, or a part of it; 1 it does not, as far as can be told; 2 wrong usage or an error; 3
inconclusive (too short, silent).)";

struct Arguments {
    std::string recording;
    std::string query;
    std::string explain;
    bool json = false;
    bool quiet = false;
};

ExitCode run(const Arguments& arguments) {
    Console console(arguments.quiet);
    IdentifyOptions options;
    options.want_hits = !arguments.explain.empty();
    Result<IdentifyReport> result =
        compare_files(arguments.recording, arguments.query, options, console.progress_of(0));
    if (result && !arguments.explain.empty()) {
        result = write_explanation(arguments.explain, arguments.query, *result).map([&] { return *result; });
    }
    if (!result && result.error().code != ErrorCode::kCancelled) {
        console.error(result.error().message);
    }
    if (arguments.json) {
        print_document(compare_document(arguments.recording, arguments.query, result));
    } else if (result) {
        console.result(printable(describe_matches(arguments.query, *result)));
    }
    return outcome_code(result);
}

} // namespace

Command add_compare(CLI::App& wm) {
    CLI::App* app =
        wm.add_subcommand("compare", "Say whether a file holds a recording: which parts, what speed and pitch");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);
    app->add_option("recording", arguments->recording, "The recording")->required()->type_name("FILE");
    app->add_option("query", arguments->query, "Where it is looked for; - is standard input")
        ->required()
        ->type_name("FILE");
    app->add_option("--explain", arguments->explain, "Draw the matches: an .html page, or .svg of the best one")
        ->type_name("OUT");
    app->add_flag("--json", arguments->json, "Print a JSON document");
    app->add_flag("--quiet,-q", arguments->quiet, "No progress");
    return {app, [arguments] { return run(*arguments); }};
}

} // namespace wm::cli
