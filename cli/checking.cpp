#include "checking.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "interrupt.h"
#include "text_file.h"
#include "upload_documents.h"
#include "wm/receipt.h"

namespace wm::cli {
namespace {

constexpr const char* kJournalSchema = "wm.check-journal/2";

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

ExitCode code_of_document(const Document& document) {
    const std::string decision = text_at(document, "decision");
    return decision.starts_with("allow") ? kDone : decision == "block" ? kNotFound : kRefused;
}

} // namespace

Result<Judgement> judge(const Registry& registry, const Evidence& evidence, const TreeHead& head,
                        const AskedQuestion& asked) {
    return find_claims(registry, evidence, head, asked.question.licensee).map([&](std::vector<ClaimHistory> claims) {
        Verdict verdict = decide(evidence, claims, asked.question, asked.profile);
        verdict.registry = head;
        return Judgement{std::move(claims), std::move(verdict)};
    });
}

Checker::Checker(CheckOptions options, std::vector<Key> keys)
    : options_(std::move(options)), sources_{std::move(keys),
                                             index_path_of(options_.registry.empty() ? options_.snapshot
                                                                                     : options_.registry),
                                             true} {}

Result<std::unique_ptr<Checker>> Checker::open(CheckOptions options, std::vector<Key> keys) {
    std::unique_ptr<Checker> checker(new Checker(std::move(options), std::move(keys)));
    return checker->check_snapshot().and_then([&] { return checker->open_logs(); }).map([&] {
        return std::move(checker);
    });
}

Result<Registry> Checker::open_registry() const {
    return Registry::open(options_.registry.empty() ? options_.snapshot : options_.registry, Registry::Mode::kRead);
}

Result<void> Checker::check_snapshot() const {
    return open_registry()
        .and_then([](const Registry& registry) { return registry.snapshot_seal(); })
        .and_then([&](const std::optional<SnapshotSeal>& seal) -> Result<void> {
            if (!seal && !options_.snapshot.empty()) {
                return fail(ErrorCode::kUsage,
                            fmt::format("{} is a registry, and no snapshot: use --registry", options_.snapshot));
            }
            return {};
        });
}

Result<void> Checker::open_logs() {
    Result<void> opened;
    const auto take_into = [&](std::unique_ptr<LineLog>& place) {
        return [&place](std::unique_ptr<LineLog> log) { place = std::move(log); };
    };
    if (!options_.usage_log.empty()) {
        opened = LineLog::open(options_.usage_log, [](const Document&) {}).map(take_into(usage_log_));
    }
    if (!opened || options_.manifest.empty() || options_.manifest == "-") {
        return opened;
    }
    const auto learn = [&](const Document& line) {
        if (options_.resume && text_at(line, "schema") == kJournalSchema && line.contains("task") &&
            line.contains("result") && line.contains("upload")) {
            earlier_[line["task"].dump()] = line;
        }
    };
    return LineLog::open(options_.manifest + ".wm-check.ndjson", learn).map(take_into(journal_));
}

CheckResult Checker::run(const CheckTask& task, const Progress& progress) {
    if (interrupted()) {
        return {};
    }
    const Document task_line = journal_ ? task_document(task) : Document();
    if (const auto earlier = earlier_.find(task_line.dump()); journal_ && earlier != earlier_.end()) {
        return {code_of_document(earlier->second["result"]), earlier->second["result"], "", "",
                with_finding(task.upload, earlier->second["upload"])};
    }
    Upload upload = task.upload;
    const Result<Verdict> verdict = check(task, progress, upload);
    CheckResult result{code_of(verdict), check_document(task.input, verdict), "", "", upload};
    if (!verdict) {
        result.error = verdict.error().code == ErrorCode::kCancelled ? "" : verdict.error().message;
        return result;
    }
    result.text = describe_verdict(task.input, *verdict);
    if (const Result<void> kept = keep(task, task_line, *verdict, result); !kept) {
        result.code = kFailed;
        result.error = kept.error().message;
    }
    return result;
}

Result<Verdict> Checker::check(const CheckTask& task, const Progress& progress, Upload& upload) const {
    const Result<Registry> registry = open_registry();
    const Result<TreeHead> head = registry ? registry->head(task.asked.as_of_s) : tl::unexpected(registry.error());
    if (!head) {
        return tl::unexpected(head.error());
    }
    const Result<Evidence> evidence = gather_evidence(task.input, sources_, progress);
    if (!evidence) {
        return tl::unexpected(evidence.error());
    }
    identify_upload(*evidence, task.asked.profile, upload);
    Question question = task.asked.question;
    question.is_offline = !options_.snapshot.empty();
    return judge(*registry, *evidence, *head, {question, task.asked.profile, task.asked.as_of_s})
        .map([](Judgement judgement) { return std::move(judgement.verdict); });
}

/// Writes down what is to outlast the run.
Result<void> Checker::keep(const CheckTask& task, const Document& task_line, const Verdict& verdict,
                           const CheckResult& result) {
    Result<void> kept;
    if (!options_.receipt.empty()) {
        kept = write_receipt(task.input, verdict);
    }
    if (kept && usage_log_) {
        kept = usage_log_->append(usage_document(task.input, verdict));
    }
    return kept && journal_ ? journal_->append({{"schema", kJournalSchema},
                                                {"task", task_line},
                                                {"result", result.document},
                                                {"upload", finding_document(result.upload)}})
                            : kept;
}

/// Signs a verdict, and writes it to the receipt's file.
Result<void> Checker::write_receipt(const std::string& name, const Verdict& verdict) const {
    const Result<Identity> signer = Identity::load(options_.identity);
    const Result<Registry> registry = signer ? open_registry() : tl::unexpected(signer.error());
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
    return write_text_file(options_.receipt, sign_receipt(receipt, *signer) + "\n");
}

/// What a verdict rests on besides the registry's content: another question, policy, key or recording is another task.
Document Checker::task_document(const CheckTask& task) const {
    struct stat input = {};
    stat(task.input.c_str(), &input); // a missing input stays 0 here, and checking it says what is wrong
    Document key_ids = Document::array();
    for (const Key& key : sources_.keys) {
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

} // namespace wm::cli
