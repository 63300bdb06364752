#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <thread>

#include <fmt/format.h>

#include "check_question.h"
#include "checking.h"
#include "commands.h"
#include "line_log.h"
#include "options.h"
#include "parallel.h"
#include "passphrase.h"
#include "rights.h"
#include "table.h"
#include "text.h"
#include "upload_documents.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm check upload.mp3 --registry rights.db --key label.key --use stream --use ai_training --territory FR \
      --licensee dpid:PADPIDA2014
  wm check upload.mp3 --snapshot rights.wmr --key label.key --profile platform.toml
  wm check upload.mp3 --registry rights.db --key label.key --use stream --as-of 2026-10-01T00:00:00Z
  wm check upload.mp3 --registry rights.db --key label.key --use stream --receipt r.json --sign-as platform.id
  wm check uploads/* --registry rights.db --key keys/ --use stream --ndjson --jobs 2
  wm check --manifest uploads.csv --registry rights.db --key keys/ --use stream --ndjson --jobs 2 --resume

Uses: distribute, stream, monetise, derive, sync, data_mining, ai_inference, ai_training, ai_generative_training (the last four
with or without "cawg."). The decision is the strictest of the answers; `wm explain CODE` explains a reason.
The manifest is a CSV file with a header: input, and at will use, territory (several divided by spaces) and licensee, which then
hold for that row, and title, account and time of the upload, for signals: duplicates of earlier rows, bursts. Its verdicts are kept in uploads.csv.wm-check.ndjson; --resume takes those that still hold from there.

Exit codes: 0 allow or allow_with_terms; 1 block; 2 wrong usage or an error; 3 review or unknown. With several recordings: 2 when
any failed, else the strictest.)";

struct Arguments {
    std::vector<std::string> files;
    CheckOptions options;
    std::vector<std::string> keys;
    std::string passphrase_file;
    QuestionArguments question;
    std::size_t num_jobs = std::max(1U, std::thread::hardware_concurrency());
    bool json = false;
    bool ndjson = false;
    bool quiet = false;
};

/// What the parser alone cannot check; empty when all is well.
std::string find_misuse(const Arguments& arguments) {
    const bool is_batch = !arguments.options.manifest.empty();
    if (is_batch == !arguments.files.empty()) {
        return "give either recordings or --manifest";
    }
    if (arguments.options.registry.empty() == arguments.options.snapshot.empty()) {
        return "give either --registry or --snapshot";
    }
    if (arguments.json && (is_batch || arguments.files.size() > 1)) {
        return "--json is for one recording: use --ndjson for several";
    }
    if (!arguments.options.receipt.empty() && (is_batch || arguments.files.size() > 1)) {
        return "--receipt is for one recording";
    }
    if (std::count(arguments.files.begin(), arguments.files.end(), "-") > 1) {
        return "standard input (-) can be read only once";
    }
    return arguments.options.resume && !is_batch ? "--resume goes on with a --manifest" : "";
}

std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> words;
    for (std::size_t begin = text.find_first_not_of(' '); begin != std::string::npos;) {
        const std::size_t end = std::min(text.find(' ', begin), text.size());
        words.push_back(text.substr(begin, end - begin));
        begin = text.find_first_not_of(' ', end);
    }
    return words;
}

constexpr std::array<std::string_view, 7> kColumns = {"input", "use",     "territory", "licensee",
                                                      "title", "account", "time"};

/// What a manifest's row asks; its upload has no number yet.
Result<CheckTask> task_of(const TableRow& row, const std::string& folder, QuestionArguments question) {
    question.uses = row.fields[1].empty() ? question.uses : words_of(row.fields[1]);
    question.territories = row.fields[2].empty() ? question.territories : words_of(row.fields[2]);
    question.licensee = row.fields[3].empty() ? question.licensee : row.fields[3];
    const Result<AskedQuestion> asked = parse_question(question);
    const Result<std::optional<std::int64_t>> time =
        asked ? parse_time_field(row.fields[6]) : tl::unexpected(asked.error());
    if (!time) {
        return fail(time.error().code, fmt::format("line {}: {}", row.line_number, time.error().message));
    }
    Upload upload;
    upload.file = find_input(row.fields[0], folder);
    upload.name = row.fields[4];
    upload.account = row.fields[5];
    upload.time_s = *time;
    return CheckTask{upload.file, *asked, upload};
}

Result<std::vector<CheckTask>> read_manifest_tasks(const Arguments& arguments) {
    const std::string& manifest = arguments.options.manifest;
    const std::string folder = manifest == "-" ? "" : std::filesystem::path(manifest).parent_path().string();
    return read_text_file(manifest)
        .and_then([&](const std::string& text) { return parse_table(text, kColumns); })
        .and_then([&](const std::vector<TableRow>& rows) -> Result<std::vector<CheckTask>> {
            std::vector<CheckTask> tasks;
            for (const TableRow& row : rows) {
                Result<CheckTask> task = task_of(row, folder, arguments.question);
                if (!task) {
                    return tl::unexpected(task.error());
                }
                tasks.push_back(*std::move(task));
            }
            return tasks;
        })
        .map_error([&](const Error& error) { return in_file(manifest, error); });
}

Result<std::vector<CheckTask>> read_file_tasks(const Arguments& arguments) {
    return parse_question(arguments.question).map([&](const AskedQuestion& asked) {
        std::vector<CheckTask> tasks;
        for (const std::string& file : arguments.files) {
            Upload upload;
            upload.file = file;
            tasks.push_back({file, asked, upload});
        }
        return tasks;
    });
}

Result<std::vector<CheckTask>> read_tasks(const Arguments& arguments) {
    Result<std::vector<CheckTask>> tasks =
        arguments.options.manifest.empty() ? read_file_tasks(arguments) : read_manifest_tasks(arguments);
    return tasks.map([](std::vector<CheckTask>& read) {
        for (std::size_t k = 0; k < read.size(); ++k) {
            read[k].upload.number = static_cast<std::int64_t>(k);
        }
        return std::move(read);
    });
}

/// A failure outweighs a block, which outweighs a review, which outweighs an allow.
ExitCode worse_of(ExitCode a, ExitCode b) {
    constexpr std::array kOrder = {kFailed, kNotFound, kRefused, kDone};
    return *std::find_if(kOrder.begin(), kOrder.end(), [&](ExitCode code) { return code == a || code == b; });
}

/// Prints what came of one task.
void deliver(const Arguments& arguments, const CheckTask& task, const CheckResult& result, Console& console) {
    if (!result.error.empty()) {
        console.error_about(task.input, result.error);
    }
    if (result.document.is_null()) {
        return; // it was not begun
    }
    if (arguments.json) {
        print_document(result.document);
    } else if (arguments.ndjson) {
        console.result(to_line(result.document));
    } else if (!result.text.empty()) {
        console.result(result.text);
    } else if (result.error.empty()) {
        console.result(fmt::format("{}: {} (as checked before)\n", task.input, text_at(result.document, "decision")));
    }
}

/// Says of a result how its upload stands to the earlier ones, and to all in time.
Result<void> add_signals(UploadLedger& ledger, const CheckTask& task, CheckResult& result) {
    return ledger.add(result.upload)
        .and_then([&] { return ledger.signals_of(task.upload.number, task.asked.profile.signals); })
        .map([&](const std::vector<Signal>& signals) {
            append_signals(signals, result.document);
            result.text += result.text.empty() ? "" : printable(describe_signals(signals));
        });
}

/// A ledger with accounts and times of all uploads.
Result<std::unique_ptr<UploadLedger>> open_ledger(const std::vector<CheckTask>& tasks) {
    return UploadLedger::create().and_then([&](std::unique_ptr<UploadLedger> ledger) {
        Result<void> added;
        for (const CheckTask& task : tasks) {
            added = added.and_then([&] { return ledger->add(task.upload); });
        }
        return added.map([&] { return std::move(ledger); });
    });
}

ExitCode run_checks(const Arguments& arguments, const std::vector<CheckTask>& tasks, std::vector<Key> keys) {
    Console console(arguments.quiet, tasks.size());
    const Result<std::unique_ptr<UploadLedger>> ledger = open_ledger(tasks);
    if (!ledger) {
        return report_failure(ledger.error());
    }
    const Result<std::unique_ptr<Checker>> checker = Checker::open(arguments.options, std::move(keys));
    if (!checker) {
        console.error(checker.error().message);
        return exit_code_of(checker.error());
    }
    ExitCode outcome = kDone;
    run_in_order<CheckResult>(
        tasks.size(), arguments.num_jobs,
        [&](std::size_t index) {
            CheckResult result = (*checker)->run(tasks[index], console.progress_of(index));
            console.file_done(index);
            return result;
        },
        [&](std::size_t index, CheckResult result) {
            if (result.document.contains("signals")) {
                if (const Result<void> added = add_signals(**ledger, tasks[index], result); !added) {
                    console.error(added.error().message);
                    result.code = kFailed;
                }
            }
            deliver(arguments, tasks[index], result, console);
            outcome = worse_of(outcome, result.code);
        });
    return outcome;
}

ExitCode run(const Arguments& arguments) {
    Console console(arguments.quiet);
    if (const std::string misuse = find_misuse(arguments); !misuse.empty()) {
        console.error(misuse);
        return kFailed;
    }
    const Result<std::vector<CheckTask>> tasks = read_tasks(arguments);
    if (!tasks) {
        return report_failure(tasks.error());
    }
    const Result<std::vector<Key>> keys = load_keys(arguments.keys, arguments.passphrase_file, console);
    if (!keys) {
        return report_failure(keys.error());
    }
    return run_checks(arguments, *tasks, *keys);
}

void add_result_options(CLI::App& app, Arguments& arguments) {
    CLI::Option* receipt =
        app.add_option("--receipt", arguments.options.receipt, "Write the signed verdict here; never overwritten")
            ->type_name("FILE");
    CLI::Option* identity =
        app.add_option("--sign-as", arguments.options.identity, "Who signs the receipt (.id)")->type_name("FILE");
    receipt->needs(identity);
    identity->needs(receipt);
    app.add_option("--usage-log", arguments.options.usage_log, "Append what was seen, for reports of use")
        ->type_name("FILE");
    add_output_options(app, arguments.json, arguments.ndjson, arguments.quiet, "recording");
}

} // namespace

Command add_check(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("check", "Say what may be done with a recording, and why");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);
    app->add_option("files", arguments->files, "Recordings, in any format that can be read; - is standard input")
        ->type_name("FILE");
    app->add_option("--registry,-r", arguments->options.registry, "The registry; only read")->type_name("FILE");
    app->add_option("--snapshot", arguments->options.snapshot, "A signed snapshot of one, instead")->type_name("FILE");
    add_key_options(*app, arguments->keys, arguments->passphrase_file);
    add_question_options(*app, arguments->question);
    app->add_option("--manifest", arguments->options.manifest, "Check the recordings of a CSV file")->type_name("FILE");
    add_jobs_option(*app, arguments->num_jobs, "Recordings checked");
    app->add_flag("--resume", arguments->options.resume, "Take what an earlier run of the manifest has done");
    add_result_options(*app, *arguments);
    return {app, [arguments] { return run(*arguments); }};
}

} // namespace wm::cli
