#include "wm/registry.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "provenance/log_entries.h"
#include "provenance/records.h"
#include "provenance/registrations.h"
#include "wm/id.h"

namespace wm {
namespace {

LookupKey key_of(const ClaimQuery& query) {
    if (query.wm_id) {
        return {KeyKind::kWmId, format_id(*query.wm_id)};
    }
    if (!query.isrc.empty()) {
        return {KeyKind::kIsrc, query.isrc};
    }
    return query.track.empty() ? LookupKey{KeyKind::kClaimId, query.claim_id} : LookupKey{KeyKind::kTrack, query.track};
}

bool is_earlier(const LogEntry& a, const LogEntry& b) {
    return a.index < b.index;
}

/// The entries under all of `keys`, in the log's order, each once.
Result<std::vector<LogEntry>> find_all(RegistryStore& store, const std::vector<LookupKey>& keys, std::uint64_t end) {
    std::vector<LogEntry> entries;
    for (const LookupKey& key : keys) {
        Result<std::vector<LogEntry>> found = store.find(key, end);
        if (!found) {
            return found;
        }
        std::move(found->begin(), found->end(), std::back_inserter(entries));
    }
    std::sort(entries.begin(), entries.end(), is_earlier);
    const auto same = [](const LogEntry& a, const LogEntry& b) { return a.index == b.index; };
    entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
    return entries;
}

std::vector<std::string> to_text(const std::vector<Hash>& hashes) {
    std::vector<std::string> texts;
    std::transform(hashes.begin(), hashes.end(), std::back_inserter(texts), hash_text);
    return texts;
}

Result<std::vector<Hash>> to_hashes(const std::vector<std::string>& texts) {
    std::vector<Hash> hashes;
    for (const std::string& text : texts) {
        const Result<Hash> hash = parse_hash(text);
        if (!hash) {
            return tl::unexpected(hash.error());
        }
        hashes.push_back(*hash);
    }
    return hashes;
}

} // namespace

Registry::Registry(std::unique_ptr<RegistryStore> store, std::string index_path)
    : store_(std::move(store)), index_path_(std::move(index_path)) {}
Registry::Registry(Registry&&) noexcept = default;
Registry& Registry::operator=(Registry&&) noexcept = default;
Registry::~Registry() = default;

Result<Registry> Registry::create(const std::string& url) {
    return open_registry_store(url, StoreMode::kCreate).map([&](std::unique_ptr<RegistryStore> store) {
        return Registry(std::move(store), index_path_of(url));
    });
}

Result<Registry> Registry::open(const std::string& url, Mode mode) {
    Result<std::unique_ptr<RegistryStore>> store =
        open_registry_store(url, mode == Mode::kRead ? StoreMode::kReadOnly : StoreMode::kReadWrite);
    if (!store) {
        return tl::unexpected(store.error());
    }
    if (mode == Mode::kWrite) {
        const Result<std::optional<std::string>> seal = (*store)->seal();
        if (seal && *seal) {
            return fail(ErrorCode::kUsage,
                        fmt::format("{} is a snapshot, which is only read: make a registry of it with "
                                    "`wm registry import`",
                                    url));
        }
        if (Result<void> recovered = recover_registrations(**store, index_path_of(url)); !recovered) {
            return tl::unexpected(recovered.error());
        }
    }
    return Registry(*std::move(store), index_path_of(url));
}

Result<TreeHead> Registry::head(std::optional<std::int64_t> as_of_s) const {
    const Result<std::uint64_t> size = as_of_s ? store_->size_at(*as_of_s * 1000 + 999) : store_->size();
    return size.and_then([&](std::uint64_t count) {
        return tree_root(count, nodes_of(*store_)).map([&](const Hash& root) {
            return TreeHead{count, hash_text(root)};
        });
    });
}

Result<std::vector<ClaimHistory>> Registry::find(const ClaimQuery& query, const TreeHead& head,
                                                 const std::string& licensee) const {
    const Result<std::vector<LogEntry>> hits = store_->find(key_of(query), head.size);
    if (!hits) {
        return tl::unexpected(hits.error());
    }
    std::set<std::string> subjects;
    for (const LogEntry& hit : *hits) {
        subjects.insert(hit.subject);
    }
    std::vector<ClaimHistory> histories;
    for (const std::string& subject : subjects) {
        std::vector<LookupKey> keys = {{KeyKind::kSubject, subject}};
        if (!licensee.empty()) {
            keys.push_back({KeyKind::kLicensee, licensee_key(subject, licensee)});
        }
        Result<std::vector<LogEntry>> entries = find_all(*store_, keys, head.size);
        // Of the copies, the one that was asked for.
        for (const LogEntry& hit : *hits) {
            const auto is_it = [&](const LogEntry& entry) { return entry.index == hit.index; };
            if (entries && hit.subject == subject && std::none_of(entries->begin(), entries->end(), is_it)) {
                entries->push_back(hit);
            }
        }
        if (entries) {
            std::sort(entries->begin(), entries->end(), is_earlier);
        }
        Result<ClaimHistory> history = entries.and_then(
            [&](const std::vector<LogEntry>& found) { return proven_history(*store_, subject, found, head); });
        if (!history) {
            return tl::unexpected(history.error());
        }
        if (query.wm_id) {
            history->found_marks = {*query.wm_id};
        } else if (!query.track.empty()) {
            history->found_tracks = {query.track};
        }
        histories.push_back(*std::move(history));
    }
    return histories;
}

Result<ClaimHistory> Registry::whole_history(const std::string& subject, const TreeHead& head) const {
    return find_all(*store_, {{KeyKind::kSubject, subject}, {KeyKind::kLicences, subject}, {KeyKind::kCopies, subject}},
                    head.size)
        .and_then(
            [&](const std::vector<LogEntry>& entries) { return proven_history(*store_, subject, entries, head); });
}

Result<std::vector<Entry>> Registry::entries_of(const std::string& subject, const TreeHead& head) const {
    const Result<std::vector<LogEntry>> found = find_all(
        *store_, {{KeyKind::kSubject, subject}, {KeyKind::kLicences, subject}, {KeyKind::kCopies, subject}}, head.size);
    if (!found) {
        return tl::unexpected(found.error());
    }
    std::vector<Entry> entries;
    for (const LogEntry& entry : *found) {
        Result<SignedRecord> record = record_in(entry);
        if (!record) {
            return tl::unexpected(record.error());
        }
        entries.push_back({entry.index, entry.time_ms, entry.subject, *std::move(record)});
    }
    return entries;
}

Result<std::optional<ClaimHistory>> Registry::find_licence(const std::string& licence_id, const TreeHead& head) const {
    const Result<std::vector<LogEntry>> hits = store_->find({KeyKind::kLicence, licence_id}, head.size);
    if (!hits) {
        return tl::unexpected(hits.error());
    }
    if (hits->empty()) {
        return std::optional<ClaimHistory>();
    }
    const std::string& subject = hits->front().subject;
    return find_all(*store_, {{KeyKind::kSubject, subject}, {KeyKind::kLicence, licence_id}}, head.size)
        .and_then([&](const std::vector<LogEntry>& entries) { return proven_history(*store_, subject, entries, head); })
        .map([](ClaimHistory history) { return std::optional(std::move(history)); });
}

Result<Entry> Registry::publish(const SignedRecord& record) {
    return append_record(*store_, record, std::nullopt);
}

Result<Entry> Registry::publish_with_file(const Registration& registration) {
    return publish_registration(*store_, index_path_, registration);
}

Result<InclusionProof> Registry::prove_inclusion(std::uint64_t index, const TreeHead& head) const {
    const Result<Hash> leaf = store_->node(0, index);
    return leaf.and_then([&](const Hash&) { return inclusion_path(index, head.size, nodes_of(*store_)); })
        .map([&](const std::vector<Hash>& path) {
            return InclusionProof{index, hash_text(*leaf), to_text(path)};
        });
}

Result<std::vector<std::string>> Registry::prove_consistency(const TreeHead& earlier, const TreeHead& later) const {
    if (earlier.size == 0 || earlier.size > later.size) {
        return fail(ErrorCode::kUsage,
                    fmt::format("a log of {} entries has no earlier state of {}", later.size, earlier.size));
    }
    return consistency_path(earlier.size, later.size, nodes_of(*store_)).map(to_text);
}

bool verify_inclusion(const InclusionProof& proof, const TreeHead& head) {
    const Result<Hash> leaf = parse_hash(proof.leaf);
    const Result<Hash> root = parse_hash(head.root);
    const Result<std::vector<Hash>> path = to_hashes(proof.path);
    return leaf && root && path && proves_inclusion(*path, *leaf, proof.index, head.size, *root);
}

bool verify_consistency(const std::vector<std::string>& path, const TreeHead& earlier, const TreeHead& later) {
    const Result<Hash> earlier_root = parse_hash(earlier.root);
    const Result<Hash> later_root = parse_hash(later.root);
    const Result<std::vector<Hash>> hashes = to_hashes(path);
    return earlier_root && later_root && hashes &&
           proves_consistency(*hashes, earlier.size, *earlier_root, later.size, *later_root);
}

std::string entry_hash(std::int64_t time_ms, std::string_view record_text) {
    return hash_text(leaf_of({0, time_ms, "", std::string(record_text)}));
}

} // namespace wm
