#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <thread>

#include <fmt/format.h>
#include <sys/stat.h>

#include "check_question.h"
#include "commands.h"
#include "interrupt.h"
#include "line_log.h"
#include "parallel.h"
#include "passphrase.h"
#include "rights.h"
#include "table.h"
#include "wm/evidence.h"
#include "wm/receipt.h"

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
hold for that row. Its verdicts are kept in uploads.csv.wm-check.ndjson; --resume takes those that still hold from there.

Exit codes: 0 allow or allow_with_terms; 1 block; 2 wrong usage or an error; 3 review or unknown. With several recordings: 2 when
any failed, else the strictest.)";

struct Arguments {
    std::vector<std::string> files;
    std::string manifest;
    std::string registry;
    std::string snapshot;
    std::vector<std::string> keys;
    std::string passphrase_file;
    QuestionArguments question;
    std::string receipt;
    std::string identity;
    std::string usage_log;
    std::size_t num_jobs = std::max(1U, std::thread::hardware_concurrency());
    bool resume = false;
    bool json = false;
    bool ndjson = false;
    bool quiet = false;
};

/// One recording and what is asked about it.
struct CheckTask {
    std::string input;
    AskedQuestion asked;
};

/// What the parser alone cannot check; empty when all is well.
std::string find_misuse(const Arguments& arguments) {
    const bool is_batch = !arguments.manifest.empty();
    if (is_batch == !arguments.files.empty()) {
        return "give either recordings or --manifest";
    }
    if (arguments.registry.empty() == arguments.snapshot.empty()) {
        return "give either --registry or --snapshot";
    }
    if (arguments.json && (is_batch || arguments.files.size() > 1)) {
        return "--json is for one recording: use --ndjson for several";
    }
    if (!arguments.receipt.empty() && (is_batch || arguments.files.size() > 1)) {
        return "--receipt is for one recording";
    }
    if (std::count(arguments.files.begin(), arguments.files.end(), "-") > 1) {
        return "standard input (-) can be read only once";
    }
    return arguments.resume && !is_batch ? "--resume goes on with a --manifest" : "";
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

constexpr std::array<std::string_view, 4> kColumns = {"input", "use", "territory", "licensee"};

Result<std::vector<CheckTask>> read_tasks(const Arguments& arguments) {
    std::vector<CheckTask> tasks;
    if (arguments.manifest.empty()) {
        const Result<AskedQuestion> asked = parse_question(arguments.question);
        if (!asked) {
            return tl::unexpected(asked.error());
        }
        for (const std::string& file : arguments.files) {
            tasks.push_back({file, *asked});
        }
        return tasks;
    }
    const std::string folder =
        arguments.manifest == "-" ? "" : std::filesystem::path(arguments.manifest).parent_path().string();
    const Result<std::vector<TableRow>> rows =
        read_text_file(arguments.manifest)
            .and_then([&](const std::string& text) { return parse_table(text, kColumns); })
            .map_error([&](const Error& error) { return in_file(arguments.manifest, error); });
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    for (const TableRow& row : *rows) {
        QuestionArguments question = arguments.question;
        question.uses = row.fields[1].empty() ? question.uses : words_of(row.fields[1]);
        question.territories = row.fields[2].empty() ? question.territories : words_of(row.fields[2]);
        question.licensee = row.fields[3].empty() ? question.licensee : row.fields[3];
        const Result<AskedQuestion> asked = parse_question(question);
        if (!asked) {
            return fail(asked.error().code,
                        fmt::format("{}: line {}: {}", arguments.manifest, row.line_number, asked.error().message));
        }
        tasks.push_back({find_input(row.fields[0], folder), *asked});
    }
    return tasks;
}

/// Everything that does not change from one recording to the next.
class Checker {
public:
    Checker(const Arguments& arguments, EvidenceSources sources)
        : arguments_(arguments), sources_(std::move(sources)) {}

    /// Refuses a snapshot whose log is not the one that was signed.
    Result<void> prepare() const {
        return open()
            .and_then([&](const Registry& registry) { return registry.snapshot_seal(); })
            .and_then([&](const std::optional<SnapshotSeal>& seal) -> Result<void> {
                if (!seal && !arguments_.snapshot.empty()) {
                    return fail(ErrorCode::kUsage,
                                fmt::format("{} is a registry, and no snapshot: use --registry", arguments_.snapshot));
                }
                return {};
            });
    }

    /// threads  any
    Result<Verdict> check(const CheckTask& task, const Progress& progress) const {
        const Result<Registry> registry = open();
        const Result<TreeHead> head = registry ? registry->head(task.asked.as_of_s) : tl::unexpected(registry.error());
        if (!head) {
            return tl::unexpected(head.error());
        }
        const Result<Evidence> evidence = gather_evidence(task.input, sources_, progress);
        if (!evidence) {
            return tl::unexpected(evidence.error());
        }
        Question question = task.asked.question;
        question.is_offline = !arguments_.snapshot.empty();
        return find_claims(*registry, *evidence, *head, question.licensee)
            .map([&](const std::vector<ClaimHistory>& claims) {
                Verdict verdict = decide(*evidence, claims, question, task.asked.profile);
                verdict.registry = *head;
                return verdict;
            });
    }

    /// Signs a verdict, and writes it to the receipt's file.
    Result<void> write_receipt(const std::string& name, const Verdict& verdict) const {
        const Result<Identity> signer = Identity::load(arguments_.identity);
        const Result<Registry> registry = signer ? open() : tl::unexpected(signer.error());
        if (!registry) {
            return tl::unexpected(registry.error());
        }
        Receipt receipt{name, "", verdict, {}, now()};
        for (const NamedClaim& claim : verdict.claims) {
            Result<InclusionProof> proof = registry->prove_inclusion(claim.index, verdict.registry);
            if (!proof) {
                return tl::unexpected(proof.error());
            }
            receipt.proofs.push_back(*std::move(proof));
        }
        const Result<std::string> hash = name == "-" ? Result<std::string>("") : hash_file(name);
        if (!hash) {
            return tl::unexpected(hash.error());
        }
        receipt.file_hash = *hash;
        return write_text_file(arguments_.receipt, sign_receipt(receipt, *signer) + "\n");
    }

private:
    Result<Registry> open() const {
        return Registry::open(arguments_.registry.empty() ? arguments_.snapshot : arguments_.registry,
                              Registry::Mode::kRead);
    }

    const Arguments& arguments_;
    const EvidenceSources sources_;
};

ExitCode code_of(const Result<Verdict>& verdict) {
    if (!verdict) {
        return kFailed;
    }
    switch (verdict->decision) {
    case Decision::kAllow:
    case Decision::kAllowWithTerms:
        return kDone;
    case Decision::kBlock:
        return kNotFound;
    case Decision::kUnknown:
    case Decision::kReview:
        break;
    }
    return kRefused;
}

/// A failure outweighs a block, which outweighs a review, which outweighs an allow.
ExitCode worse_of(ExitCode a, ExitCode b) {
    constexpr std::array kOrder = {kFailed, kNotFound, kRefused, kDone};
    return *std::find_if(kOrder.begin(), kOrder.end(), [&](ExitCode code) { return code == a || code == b; });
}

/// What a verdict rests on besides the registry's content: another question, policy, key or recording is another task.
Document task_document(const CheckTask& task, const std::vector<Key>& keys) {
    struct stat input = {};
    stat(task.input.c_str(), &input); // a missing input stays 0 here, and checking it says what is wrong
    Document key_ids = Document::array();
    for (const Key& key : keys) {
        key_ids.push_back(key.id());
    }
    return {{"input", task.input},
            {"input_bytes", static_cast<std::int64_t>(input.st_size)},
            {"input_modified_ns", std::int64_t{input.st_mtim.tv_sec} * 1'000'000'000 + input.st_mtim.tv_nsec},
            {"keys", key_ids},
            {"policy", task.asked.profile.hash()},
            {"as_of", task.asked.as_of_s.value_or(0)},
            {"question", question_document(task.asked.question)}};
}

/// The verdicts of a batch that an earlier run reached and that still hold.
class CheckJournal {
public:
    static Result<std::unique_ptr<CheckJournal>> open(const std::string& path, bool resume) {
        auto journal = std::make_unique<CheckJournal>();
        return LineLog::open(path,
                             [&](const Document& line) {
                                 if (resume && text_at(line, "schema") == kSchema && line.contains("task") &&
                                     line.contains("result")) {
                                     journal->earlier_[line["task"].dump()] = line["result"];
                                 }
                             })
            .map([&](std::unique_ptr<LineLog> log) {
                journal->log_ = std::move(log);
                return std::move(journal);
            });
    }

    const Document* find(const Document& task) const {
        const auto found = earlier_.find(task.dump());
        return found == earlier_.end() ? nullptr : &found->second;
    }

    Result<void> append(const Document& task, const Document& result) {
        return log_->append({{"schema", kSchema}, {"task", task}, {"result", result}});
    }

private:
    static constexpr const char* kSchema = "wm.check-journal/1";
    std::map<std::string, Document> earlier_; // by task
    std::unique_ptr<LineLog> log_;
};

/// What came of one recording.
struct CheckResult {
    ExitCode code = kFailed;
    Document document;
    std::string text;
    std::string error;
};

/// Checks all tasks, several at a time.
class CheckRun {
public:
    CheckRun(const Arguments& arguments, const Checker& checker, const std::vector<Key>& keys, Console& console)
        : arguments_(arguments), checker_(checker), keys_(keys), console_(console) {}

    Result<void> prepare() {
        if (!arguments_.usage_log.empty()) {
            Result<std::unique_ptr<LineLog>> log = LineLog::open(arguments_.usage_log, [](const Document&) {});
            if (!log) {
                return tl::unexpected(log.error());
            }
            usage_log_ = *std::move(log);
        }
        if (arguments_.manifest.empty() || arguments_.manifest == "-") {
            return {};
        }
        return CheckJournal::open(arguments_.manifest + ".wm-check.ndjson", arguments_.resume)
            .map([&](std::unique_ptr<CheckJournal> journal) { journal_ = std::move(journal); });
    }

    CheckResult run(const CheckTask& task, const Progress& progress) {
        if (interrupted()) {
            return {};
        }
        const Document document = journal_ ? task_document(task, keys_) : Document();
        if (const Document* earlier = journal_ ? journal_->find(document) : nullptr) {
            return {code_of_document(*earlier), *earlier, "", ""};
        }
        const Result<Verdict> verdict = checker_.check(task, progress);
        CheckResult result{code_of(verdict), check_document(task.input, verdict), "", ""};
        if (!verdict) {
            result.error = verdict.error().code == ErrorCode::kCancelled ? "" : verdict.error().message;
            return result;
        }
        result.text = describe_verdict(task.input, *verdict);
        const Result<void> kept = keep(task, document, *verdict, result.document);
        if (!kept) {
            result.code = kFailed;
            result.error = kept.error().message;
        }
        return result;
    }

    void deliver(const CheckTask& task, const CheckResult& result) {
        if (!result.error.empty()) {
            console_.error_about(task.input, result.error);
        }
        if (result.document.is_null()) {
            return; // it was not begun
        }
        if (arguments_.json) {
            print_document(result.document);
        } else if (arguments_.ndjson) {
            console_.result(to_line(result.document));
        } else if (!result.text.empty()) {
            console_.result(result.text);
        } else if (result.error.empty()) {
            console_.result(
                fmt::format("{}: {} (as checked before)\n", task.input, text_at(result.document, "decision")));
        }
    }

private:
    /// Writes down what is to outlast the run.
    Result<void> keep(const CheckTask& task, const Document& task_line, const Verdict& verdict,
                      const Document& result) {
        Result<void> kept;
        if (!arguments_.receipt.empty()) {
            kept = checker_.write_receipt(task.input, verdict);
        }
        if (kept && usage_log_) {
            kept = usage_log_->append(usage_document(task.input, verdict));
        }
        return kept && journal_ ? journal_->append(task_line, result) : kept;
    }

    static ExitCode code_of_document(const Document& document) {
        const std::string decision = text_at(document, "decision");
        return decision.starts_with("allow") ? kDone : decision == "block" ? kNotFound : kRefused;
    }

    const Arguments& arguments_;
    const Checker& checker_;
    const std::vector<Key>& keys_;
    Console& console_;
    std::unique_ptr<CheckJournal> journal_;
    std::unique_ptr<LineLog> usage_log_;
};

ExitCode run_checks(const Arguments& arguments, const std::vector<CheckTask>& tasks, const std::vector<Key>& keys) {
    Console console(arguments.quiet, tasks.size());
    const std::string& registry = arguments.registry.empty() ? arguments.snapshot : arguments.registry;
    const Checker checker(arguments, {keys, index_path_of(registry)});
    CheckRun run(arguments, checker, keys, console);
    if (const Result<void> prepared = checker.prepare().and_then([&] { return run.prepare(); }); !prepared) {
        console.error(prepared.error().message);
        return exit_code_of(prepared.error());
    }
    ExitCode outcome = kDone;
    run_in_order<CheckResult>(
        tasks.size(), arguments.num_jobs,
        [&](std::size_t index) {
            CheckResult result = run.run(tasks[index], console.progress_of(index));
            console.file_done(index);
            return result;
        },
        [&](std::size_t index, const CheckResult& result) {
            run.deliver(tasks[index], result);
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

void add_output_options(CLI::App& app, Arguments& arguments) {
    CLI::Option* receipt =
        app.add_option("--receipt", arguments.receipt, "Write the signed verdict here; never overwritten")
            ->type_name("FILE");
    CLI::Option* identity =
        app.add_option("--sign-as", arguments.identity, "Who signs the receipt (.id)")->type_name("FILE");
    receipt->needs(identity);
    identity->needs(receipt);
    app.add_option("--usage-log", arguments.usage_log, "Append what was seen, for reports of use")->type_name("FILE");
    CLI::Option* json = app.add_flag("--json", arguments.json, "Print a JSON document");
    app.add_flag("--ndjson", arguments.ndjson, "Print one JSON document a line and recording")->excludes(json);
    app.add_flag("--quiet,-q", arguments.quiet, "No progress and no warnings");
}

} // namespace

Command add_check(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("check", "Say what may be done with a recording, and why");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);
    app->add_option("files", arguments->files, "Recordings, in any format that can be read; - is standard input")
        ->type_name("FILE");
    app->add_option("--registry,-r", arguments->registry, "The registry; only read")->type_name("FILE");
    app->add_option("--snapshot", arguments->snapshot, "A signed snapshot of one, instead")->type_name("FILE");
    app->add_option("--key,-k", arguments->keys, "A key file, or a folder of *.key files; may be given again")
        ->required()
        ->type_name("FILE")
        ->take_all()
        ->expected(1)
        ->allow_extra_args(false);
    app->add_option("--passphrase-file", arguments->passphrase_file, "Its first line opens protected keys")
        ->type_name("FILE");
    add_question_options(*app, arguments->question);
    app->add_option("--manifest", arguments->manifest, "Check the recordings of a CSV file")->type_name("FILE");
    app->add_option("--jobs,-j", arguments->num_jobs, "Recordings checked at once (default: one a processor)")
        ->check(CLI::Range(1, 1024))
        ->type_name("N");
    app->add_flag("--resume", arguments->resume, "Take what an earlier run of the manifest has done");
    add_output_options(*app, *arguments);
    return {app, [arguments] { return run(*arguments); }};
}

} // namespace wm::cli
