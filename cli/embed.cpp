#include <algorithm>
#include <memory>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "batch.h"
#include "commands.h"
#include "documents.h"
#include "options.h"
#include "passphrase.h"
#include "text.h"
#include "wm/id.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm embed master.wav marked.wav --key label.key --id 5f3a9c0212ab77e1
  wm embed master.flac marked.flac --key label.key --id random      prints the id
  wm embed --manifest album.csv --out-dir marked/ --key label.key --jobs 2 --resume
  wm embed in.wav out.wav --public ai_training=notAllowed --public containsAI=None --issuer "A Label"
  wm embed in.wav out.wav --public ai_training=notAllowed --key label.key --id random      both marks at once
  ffmpeg -i x.mkv -f wav - | wm embed - - --key label.key --id random | flac - -o out.flac

Give every copy that leaves the house its own id, and keep the list: an id means what your list says it means.
The manifest is a CSV file with a header: input, and at will output (inside the folder) and id; an id that is not given
is drawn at random. Results are kept in wm-journal.ndjson in the output folder; --resume skips what it says is done.
A public notice tells anybody, in the sound itself, what the rightsholder chose for cawg.data_mining, cawg.ai_inference,
cawg.ai_training and cawg.ai_generative_training (allowed, constrained, notAllowed) and what AI did (containsAI: None, Partly,
All). It is not authenticated, can restrict and never allows. The issuer becomes a code that confirms a known name.
With - for the output, WAV goes to standard output and the report to standard error.

Exit codes: 0 marked; 2 wrong usage or an error; 3 refused (it cannot carry a mark, or carries one of this key already).)";

struct Arguments {
    std::string input;
    std::string output;
    std::string key;
    std::string passphrase_file;
    std::string id;
    std::vector<std::string> declarations; ///< of the public notice
    std::string issuer;
    std::optional<std::uint64_t> notice; ///< what they say
    EmbedOptions options;
    bool no_verify = false;
    std::string manifest;
    BatchOptions batch;
    bool json = false;
    bool quiet = false;
};

/// What the parser alone cannot check; empty when all is well.
std::string find_misuse(const Arguments& arguments) {
    const bool is_batch = !arguments.manifest.empty();
    const bool is_notice_only = arguments.key.empty() && !arguments.declarations.empty();
    if (arguments.key.empty() && !is_notice_only) {
        return "--key is needed, or --public for a public notice";
    }
    if (is_batch && is_notice_only) {
        return "--manifest needs --key: a notice goes in beside each mark";
    }
    if (is_notice_only && !arguments.id.empty()) {
        return "--id needs --key: a public notice has no id of its own";
    }
    if (is_batch && !arguments.input.empty()) {
        return "give either an input and an output, or --manifest";
    }
    if (is_batch && !arguments.id.empty()) {
        return "--id is for one recording: put ids into the manifest's column \"id\"";
    }
    if (is_batch && arguments.json) {
        return "--json is for one recording: use --ndjson for a batch";
    }
    if (is_batch && arguments.batch.out_dir.empty()) {
        return "--manifest needs --out-dir";
    }
    if (!is_batch && arguments.output.empty()) {
        return "an input and an output are needed, or --manifest (wm embed --help)";
    }
    if (!is_batch && !is_notice_only && arguments.id.empty()) {
        return "--id is needed: 16 hex digits, or the word random";
    }
    if (!is_batch && !is_notice_only && arguments.id != "random" && !parse_id(arguments.id)) {
        return fmt::format("--id {} is neither 16 hex digits nor the word random", arguments.id);
    }
    return "";
}

std::string describe(const EmbeddedMark& mark, const Key& key) {
    std::string text = fmt::format("  key     {} ({})\n", key.name(), key.id());
    if (is_public(key)) {
        const Result<PublicNotice> notice = unpack_notice(mark.id);
        text += fmt::format("  says    {}\n", notice ? describe_notice(*notice) : notice.error().message);
    }
    return text + (mark.verified
                       ? fmt::format("  margin  read back {:.1f} dB above what detection needs\n", mark.margin_db)
                       : "  margin  not read back (--no-verify)\n");
}

std::string describe(const std::string& output, const Key& key, const EmbedReport& report) {
    std::string text = fmt::format("{}: marked with {} {}\n", output == "-" ? "standard output" : output,
                                   is_public(key) ? "notice" : "id", format_id(report.mark.id));
    text += describe(report.mark, key);
    text += report.notice ? describe(*report.notice, Key::of_public_notices()) : "";
    text += fmt::format("  change  SNR {:.1f} dB, noise-to-mask {:.1f} dB\n", report.snr_db, report.nmr_db);
    text += fmt::format("  carry   {:.0f} % of {} carries the mark\n", 100 * report.carrying_share,
                        minutes_seconds(report.duration_s));
    return printable(text);
}

/// A notice alone is a mark of its own key, whose id is the notice.
std::uint64_t id_to_embed(const Arguments& arguments) {
    if (arguments.key.empty()) {
        return *arguments.notice;
    }
    return arguments.id == "random" ? random_id() : *parse_id(arguments.id);
}

ExitCode run_one(const Arguments& arguments, const Key& key, Console& console) {
    const Result<EmbedReport> result = embed_file(arguments.input, arguments.output, key, id_to_embed(arguments),
                                                  arguments.options, console.progress_of(0));
    const auto print = [&](const std::string& text) {
        arguments.output == "-" ? static_cast<void>(std::fputs(text.c_str(), stderr)) : console.result(text);
    };
    if (!result && result.error().code == ErrorCode::kCancelled) {
        return kFailed;
    }
    if (arguments.json) {
        print(to_line(embed_document(arguments.input, arguments.output, key, result)));
    }
    if (!result) {
        console.error_about(arguments.input, result.error().message);
        return exit_code_of(result.error());
    }
    if (!arguments.json) {
        print(describe(arguments.output, key, *result));
    }
    for (const std::string& warning : result->warnings) {
        console.warn(warning);
    }
    return kDone;
}

ExitCode run_manifest(const Arguments& arguments, const Key& key) {
    const Result<std::vector<ManifestRow>> rows = read_manifest(arguments.manifest);
    Console console(arguments.quiet, rows ? rows->size() : 0);
    if (!rows) {
        console.error(rows.error().message);
        return exit_code_of(rows.error());
    }
    return run_batch(*rows, key, arguments.options, arguments.batch, console);
}

ExitCode run(Arguments arguments) {
    Console console(arguments.quiet);
    if (const std::string misuse = find_misuse(arguments); !misuse.empty()) {
        console.error(misuse);
        return kFailed;
    }
    arguments.options.verify = !arguments.no_verify;
    if (!arguments.declarations.empty()) {
        const Result<PublicNotice> notice = parse_notice(arguments.declarations, arguments.issuer);
        if (!notice) {
            console.error("--public: " + notice.error().message);
            return exit_code_of(notice.error());
        }
        arguments.notice = pack_notice(*notice);
    }
    if (!arguments.key.empty()) {
        arguments.options.notice = arguments.notice;
    }
    const Result<Key> key =
        arguments.key.empty() ? Key::of_public_notices() : load_key(arguments.key, arguments.passphrase_file, console);
    if (!key) {
        console.error(key.error().message);
        return exit_code_of(key.error());
    }
    return arguments.manifest.empty() ? run_one(arguments, *key, console) : run_manifest(arguments, *key);
}

void add_one_options(CLI::App& app, Arguments& arguments) {
    app.add_option("input", arguments.input, "The recording to mark; - is standard input")->type_name("IN");
    app.add_option("output", arguments.output,
                   "The marked recording: .wav .flac .aiff .w64 .rf64; - is standard output")
        ->type_name("OUT");
    app.add_option("--key,-k", arguments.key, "The secret key")->type_name("FILE");
    app.add_option("--passphrase-file", arguments.passphrase_file, "Its first line opens a protected key")
        ->type_name("FILE");
    app.add_option("--id", arguments.id, "The id to embed: 16 hex digits, or random")->type_name("ID");
    CLI::Option* declarations =
        add_list_option(app, "--public", arguments.declarations, "WHAT=CHOICE",
                        "Declare in a public notice: ai_training=notAllowed, containsAI=None, ...; may be given again");
    app.add_option("--issuer", arguments.issuer, "Who writes the notice: a name, web address or kid")
        ->needs(declarations)
        ->type_name("NAME");
    app.add_option("--strength", arguments.options.strength, "Scales the change: 0.5 is 6 dB less")
        ->check(CLI::Range(0.1, 3.0))
        ->type_name("X")
        ->capture_default_str();
    app.add_flag("--force", arguments.options.force, "Mark even what carries a mark of this key already");
    app.add_flag("--no-verify", arguments.no_verify, "Do not look for an earlier mark, nor read the new one back");
    app.add_flag("--allow-weak", arguments.options.allow_weak,
                 "Mark even what is too short or too empty for a good mark");
    app.add_option("--coding-history", arguments.options.coding_history, "A line to add to the BWF coding history")
        ->type_name("TEXT");
    app.add_flag("--json", arguments.json, "Print a JSON document");
    app.add_flag("--quiet,-q", arguments.quiet, "No progress and no warnings");
}

void add_batch_options(CLI::App& app, Arguments& arguments) {
    constexpr char kGroup[] = "Many recordings";
    BatchOptions& batch = arguments.batch;
    batch.num_jobs = std::max(1U, std::thread::hardware_concurrency());
    CLI::Option* manifest = app.add_option("--manifest", arguments.manifest, "Mark the recordings of a CSV file")
                                ->type_name("FILE")
                                ->group(kGroup);
    app.add_option("--out-dir", batch.out_dir, "Where the marked recordings go")->type_name("DIR")->group(kGroup);
    app.add_option("--jobs,-j", batch.num_jobs, "Recordings marked at once (default: one a processor)")
        ->check(CLI::Range(1, 1024))
        ->type_name("N")
        ->group(kGroup);
    app.add_flag("--resume", batch.resume, "Skip what an earlier run has done")->group(kGroup);
    app.add_flag("--keep-going", batch.keep_going, "Go on after a failure")->group(kGroup);
    app.add_flag("--dry-run", batch.dry_run, "Say what would be done, and write nothing")->group(kGroup);
    app.add_flag("--ndjson", batch.ndjson, "Print one JSON document a line and recording")->group(kGroup);
    for (const char* name : {"--out-dir", "--jobs", "--resume", "--keep-going", "--dry-run", "--ndjson"}) {
        app.get_option(name)->needs(manifest);
    }
}

} // namespace

Command add_embed(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("embed", "Mark recordings with a 64-bit id");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);
    add_one_options(*app, *arguments);
    add_batch_options(*app, *arguments);
    return {app, [arguments] { return run(*arguments); }};
}

} // namespace wm::cli
