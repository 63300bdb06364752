#include <algorithm>
#include <map>
#include <memory>
#include <thread>

#include <fmt/format.h>

#include "commands.h"
#include "console.h"
#include "documents.h"
#include "interrupt.h"
#include "match_text.h"
#include "options.h"
#include "parallel.h"
#include "passphrase.h"
#include "text.h"
#include "wm/id.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm detect upload.mp3 --key label.key --key other.key
  wm detect upload.mp3 --key keys/                         all the *.key files of a folder
  wm detect upload.mp3 --key label.key --json
  wm detect uploads/*.m4a --key keys/ --ndjson --jobs 4    one JSON document a line, in the order of the files
  wm detect clip.mp3 --public                              what the sound says of itself: consent to AI uses, AI's part
  ffmpeg -i x.mkv -f wav - | wm detect - --key label.key

Exit codes: 0 a mark was found; 1 none; 2 wrong usage or an error; 3 inconclusive (too short, silent). With several
files: 2 when any failed, else 0 when any carries a mark, else 3 when any is inconclusive. Finding no mark proves nothing
about where a recording comes from.

A public notice is not authenticated: anybody can write one. It can restrict and disclose, and never allows.)";

struct Arguments {
    std::vector<std::string> files;
    std::vector<std::string> keys;
    std::string passphrase_file;
    DetectOptions options;
    std::size_t num_jobs = std::max(1U, std::thread::hardware_concurrency());
    bool json = false;
    bool ndjson = false;
    bool quiet = false;
};

std::string describe_changes(const Mark& mark) {
    std::string changes;
    const auto add = [&](const std::string& change) { changes += (changes.empty() ? "" : ", ") + change; };
    if (mark.speed != 1) {
        add(fmt::format("speed {:+.2f} %", 100 * (mark.speed - 1)));
    }
    if (mark.tempo != 1) {
        add(fmt::format("tempo {:+.2f} %", 100 * (mark.tempo - 1)));
    }
    if (mark.pitch_semitones != 0) {
        add(fmt::format("pitch {:+.2f} semitones", mark.pitch_semitones));
    }
    return changes.empty() ? "no change of speed, tempo or pitch" : changes;
}

/// What a public notice says, a line each.
std::string describe_declarations(const Mark& mark) {
    const Result<PublicNotice> notice = unpack_notice(mark.id);
    if (!notice) {
        return fmt::format("  notice  {}\n", notice.error().message);
    }
    std::string text = "  notice  public, not authenticated: it can restrict, and never allows\n";
    for (const Use use : {Use::kDataMining, Use::kAiInference, Use::kAiTraining, Use::kAiGenerativeTraining}) {
        const auto consent = notice->training_mining.find(use);
        text += fmt::format("          {:28} {}\n", name_of(use),
                            consent == notice->training_mining.end() ? "undeclared" : name_of(consent->second.use));
    }
    text += fmt::format("          {:28} {}\n", "containsAI",
                        notice->contains_ai ? name_of(*notice->contains_ai) : "undeclared");
    return text + fmt::format("          {:28} {}\n", "issuer",
                              notice->issuer == 0 ? "undeclared" : format_issuer(notice->issuer));
}

std::string describe(const std::string& file, const DetectReport& report) {
    if (report.outcome == DetectOutcome::kInconclusive) {
        return fmt::format("{}: cannot tell: {}\n", file, report.reason);
    }
    if (report.marks.empty()) {
        return fmt::format("{}: no mark of these keys found (which proves nothing about its origin)\n", file);
    }
    std::string text = fmt::format("{}: marked\n", file);
    for (const Mark& mark : report.marks) {
        text += fmt::format("  id      {}\n", format_id(mark.id));
        text += fmt::format("  key     {} ({})\n", mark.key_name, mark.key_id);
        text += is_public(mark) ? describe_declarations(mark) : "";
        text += fmt::format("  chance  {} that audio without a mark of this key gives such a finding\n",
                            odds(mark.log10_p_value));
        text += fmt::format("  where   {} to {} of {}\n", minutes_seconds(mark.start_s), minutes_seconds(mark.end_s),
                            minutes_seconds(report.duration_s));
        text += fmt::format("  undone  {}\n", describe_changes(mark));
    }
    return text;
}

ExitCode outcome_code(const Result<DetectReport>& result) {
    if (!result) {
        return exit_code_of(result.error());
    }
    switch (result->outcome) {
    case DetectOutcome::kFound:
        return kDone;
    case DetectOutcome::kNotFound:
        return kNotFound;
    case DetectOutcome::kInconclusive:
        break;
    }
    return kRefused;
}

void report(Console& console, const Arguments& arguments, const std::string& file, const Result<DetectReport>& result) {
    if (!result && result.error().code == ErrorCode::kCancelled) {
        return; // the person who interrupted us knows
    }
    if (!result) {
        console.error_about(file, result.error().message);
    }
    if (arguments.json) {
        print_document(detect_document(file, result));
    } else if (arguments.ndjson) {
        console.result(to_line(detect_document(file, result)));
    } else if (result) {
        console.result(printable(describe(file, *result)));
    }
}

ExitCode run(const Arguments& arguments) {
    Console console(arguments.quiet, arguments.files.size());
    if (arguments.json && arguments.files.size() > 1) {
        console.error("--json is for one file: use --ndjson for several, one document a line");
        return kFailed;
    }
    if (std::count(arguments.files.begin(), arguments.files.end(), "-") > 1) {
        console.error("standard input (-) can be read only once");
        return kFailed;
    }
    if (arguments.keys.empty() && !arguments.options.public_notices) {
        console.error("what is to be looked for? --key FILE for marks, --public for public notices, or both");
        return kFailed;
    }
    const Result<std::vector<Key>> keys = load_keys(arguments.keys, arguments.passphrase_file, console);
    if (!keys) {
        console.error(keys.error().message);
        return exit_code_of(keys.error());
    }
    ExitCode outcome = kNotFound;
    run_in_order<Result<DetectReport>>(
        arguments.files.size(), arguments.num_jobs,
        [&](std::size_t index) -> Result<DetectReport> {
            if (interrupted()) {
                return fail(ErrorCode::kCancelled, "interrupted");
            }
            Result<DetectReport> result =
                detect_file(arguments.files[index], *keys, arguments.options, console.progress_of(index));
            console.file_done(index);
            return result;
        },
        [&](std::size_t index, const Result<DetectReport>& result) {
            report(console, arguments, arguments.files[index], result);
            outcome = index == 0 ? outcome_code(result) : worse_of(outcome, outcome_code(result));
        });
    return outcome;
}

} // namespace

Command add_detect(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("detect", "Look for marks in recordings");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);
    app->add_option("files", arguments->files, "Recordings, in any format that can be read; - is standard input")
        ->required()
        ->type_name("FILE");
    add_key_options(*app, arguments->keys, arguments->passphrase_file)->required(false);
    app->add_flag("--public", arguments->options.public_notices,
                  "Look for public notices, which anybody can read (alone, or beside the keys' marks)");
    app->add_option("--fpr", arguments->options.false_positive_bound, "Bound on the chance of a false mark, per file")
        ->check(CLI::Range(1e-15, 1e-3))
        ->type_name("P")
        ->capture_default_str();
    app->add_option("--search", arguments->options.desync,
                    "What is undone when no mark is found without: nothing, a change "
                    "of speed or tempo or pitch (lines), or of tempo and pitch independently too (plane)")
        ->transform(CLI::CheckedTransformer(std::map<std::string, DesyncRange>{{"plain", DesyncRange::kNone},
                                                                               {"lines", DesyncRange::kLines},
                                                                               {"plane", DesyncRange::kPlane}})
                        .description(""))
        ->type_name("plain|lines|plane")
        ->default_str("plane");
    add_jobs_option(*app, arguments->num_jobs, "Files looked at");
    add_output_options(*app, arguments->json, arguments->ndjson, arguments->quiet, "file");
    return {app, [arguments] { return run(*arguments); }};
}

} // namespace wm::cli
