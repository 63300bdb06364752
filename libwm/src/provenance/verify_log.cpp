#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "provenance/log_entries.h"
#include "provenance/registrations.h"
#include "wm/registry.h"

namespace wm {
namespace {

/// Walks a log from its first entry to its last.
class LogWalk {
public:
    LogWalk(RegistryStore& store, std::size_t max_defects) : store_(store), max_defects_(max_defects) {}

    /// False when there is no sense in going on.
    bool visit(const LogEntry& entry) {
        if (entry.index != num_entries_) {
            report(num_entries_, fmt::format("is missing: entry {} follows", entry.index));
            return false; // all hashes from here on would be wrong
        }
        ++num_entries_;
        if (entry.time_ms < last_time_ms_) {
            report(entry.index, "was appended before the one before it");
        }
        last_time_ms_ = std::max(last_time_ms_, entry.time_ms);
        check_nodes(entry);
        if (const Result<SignedRecord> record = read_signed_record(entry.text)) {
            check_record(entry, *record);
        } else {
            report(entry.index, record.error().message);
        }
        return !error_ && defects_.size() < max_defects_;
    }

    /// What no single entry shows.
    Result<std::vector<LogDefect>> finish(bool saw_all) {
        if (error_) {
            return tl::unexpected(*error_);
        }
        if (!saw_all || !defects_.empty()) {
            return std::move(defects_);
        }
        return store_.num_keys().map([&](std::uint64_t num_keys) {
            if (num_keys != num_keys_) {
                defects_.push_back({std::nullopt, fmt::format("the look-up keys are {}, but the entries call for {}",
                                                              num_keys, num_keys_)});
            }
            return std::move(defects_);
        });
    }

    std::uint64_t num_entries() const { return num_entries_; }

private:
    void report(std::uint64_t index, const std::string& what) { defects_.push_back({index, what}); }

    /// The value, or nothing once something could not be read.
    template <class T>
    std::optional<T> take(const Result<T>& result) {
        if (!result && !error_) {
            error_ = result.error();
        }
        return result ? std::optional<T>(*result) : std::nullopt;
    }

    /// Compares the stored hashes with those of the entries, which are built anew from the leaves.
    void check_nodes(const LogEntry& entry) {
        const NodeReader own = [&](unsigned level, std::uint64_t) -> Result<Hash> { return lefts_[level]; };
        const Result<std::vector<TreeNode>> completed = nodes_completed_by(entry.index, leaf_of(entry), own);
        for (const TreeNode& node : *completed) {
            const Result<Hash> stored = store_.node(node.level, node.index);
            if (!stored && stored.error().code != ErrorCode::kFormat) {
                take(stored);
                return;
            }
            if (!stored || *stored != node.hash) {
                report(entry.index,
                       node.level == 0
                           ? "is not what was appended: its hash differs from the log's tree"
                           : fmt::format("completes a subtree (level {}, number {}) whose stored hash is wrong",
                                         node.level, node.index));
                return; // those above follow from it
            }
            lefts_[node.level] = node.hash;
        }
    }

    void check_record(const LogEntry& entry, const SignedRecord& record) {
        if (record.text != entry.text) {
            report(entry.index, "is not in canonical form");
        }
        const std::optional<ClaimHistory> history = history_before(entry, record);
        if (!history) {
            return;
        }
        ClaimHistory after = *history;
        if (const Result<void> added = add_record(after, record, entry.index, 0); !added) {
            report(entry.index, fmt::format("must not be there: {}", added.error().message));
        } else if (after.id != entry.subject) {
            report(entry.index, fmt::format("is filed under claim {}, but is about {}", entry.subject, after.id));
        }
        for (const LookupKey& key : keys_of(record, entry.subject, *history)) {
            ++num_keys_;
            if (const std::optional<bool> has = take(store_.has_key(key, entry.index)); has && !*has) {
                report(entry.index, fmt::format("cannot be found by {}: its look-up key is missing", key.value));
            }
        }
    }

    std::optional<ClaimHistory> history_before(const LogEntry& entry, const SignedRecord& record) {
        std::optional<std::vector<LogEntry>> entries =
            take(store_.find({KeyKind::kSubject, entry.subject}, entry.index));
        const auto* revocation = std::get_if<LicenceRevocation>(&record.record);
        if (entries && revocation != nullptr) {
            const std::optional<std::vector<LogEntry>> licences =
                take(store_.find({KeyKind::kLicence, revocation->licence_id}, entry.index));
            for (const LogEntry& licence : licences.value_or(std::vector<LogEntry>())) {
                if (licence.text.find("\"wm-claim/1\"") == std::string::npos) {
                    entries->push_back(licence);
                }
            }
        }
        return entries ? std::optional(history_from(entry.subject, *entries)) : std::nullopt;
    }

    RegistryStore& store_;
    const std::size_t max_defects_;
    std::vector<LogDefect> defects_;
    std::optional<Error> error_;
    std::map<unsigned, Hash> lefts_; // the last hash of each level: a node's left neighbour when one is completed
    std::uint64_t num_entries_ = 0;
    std::uint64_t num_keys_ = 0;
    std::int64_t last_time_ms_ = 0;
};

} // namespace

Result<std::vector<LogDefect>> Registry::verify(std::size_t max_defects,
                                                const std::function<bool(double share_done)>& progress) const {
    const Result<std::uint64_t> size = store_->size();
    if (!size) {
        return tl::unexpected(size.error());
    }
    LogWalk walk(*store_, max_defects);
    bool was_stopped = false;
    const Result<void> scanned = store_->scan(0, [&](const LogEntry& entry) {
        constexpr std::uint64_t kReportEvery = 256;
        if (progress && entry.index % kReportEvery == 0 &&
            !progress(static_cast<double>(entry.index) / static_cast<double>(*size))) {
            was_stopped = true;
            return false;
        }
        return walk.visit(entry);
    });
    if (was_stopped) {
        return fail(ErrorCode::kCancelled, "interrupted");
    }
    return scanned.and_then([&] { return walk.finish(walk.num_entries() >= *size); });
}

} // namespace wm
