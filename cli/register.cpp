#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <thread>

#include <fmt/format.h>

#include "claim_file.h"
#include "commands.h"
#include "interrupt.h"
#include "options.h"
#include "parallel.h"
#include "passphrase.h"
#include "registering.h"
#include "rights.h"
#include "table.h"
#include "text.h"
#include "wm/id.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm register master.wav --registry rights.db --claim claim.toml --key label.key --as label.id --out marked/
  wm register master.wav --registry rights.db --claim claim.toml --key label.key --as label.id --out promo/ \
      --recipient "Radio 1"                                   a copy of its own for one recipient
  wm register --claim claim.toml --registry rights.db --as label.id                the claim alone, without sound
  wm register --manifest album.csv --registry rights.db --key label.key --as label.id --out marked/ --jobs 2 --resume

Checks the claim, marks the recording with a random id, reads the mark back, signs, and publishes claim and file together: killed at
any moment, the next opening of the registry finishes or undoes it.
The claim file needs a schema and a title; docs/schemas/wm-claim-1.json has all the names:
  schema = "wm-claim/1"
  [recording]
  isrc = "USRC17607839"
  title = "Night Train"
  [trainingMining]
  "cawg.ai_training" = { use = "notAllowed" }
A recipient's copy is one of a recording registered before, found by its ISRC; whose mark is read later, is named by wm check.
The manifest is a CSV file with a header: input, and at will output, claim (a claim file, which the other columns complete), isrc,
title, artist, p_line, iswc, icpn, recipient, contains_ai (None, Partly, All), and data_mining, ai_inference, ai_training,
ai_generative_training (allowed, notAllowed, constrained). What is done is kept in wm-register.ndjson in the output folder.

Exit codes: 0 registered; 2 wrong usage or an error; 3 refused (it cannot carry a mark, or carries one of this key already).)";

struct Arguments {
    std::string input;
    std::string claim;
    std::string manifest;
    std::string key;
    std::string passphrase_file;
    std::string identity;
    std::string recipient;
    Registrar::Options options;
    std::size_t num_jobs = std::max(1U, std::thread::hardware_concurrency());
    bool keep_going = false;
    bool json = false;
    bool ndjson = false;
    bool quiet = false;
};

/// What the parser alone cannot check; empty when all is well.
std::string find_misuse(const Arguments& arguments) {
    const bool is_batch = !arguments.manifest.empty();
    if (is_batch && !arguments.input.empty()) {
        return "give either a recording or --manifest";
    }
    if (!is_batch && arguments.claim.empty()) {
        return "--claim is needed: what is claimed about the recording";
    }
    const bool has_sound = is_batch || !arguments.input.empty();
    if (has_sound && (arguments.key.empty() || arguments.options.out_dir.empty())) {
        return "--key and --out are needed, to mark the recording and to put it somewhere";
    }
    if (!arguments.recipient.empty() && (is_batch || !has_sound)) {
        return "--recipient goes with one recording; a manifest has a column for it";
    }
    return arguments.json && is_batch ? "--json is for one recording: use --ndjson for several" : "";
}

enum Column {
    kInput,
    kOutput,
    kClaim,
    kIsrc,
    kTitle,
    kArtist,
    kPLine,
    kIswc,
    kIcpn,
    kRecipient,
    kContainsAi,
    kFirstConsent
};

constexpr std::array<std::string_view, 15> kColumns = {
    "input",       "output",      "claim",        "isrc",        "title",
    "artist",      "p_line",      "iswc",         "icpn",        "recipient",
    "contains_ai", "data_mining", "ai_inference", "ai_training", "ai_generative_training"};

/// Puts the row's own columns into the claim.
Result<void> complete_from_row(const TableRow& row, Claim& claim) {
    const auto set = [&](Column column, std::string& field) {
        field = row.fields[column].empty() ? field : row.fields[column];
    };
    set(kIsrc, claim.recording.isrc);
    set(kTitle, claim.recording.title);
    set(kPLine, claim.recording.p_line);
    set(kIcpn, claim.release.icpn);
    if (!row.fields[kIswc].empty()) {
        claim.works = {{row.fields[kIswc], ""}};
    }
    if (!row.fields[kArtist].empty()) {
        Contributor artist;
        artist.ref = "P1";
        artist.name = row.fields[kArtist];
        artist.roles = {"MainArtist"};
        claim.parties = {artist};
    }
    return set_contains_ai(claim, row.fields[kContainsAi]).and_then([&]() -> Result<void> {
        for (std::size_t column = kFirstConsent; column < kColumns.size(); ++column) {
            if (row.fields[column].empty()) {
                continue;
            }
            const Result<Choice> choice = parse_choice(row.fields[column]);
            if (!choice) {
                return tl::unexpected(choice.error());
            }
            claim.training_mining[*parse_use(kColumns[column])] = {*choice, ""};
        }
        return check_claim(claim);
    });
}

Result<RegisterTask> task_of(const TableRow& row, const std::string& folder) {
    RegisterTask task{find_input(row.fields[kInput], folder), "", {}, row.fields[kRecipient]};
    const std::filesystem::path output =
        std::filesystem::path(row.fields[kOutput].empty() ? default_output(row.fields[kInput]) : row.fields[kOutput])
            .lexically_normal();
    if (output.is_absolute() || *output.begin() == ".." || !output.has_filename()) {
        return fail(ErrorCode::kFormat,
                    fmt::format("output {} must be a file inside the output folder", output.string()));
    }
    task.output = output.string();
    if (!row.fields[kClaim].empty()) {
        Result<Claim> claim = read_claim_file(find_input(row.fields[kClaim], folder));
        if (!claim) {
            return tl::unexpected(claim.error());
        }
        task.claim = *std::move(claim);
    }
    return complete_from_row(row, task.claim).map([&] { return std::move(task); });
}

Result<std::vector<RegisterTask>> read_manifest_tasks(const std::string& path) {
    const std::string folder = path == "-" ? "" : std::filesystem::path(path).parent_path().string();
    const Result<std::vector<TableRow>> rows =
        read_text_file(path)
            .and_then([&](const std::string& text) { return parse_table(text, kColumns); })
            .map_error([&](const Error& error) { return in_file(path, error); });
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    std::vector<RegisterTask> tasks;
    std::map<std::string, std::size_t> lines_of_outputs;
    for (const TableRow& row : *rows) {
        Result<RegisterTask> task = task_of(row, folder);
        if (!task) {
            return fail(task.error().code, fmt::format("{}: line {}: {}", path, row.line_number, task.error().message));
        }
        const auto [first, is_new] = lines_of_outputs.emplace(task->output, row.line_number);
        if (!is_new) {
            return fail(ErrorCode::kUsage, fmt::format("{}: lines {} and {} have the same output {}", path,
                                                       first->second, row.line_number, task->output));
        }
        tasks.push_back(*std::move(task));
    }
    return tasks;
}

Result<std::vector<RegisterTask>> read_tasks(const Arguments& arguments) {
    if (!arguments.manifest.empty()) {
        return read_manifest_tasks(arguments.manifest);
    }
    const std::string name = arguments.input == "-" ? "recording.wav" : default_output(arguments.input);
    return read_claim_file(arguments.claim).map([&](Claim claim) {
        return std::vector<RegisterTask>{{arguments.input, name, std::move(claim), arguments.recipient}};
    });
}

std::string describe(const RegisterTask& task, const Registered& registered) {
    std::string text =
        fmt::format("{}: {}, claim {}, entry {}\n", task.input.empty() ? task.claim.recording.title : registered.output,
                    registered.was_there ? "registered before" : "registered", registered.claim_id, registered.entry);
    if (!registered.output.empty()) {
        text += fmt::format("  mark    {}{}\n", format_id(registered.wm_id),
                            task.recipient.empty() ? "" : ", the copy of " + task.recipient);
    }
    return printable(text);
}

/// Prints what came of one task.
ExitCode deliver(const Arguments& arguments, const Registrar& registrar, const RegisterTask& task,
                 const Result<Registered>& result, Console& console) {
    if (!result && result.error().code == ErrorCode::kCancelled) {
        return kFailed;
    }
    if (!result) {
        console.error_about(task.input, result.error().message);
    }
    if (arguments.json) {
        print_document(registrar.document(task, result));
    } else if (arguments.ndjson) {
        console.result(to_line(registrar.document(task, result)));
    } else if (result) {
        console.result(describe(task, *result));
    }
    if (!result) {
        return exit_code_of(result.error());
    }
    for (const std::string& warning : result->warnings) {
        console.warn(fmt::format("{}: {}", result->output, warning));
    }
    return kDone;
}

ExitCode run_tasks(const Arguments& arguments, const std::vector<RegisterTask>& tasks, Registrar& registrar) {
    Console console(arguments.quiet, tasks.size());
    ExitCode outcome = kDone;
    std::atomic<bool> is_stopped = false;
    run_in_order<Result<Registered>>(
        tasks.size(), arguments.num_jobs,
        [&](std::size_t index) -> Result<Registered> {
            if (is_stopped || interrupted()) {
                return fail(ErrorCode::kCancelled, "not begun");
            }
            Result<Registered> result = registrar.register_one(tasks[index], console.progress_of(index));
            is_stopped = is_stopped || (!result && !arguments.keep_going);
            console.file_done(index);
            return result;
        },
        [&](std::size_t index, const Result<Registered>& result) {
            const ExitCode code = deliver(arguments, registrar, tasks[index], result, console);
            outcome = code == kFailed || outcome == kFailed ? kFailed : code == kDone ? outcome : code;
        });
    return outcome;
}

ExitCode run(const Arguments& arguments) {
    Console console(arguments.quiet);
    if (const std::string misuse = find_misuse(arguments); !misuse.empty()) {
        console.error(misuse);
        return kFailed;
    }
    const Result<std::vector<RegisterTask>> tasks = read_tasks(arguments);
    if (!tasks) {
        return report_failure(tasks.error());
    }
    const Result<Identity> signer = Identity::load(arguments.identity);
    if (!signer) {
        return report_failure(signer.error());
    }
    const Result<std::vector<Key>> keys =
        arguments.key.empty() ? std::vector<Key>()
                              : load_key(arguments.key, arguments.passphrase_file, console).map([](Key key) {
                                    return std::vector<Key>{std::move(key)};
                                });
    const Result<std::unique_ptr<Registrar>> registrar =
        keys ? Registrar::open(arguments.options, *signer, keys->empty() ? nullptr : &keys->front())
             : tl::unexpected(keys.error());
    return registrar ? run_tasks(arguments, *tasks, **registrar) : report_failure(registrar.error());
}

void add_batch_options(CLI::App& app, Arguments& arguments) {
    constexpr char kGroup[] = "Many recordings";
    CLI::Option* manifest = app.add_option("--manifest", arguments.manifest, "Register the recordings of a CSV file")
                                ->type_name("FILE")
                                ->group(kGroup);
    add_jobs_option(app, arguments.num_jobs, "Recordings marked")->group(kGroup)->needs(manifest);
    app.add_flag("--resume", arguments.options.resume, "Skip what an earlier run has done")->group(kGroup);
    app.add_flag("--keep-going", arguments.keep_going, "Go on after a failure")->group(kGroup)->needs(manifest);
    app.add_flag("--ndjson", arguments.ndjson, "Print one JSON document a line and recording")
        ->group(kGroup)
        ->needs(manifest);
}

} // namespace

Command add_register(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("register", "Register recordings: claim, mark, sign, publish");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);
    app->add_option("input", arguments->input, "The recording; - is standard input")->type_name("IN");
    add_registry_option(*app, arguments->options.registry);
    add_identity_option(*app, arguments->identity);
    app->add_option("--claim", arguments->claim, "What is claimed (.toml or .json)")->type_name("FILE");
    app->add_option("--key,-k", arguments->key, "The secret key to mark with")->type_name("FILE");
    app->add_option("--passphrase-file", arguments->passphrase_file, "Its first line opens a protected key")
        ->type_name("FILE");
    app->add_option("--out,-o", arguments->options.out_dir, "Where the marked recording goes, under its own name")
        ->type_name("DIR");
    app->add_option("--recipient", arguments->recipient,
                    "Make another copy of a registered recording, with a mark that names who received it")
        ->type_name("NAME");
    app->add_option("--strength", arguments->options.embed.strength, "Scales the change: 0.5 is 6 dB less")
        ->check(CLI::Range(0.1, 3.0))
        ->type_name("X")
        ->capture_default_str();
    app->add_flag("--allow-weak", arguments->options.embed.allow_weak,
                  "Mark even what is too short or too empty for a good mark");
    add_output_options(*app, arguments->json, arguments->quiet);
    add_batch_options(*app, *arguments);
    return {app, [arguments] { return run(*arguments); }};
}

} // namespace wm::cli
