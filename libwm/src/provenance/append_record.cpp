#include <algorithm>

#include <chrono>
#include <fmt/format.h>

#include "provenance/log_entries.h"
#include "provenance/records.h"
#include "provenance/registrations.h"
#include "wm/id.h"

namespace wm {
namespace {

/// Two machines' clocks may differ by this much before it is worth stopping for.
constexpr std::int64_t kClockTolerance_ms = 60'000;

std::int64_t system_time_ms() {
    const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count();
}

/// The time of an entry after `last_ms`: the clock's, which must not be behind it.
Result<std::int64_t> next_time_ms(std::int64_t last_ms) {
    const std::int64_t clock_ms = system_time_ms();
    if (clock_ms < last_ms - kClockTolerance_ms) {
        return fail(ErrorCode::kUsage,
                    fmt::format("the clock says {}, but the registry's last entry is of {}: set the clock",
                                format_moment({clock_ms / 1000, false}), format_moment({last_ms / 1000, false})));
    }
    return std::max(clock_ms, last_ms);
}

/// The log's end as it was when a record was looked at.
struct LogEnd {
    std::uint64_t size = 0;
    std::int64_t time_ms = 0;
};

Result<LogEnd> end_of(RegistryStore& store) {
    return store.size().and_then([&](std::uint64_t size) -> Result<LogEnd> {
        if (size == 0) {
            return LogEnd{};
        }
        return store.read(size - 1).and_then([&](const std::optional<LogEntry>& last) -> Result<LogEnd> {
            if (!last) {
                return fail(ErrorCode::kFormat, fmt::format("the registry is damaged: entry {} is missing", size - 1));
            }
            return LogEnd{size, last->time_ms};
        });
    });
}

/// One attempt to append one record to one state of the log.
class Appending {
public:
    Appending(RegistryStore& store, const SignedRecord& record, const LogEnd& end)
        : store_(store), record_(record), end_(end) {}

    /// errors   the record must not be appended
    Result<NewEntry> prepare() {
        return find_subject()
            .and_then([&] { return load_history(); })
            .and_then([&] { return check_ids(); })
            .and_then([&] { return check_next(); })
            .and_then([&] { return check_rivals(); })
            .and_then([&] { return make_entry(); });
    }

private:
    Result<std::vector<LogEntry>> find(KeyKind kind, const std::string& value) {
        return store_.find({kind, value}, end_.size);
    }

    Result<void> find_subject() {
        const auto* claim = std::get_if<Claim>(&record_.record);
        const std::string& about = claim != nullptr ? claim->supersedes : claim_id_of(record_.record);
        if (about.empty()) {
            subject_ = claim->claim_id;
            return {};
        }
        return find(KeyKind::kClaimId, about).and_then([&](const std::vector<LogEntry>& found) -> Result<void> {
            if (found.empty()) {
                return fail(ErrorCode::kUsage, fmt::format("there is no claim {} in this registry", about));
            }
            subject_ = found.front().subject;
            return {};
        });
    }

    Result<void> load_history() {
        const auto* revocation = std::get_if<LicenceRevocation>(&record_.record);
        return find(KeyKind::kSubject, subject_)
            .and_then([&](std::vector<LogEntry> entries) -> Result<std::vector<LogEntry>> {
                if (revocation == nullptr) {
                    return entries;
                }
                return find(KeyKind::kLicence, revocation->licence_id).map([&](const std::vector<LogEntry>& licences) {
                    for (const LogEntry& licence : licences) { // a claim with the licence in it is there already
                        const auto is_it = [&](const LogEntry& entry) { return entry.index == licence.index; };
                        if (licence.subject == subject_ && std::none_of(entries.begin(), entries.end(), is_it)) {
                            entries.push_back(licence);
                        }
                    }
                    return std::move(entries);
                });
            })
            .and_then([&](const std::vector<LogEntry>& entries) -> Result<void> {
                history_ = history_from(subject_, entries);
                return history_.defect.empty() ? Result<void>() : fail(ErrorCode::kFormat, history_.defect);
            });
    }

    Result<void> check_next() const {
        ClaimHistory after = history_;
        return add_record(after, record_, end_.size, 0);
    }

    Result<void> expect_free(KeyKind kind, const std::string& id, const char* name) {
        return find(kind, id).and_then([&](const std::vector<LogEntry>& taken) -> Result<void> {
            if (!taken.empty()) {
                return fail(ErrorCode::kUsage, fmt::format("there is a {} {} already", name, id));
            }
            return {};
        });
    }

    Result<void> check_ids() {
        if (const auto* grant = std::get_if<LicenceGrant>(&record_.record)) {
            return expect_free(KeyKind::kLicence, grant->licence.id, "licence");
        }
        if (const auto* copy = std::get_if<CopyIssue>(&record_.record)) {
            return expect_free(KeyKind::kWmId, format_id(copy->wm_id), "mark");
        }
        const auto* claim = std::get_if<Claim>(&record_.record);
        Result<void> result =
            claim != nullptr ? expect_free(KeyKind::kClaimId, claim->claim_id, "claim") : Result<void>();
        if (claim == nullptr || !result) {
            return result;
        }
        const bool keeps_mark = !history_.claims.empty() && history_.head().record.wm_id == claim->wm_id;
        if (claim->wm_id && !keeps_mark) {
            result = expect_free(KeyKind::kWmId, format_id(*claim->wm_id), "mark");
        }
        for (const Licence& licence : claim->licences) {
            if (result && !is_known_licence(licence.id)) {
                result = expect_free(KeyKind::kLicence, licence.id, "licence");
            }
        }
        return result;
    }

    /// A correction repeats the licences of what it supersedes.
    bool is_known_licence(const std::string& id) const {
        return !history_.claims.empty() &&
               std::any_of(history_.head().record.licences.begin(), history_.head().record.licences.end(),
                           [&](const Licence& licence) { return licence.id == id; });
    }

    /// What depends on other claims of the same recording: one claim a signer, and who may dispute.
    Result<void> check_rivals() {
        const auto* claim = std::get_if<Claim>(&record_.record);
        const auto* change = std::get_if<StatusChange>(&record_.record);
        const bool is_first = claim != nullptr && history_.claims.empty();
        const bool is_dispute =
            change != nullptr && change->status == ClaimStatus::kDisputed && record_.kid != history_.owner_kid();
        const std::string& isrc = is_first     ? claim->recording.isrc
                                  : is_dispute ? history_.head().record.recording.isrc
                                               : "";
        const Result<std::optional<ClaimHistory>> own =
            isrc.empty() ? std::optional<ClaimHistory>() : claim_by_signer(isrc);
        if (!own) {
            return tl::unexpected(own.error());
        }
        if (is_first && *own) {
            return fail(ErrorCode::kUsage,
                        fmt::format("{} is registered already by this signer, as claim {}: correct that one (wm claim "
                                    "supersede), or issue a copy of it (--recipient)",
                                    isrc, (*own)->head().record.claim_id));
        }
        if (is_dispute && !*own && !is_named()) {
            return fail(
                ErrorCode::kNotPermitted,
                fmt::format(
                    "{} may not dispute claim {}: only a party that the claim names by its kid may, or one that "
                    "has registered a claim on the same ISRC",
                    record_.kid, history_.id));
        }
        return {};
    }

    bool is_named() const {
        const std::vector<Contributor>& parties = history_.head().record.parties;
        return std::any_of(parties.begin(), parties.end(),
                           [&](const Contributor& party) { return party.kid == record_.kid; });
    }

    /// The signer's own claim on that recording, unless it was revoked.
    Result<std::optional<ClaimHistory>> claim_by_signer(const std::string& isrc) {
        const Result<std::vector<LogEntry>> hits = find(KeyKind::kIsrc, isrc);
        if (!hits) {
            return tl::unexpected(hits.error());
        }
        for (const LogEntry& hit : *hits) {
            const Result<std::vector<LogEntry>> entries = find(KeyKind::kSubject, hit.subject);
            if (!entries) {
                return tl::unexpected(entries.error());
            }
            ClaimHistory history = history_from(hit.subject, *entries);
            if (history.defect.empty() && history.owner_kid() == record_.kid &&
                history.status() != ClaimStatus::kRevoked) {
                return history;
            }
        }
        return std::optional<ClaimHistory>();
    }

    Result<NewEntry> make_entry() {
        const Result<std::int64_t> time_ms = next_time_ms(end_.time_ms);
        if (!time_ms) {
            return tl::unexpected(time_ms.error());
        }
        NewEntry added;
        added.entry = {end_.size, *time_ms, subject_, record_.text};
        added.keys = keys_of(record_, subject_, history_);
        return nodes_completed_by(end_.size, leaf_of(added.entry), nodes_of(store_))
            .map([&](std::vector<TreeNode> nodes) {
                added.nodes = std::move(nodes);
                return std::move(added);
            });
    }

    RegistryStore& store_;
    const SignedRecord& record_;
    const LogEnd end_;
    std::string subject_;
    ClaimHistory history_; // before the record
};

} // namespace

Result<Entry> append_record(RegistryStore& store, const SignedRecord& record,
                            std::optional<std::int64_t> finished_intent) {
    constexpr int kMaxAttempts = 100; // each lost one is a success of somebody else
    for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
        const Result<NewEntry> added =
            end_of(store).and_then([&](const LogEnd& end) { return Appending(store, record, end).prepare(); });
        if (!added) {
            return tl::unexpected(added.error());
        }
        const Result<bool> appended = store.append({&*added, 1}, finished_intent);
        if (!appended) {
            return tl::unexpected(appended.error());
        }
        if (*appended) {
            const LogEntry& entry = added->entry;
            return Entry{entry.index, entry.time_ms, entry.subject, record};
        }
    }
    return fail(ErrorCode::kIo, "other programs write to the registry without a pause: try again later");
}

Result<ClaimHistory> proven_history(RegistryStore& store, const std::string& subject,
                                    const std::vector<LogEntry>& entries, const TreeHead& head) {
    ClaimHistory history = history_from(subject, entries);
    const Result<Hash> root = parse_hash(head.root);
    if (!root) {
        return tl::unexpected(root.error());
    }
    for (const LogEntry& entry : entries) {
        const Result<std::vector<Hash>> path = inclusion_path(entry.index, head.size, nodes_of(store));
        if (!path) {
            return tl::unexpected(path.error());
        }
        if (!proves_inclusion(*path, leaf_of(entry), entry.index, head.size, *root) && history.defect.empty()) {
            history.defect =
                fmt::format("entry {} of the log (claim {}) was tampered with: it is not what the log's tree says",
                            entry.index, subject);
        }
    }
    return history;
}

} // namespace wm
