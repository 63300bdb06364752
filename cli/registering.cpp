#include "registering.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

#include "claim_file.h"
#include "exit_code.h"
#include "wm/fingerprint.h"
#include "wm/id.h"

namespace wm::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kJournalName[] = "wm-register.ndjson";
constexpr char kJournalSchema[] = "wm.register-journal/1";
constexpr char kPendingFolder[] = ".wm-pending";

fs::path pending_folder(const std::string& out_dir) {
    return fs::path(out_dir) / kPendingFolder;
}

/// Makes the output folder, and clears what killed runs left unfinished in it. The journal's lock is held.
Result<void> prepare_folder(const std::string& out_dir) {
    std::error_code error;
    fs::remove_all(pending_folder(out_dir), error);
    fs::create_directories(pending_folder(out_dir), error);
    if (error) {
        return fail(ErrorCode::kIo, fmt::format("cannot make the folder {}: {}", out_dir, error.message()));
    }
    return {};
}

/// A file that goes away unless it was moved.
class PendingFile {
public:
    PendingFile(const std::string& out_dir, const std::string& output)
        : path_((pending_folder(out_dir) / (new_uuid() + fs::path(output).extension().string())).string()) {}
    ~PendingFile() {
        std::error_code ignored; // what stays is cleared by the next run
        fs::remove(path_, ignored);
    }
    PendingFile(const PendingFile&) = delete;
    PendingFile& operator=(const PendingFile&) = delete;

    const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// Whether a claim is tied to sound already. One that is not gets it by being registered with a recording.
bool has_sound(const ClaimHistory& claim) {
    return claim.head().record.wm_id.has_value() || !claim.head().record.bindings.empty();
}

/// The claim that ties what the label wrote to the marked recording; a correction, when there is a claim without sound.
Claim claim_with_sound(const Claim& written, const std::optional<ClaimHistory>& own, const EmbedReport& report) {
    Claim claim = complete_claim(written);
    claim.recording.duration_ms = static_cast<std::int64_t>(1000 * report.duration_s);
    claim.wm_id = report.mark.id;
    claim.bindings = {{"wm.fingerprint/1", "fingerprint", claim.claim_id}};
    if (own) {
        claim.supersedes = own->head().record.claim_id;
        claim.serial = own->head().record.serial + 1;
    }
    return claim;
}

bool has_copy_for(const ClaimHistory& claim, const std::string& recipient) {
    return std::any_of(claim.copies.begin(), claim.copies.end(),
                       [&](const Logged<CopyIssue>& copy) { return copy.record.recipient == recipient; });
}

} // namespace

Result<std::unique_ptr<Registrar>> Registrar::open(Options options, Identity signer, const Key* key) {
    std::unique_ptr<Registrar> registrar(new Registrar(std::move(options), std::move(signer), key));
    const std::string& out_dir = registrar->options_.out_dir;
    // Before the folder is cleared: what a killed run was about to publish lies there.
    const Result<Registry> registry = Registry::open(registrar->options_.registry, Registry::Mode::kWrite);
    if (!registry) {
        return tl::unexpected(registry.error());
    }
    if (out_dir.empty()) {
        return registrar;
    }
    std::error_code error;
    fs::create_directories(out_dir, error);
    const auto learn = [&](const Document& line) {
        if (text_at(line, "schema") == kJournalSchema && line.contains("task") && line.contains("result")) {
            registrar->earlier_[line["task"].dump()] = line["result"];
        }
    };
    return LineLog::open((fs::path(out_dir) / kJournalName).string(), learn)
        .and_then([&](std::unique_ptr<LineLog> journal) {
            registrar->journal_ = std::move(journal);
            return prepare_folder(out_dir);
        })
        .map([&] { return std::move(registrar); });
}

Registrar::~Registrar() {
    if (!options_.out_dir.empty()) {
        std::error_code ignored; // it is hidden, and empty but for a failure
        fs::remove(pending_folder(options_.out_dir), ignored);
    }
}

Result<Registered> Registrar::register_one(const RegisterTask& task, const Progress& progress) {
    if (task.input.empty()) {
        return register_claim(task.claim);
    }
    const std::string output = (fs::path(options_.out_dir) / task.output).string();
    const Document key = task_document(task);
    const auto earlier = earlier_.find(key.dump());
    if (options_.resume && earlier != earlier_.end() && fs::exists(output)) {
        return Registered{text_at(earlier->second, "claim"),
                          earlier->second.value("entry", std::uint64_t{0}),
                          parse_id(text_at(earlier->second, "id")).value_or(0),
                          output,
                          {},
                          true};
    }
    return register_recording(task, progress).and_then([&](Registered registered) -> Result<Registered> {
        if (registered.was_there) {
            return registered;
        }
        return journal_->append({{"schema", kJournalSchema}, {"task", key}, {"result", document(task, registered)}})
            .map([&] { return std::move(registered); });
    });
}

Result<Registered> Registrar::register_claim(const Claim& claim) {
    return Registry::open(options_.registry, Registry::Mode::kWrite).and_then([&](Registry registry) {
        return sign_record(complete_claim(claim), signer_)
            .and_then([&](const SignedRecord& record) { return registry.publish(record); })
            .map([](const Entry& entry) { return Registered{entry.subject, entry.index, 0, "", {}, false}; });
    });
}

Result<std::optional<ClaimHistory>> Registrar::own_claim(const Registry& registry, const std::string& isrc) const {
    if (isrc.empty()) {
        return std::optional<ClaimHistory>();
    }
    const Result<TreeHead> head = registry.head();
    const Result<std::vector<ClaimHistory>> claims =
        head ? registry.find({.wm_id = {}, .isrc = isrc, .claim_id = "", .track = ""}, *head)
             : tl::unexpected(head.error());
    if (!claims) {
        return tl::unexpected(claims.error());
    }
    for (const ClaimHistory& claim : *claims) {
        if (claim.defect.empty() && claim.owner_kid() == signer_.party().kid() &&
            claim.status() != ClaimStatus::kRevoked) {
            return registry.whole_history(claim.id, *head).map([](ClaimHistory whole) {
                return std::optional(std::move(whole));
            });
        }
    }
    return std::optional<ClaimHistory>();
}

Result<Registered> Registrar::register_recording(const RegisterTask& task, const Progress& progress) {
    const std::string output = (fs::path(options_.out_dir) / task.output).string();
    const Result<Registry> registry = Registry::open(options_.registry, Registry::Mode::kRead);
    const Result<std::optional<ClaimHistory>> own =
        registry ? own_claim(*registry, task.claim.recording.isrc) : tl::unexpected(registry.error());
    if (!own) {
        return tl::unexpected(own.error());
    }
    const bool is_copy = !task.recipient.empty();
    if (*own && (is_copy ? has_copy_for(**own, task.recipient) : has_sound(**own))) {
        // A run that was killed after publishing did not come to say so in its journal.
        if (options_.resume && fs::exists(output)) {
            return Registered{(*own)->id, (*own)->head().index, (*own)->head().record.wm_id.value_or(0), output, {},
                              true};
        }
        return fail(
            ErrorCode::kUsage,
            is_copy ? fmt::format("{} has a copy for {} already", task.claim.recording.isrc, task.recipient)
                    : fmt::format("{} is registered already by this signer, as claim {}: correct that one (wm claim "
                                  "supersede), or issue a copy of it (--recipient)",
                                  task.claim.recording.isrc, (*own)->head().record.claim_id));
    }
    if (is_copy && (!*own || !has_sound(**own))) {
        return fail(ErrorCode::kUsage,
                    fmt::format("register \"{}\" itself first, and then copies of it: a copy is found by the "
                                "fingerprint of the recording",
                                task.claim.recording.title));
    }
    if (fs::exists(output)) {
        return fail(ErrorCode::kUsage, fmt::format("{} exists already, and is not overwritten", output));
    }
    std::error_code error;
    fs::create_directories(fs::path(output).parent_path(), error); // writing the file says what is wrong
    const PendingFile pending(options_.out_dir, task.output);
    const std::uint64_t wm_id = random_id();
    return embed_file(task.input, pending.path(), *key_, wm_id, options_.embed, progress)
        .and_then([&](const EmbedReport& report) { return publish_marked(task, *own, pending.path(), report); });
}

Result<Registered> Registrar::publish_marked(const RegisterTask& task, const std::optional<ClaimHistory>& own,
                                             const std::string& pending, const EmbedReport& report) {
    const Result<std::string> hash = hash_file(pending);
    const Result<Fingerprint> fingerprint = hash ? fingerprint_file(pending) : tl::unexpected(hash.error());
    if (!fingerprint) {
        return tl::unexpected(fingerprint.error());
    }
    const std::string output = (fs::path(options_.out_dir) / task.output).string();
    Registration registration{{}, pending, output, *hash, std::nullopt};
    Record record = CopyIssue{own ? own->id : "", report.mark.id, task.recipient, now()};
    if (task.recipient.empty()) {
        const Claim claim = claim_with_sound(task.claim, own, report);
        IndexTrack track{claim.claim_id, claim.recording.isrc, claim.recording.title, output, 0};
        registration.track = IndexEntry{std::move(track), *fingerprint};
        record = claim;
    }
    return sign_record(record, signer_)
        .and_then([&](SignedRecord signed_record) {
            registration.record = std::move(signed_record);
            return Registry::open(options_.registry, Registry::Mode::kWrite);
        })
        .and_then([&](Registry registry) { return registry.publish_with_file(registration); })
        .map([&](const Entry& entry) {
            return Registered{entry.subject, entry.index, report.mark.id, output, report.warnings, false};
        });
}

Document Registrar::task_document(const RegisterTask& task) const {
    struct stat input = {};
    stat(task.input.c_str(), &input); // a missing input stays 0 here, and marking it says what is wrong
    return {
        {"input", task.input},
        {"input_bytes", static_cast<std::int64_t>(input.st_size)},
        {"input_modified_ns", std::int64_t{input.st_mtim.tv_sec} * 1'000'000'000 + input.st_mtim.tv_nsec},
        {"output", task.output},
        {"key_id", key_->id()},
        {"signer", signer_.party().kid()},
        {"isrc", task.claim.recording.isrc},
        {"recipient", task.recipient},
    };
}

Document Registrar::document(const RegisterTask& task, const Result<Registered>& result) const {
    Document document = {{"schema", "wm.register/1"},
                         {"input", task.input},
                         {"title", task.claim.recording.title},
                         {"isrc", task.claim.recording.isrc}};
    if (!result) {
        document["outcome"] = exit_code_of(result.error()) == kRefused ? "refused" : "error";
        document["error"] = {{"code", name_of(result.error().code)}, {"message", result.error().message}};
        return document;
    }
    document["outcome"] = result->was_there ? "skipped" : "registered";
    document["claim"] = result->claim_id;
    document["entry"] = result->entry;
    if (!result->output.empty()) {
        document["output"] = result->output;
        document["id"] = format_id(result->wm_id);
        document["recipient"] = task.recipient;
        document["warnings"] = result->warnings;
    }
    return document;
}

} // namespace wm::cli
