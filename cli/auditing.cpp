#include "auditing.h"

#include <filesystem>

#include <fmt/format.h>

#include "audit_files.h"
#include "audit_rows.h"
#include "input_walk.h"
#include "interrupt.h"
#include "line_log.h"
#include "parallel.h"
#include "signed_folder.h"
#include "upload_documents.h"

namespace wm::cli {
namespace {

constexpr const char* kJournalSchema = "wm.audit-journal/2";

/// How many recordings may be done before a slow one that they wait for.
constexpr std::size_t kMaxWaiting = 64;

/// What came of one recording: its line, or why the audit cannot go on.
struct AuditedInput {
    Document line;
    Result<void> outcome;
};

/// The name as it reads back from a line of a list or journal.
std::string as_listed(const std::string& path) {
    const std::string name = Document::parse(to_line({{"file", path}})).value("file", "");
    return name.substr(0, name.find('\n'));
}

/// One run of run_audit().
class Audit {
public:
    Audit(const AuditOptions& options, const AskedQuestion& asked, std::vector<Key> keys)
        : options_(options), asked_(asked), sources_{std::move(keys), index_path_of(options.registry), true},
          journal_path_((std::filesystem::path(options.folder) / "wm-audit.ndjson").string()) {}

    Result<Document> run() {
        return open_registry()
            .and_then([&] { return InputWalk::open(options_.data_set); })
            .and_then([&](std::unique_ptr<InputWalk> walk) {
                walk_ = std::move(walk);
                return open_journal();
            })
            .and_then([&] { return examine_all(); })
            .and_then([&] {
                return write_audit_files(options_.folder, journal_path_, head_line_["audit"], asked_.profile.signals,
                                         options_.identity);
            });
    }

private:
    Result<void> open_registry() {
        return Registry::open(options_.registry, Registry::Mode::kRead).and_then([&](const Registry& registry) {
            return registry.snapshot_seal().and_then([&](const std::optional<SnapshotSeal>& seal) {
                asked_.question.is_offline = seal.has_value();
                return registry.head(asked_.as_of_s).map([&](const TreeHead& head) { head_ = head; });
            });
        });
    }

    Document head_document() const {
        Document keys = Document::array();
        for (const Key& key : sources_.keys) {
            keys.push_back(key.id());
        }
        return {{"schema", kJournalSchema},
                {"audit",
                 {{"schema", "wm-audit/1"},
                  {"data_set", options_.data_set},
                  {"time", format_moment({asked_.question.time_s, false})},
                  {"registry", {{"size", head_.size}, {"root", head_.root}}},
                  {"question", question_document(asked_.question)},
                  {"policy", asked_.profile.hash()},
                  {"keys", keys}}}};
    }

    /// Takes up what an earlier run left: its question's time and registry, and its place in the data set.
    Result<void> open_journal() {
        if (const Result<void> made = make_folder(options_.folder); !made) {
            return made;
        }
        Result<void> fits;
        Result<std::unique_ptr<LineLog>> log = LineLog::open(
            journal_path_, [&](const Document& line) { fits = fits.and_then([&] { return take_up(line); }); });
        if (!log || !fits) {
            return log ? fits : tl::unexpected(log.error());
        }
        journal_ = *std::move(log);
        if (!head_line_.is_null()) {
            return {};
        }
        head_line_ = head_document();
        return journal_->append(head_line_);
    }

    Result<void> take_up(const Document& line) {
        if (!options_.resume) {
            return fail(
                ErrorCode::kUsage,
                fmt::format("there is an audit in {}: go on with --resume, or name another folder", options_.folder));
        }
        if (line.contains("audit")) {
            return take_up_head(line);
        }
        const std::optional<WalkedInput> input = walk_->next();
        if (!input || as_listed(input->path) != as_listed(text_at(line, "file"))) {
            return fail(ErrorCode::kUsage,
                        fmt::format("{} is not what it was when the audit began: {} was there, and now {}; start anew",
                                    options_.data_set, text_at(line, "file"), input ? input->path : "nothing"));
        }
        return {};
    }

    Result<void> take_up_head(const Document& line) {
        Document expected = head_document();
        expected["audit"]["time"] = line["audit"]["time"];
        expected["audit"]["registry"] = line["audit"]["registry"];
        const Result<Moment> time = parse_moment(text_at(line["audit"], "time"));
        if (line != expected || !time) {
            return fail(ErrorCode::kUsage,
                        fmt::format("the audit in {} asked something else: name another folder", options_.folder));
        }
        head_line_ = line;
        asked_.question.time_s = time->unix_s;
        head_ = {line["audit"]["registry"]["size"].get<std::uint64_t>(), text_at(line["audit"]["registry"], "root")};
        return {};
    }

    Result<void> examine_all() {
        Result<void> outcome;
        run_stream_in_order<WalkedInput, AuditedInput>(
            options_.num_jobs, kMaxWaiting, [&] { return outcome && !interrupted() ? walk_->next() : std::nullopt; },
            [&](const WalkedInput& input) { return examine(input); },
            [&](const WalkedInput&, AuditedInput audited) {
                outcome = outcome.and_then([&] { return audited.outcome; }).and_then([&] {
                    return journal_->append(audited.line);
                });
            });
        return outcome && interrupted() ? fail(ErrorCode::kCancelled, "interrupted: go on with --resume") : outcome;
    }

    AuditedInput examine(const WalkedInput& input) const {
        AuditedInput audited = examine_sound(input);
        if (audited.outcome) {
            describe_upload(input, audited.line);
        }
        return audited;
    }

    AuditedInput examine_sound(const WalkedInput& input) const {
        if (!input.error.empty()) {
            return {unread_audit_line(input.path, input.error), {}};
        }
        if (as_listed(input.path) != input.path) {
            return {unread_audit_line(input.path, "its name cannot be listed: it has a line break, or is not UTF-8"),
                    {}};
        }
        const Result<Evidence> evidence = gather_evidence(input.path, sources_, [](double) { return !interrupted(); });
        if (!evidence) {
            const bool is_stop = evidence.error().code == ErrorCode::kCancelled;
            return is_stop ? AuditedInput{{}, tl::unexpected(evidence.error())}
                           : AuditedInput{unread_audit_line(input.path, evidence.error().message), {}};
        }
        const Result<Judgement> judgement =
            Registry::open(options_.registry, Registry::Mode::kRead).and_then([&](const Registry& registry) {
                return judge(registry, *evidence, head_, asked_);
            });
        if (!judgement) {
            return {{}, tl::unexpected(judgement.error())};
        }
        Document line = audit_line(input.path, *evidence, *judgement);
        Upload upload;
        identify_upload(*evidence, asked_.profile, upload);
        line["upload"] = finding_document(upload);
        return {std::move(line), {}};
    }

    /// Adds what the data set says of an upload, for signals.
    static void describe_upload(const WalkedInput& input, Document& line) {
        if (!line.contains("upload")) {
            line["upload"] = finding_document({});
        }
        line["upload"]["title"] = input.title;
        line["upload"]["account"] = input.account;
        if (input.time_s) {
            line["upload"]["time_s"] = *input.time_s;
        }
    }

    const AuditOptions& options_;
    AskedQuestion asked_;
    const EvidenceSources sources_;
    const std::string journal_path_;
    std::unique_ptr<InputWalk> walk_;
    std::unique_ptr<LineLog> journal_;
    Document head_line_;
    TreeHead head_;
};

} // namespace

Result<Document> run_audit(const AuditOptions& options, const AskedQuestion& asked, std::vector<Key> keys) {
    return Audit(options, asked, std::move(keys)).run();
}

} // namespace wm::cli
