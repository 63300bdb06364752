#pragma once

/// Where a registry keeps its log: the seam behind which one machine's SQLite file may become a database cluster. A store
/// knows nothing of claims; what entries mean, who may write them and what proves them stands above it (registry.cpp).

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "provenance/merkle.h"

namespace wm {

struct LogEntry {
    std::uint64_t index = 0;  ///< from 0, without gaps
    std::int64_t time_ms = 0; ///< when it was appended, since 1970; never falls
    std::string subject;      ///< the id of the claim's first record
    std::string text;         ///< the signed record, canonical JSON
};

/// What an entry can be found by.
enum class KeyKind : std::uint8_t {
    kClaimId = 1,  ///< this very record's claim id
    kSubject = 2,  ///< claims, statuses and consents of one subject
    kIsrc = 3,     ///< claims
    kWmId = 4,     ///< claims and copies
    kTrack = 5,    ///< claims, by their fingerprint binding
    kLicence = 6,  ///< a licence and its revocations, by licence id
    kLicensee = 7, ///< licences and revocations, by licensee_key()
    kLicences = 8, ///< licences and revocations of a subject
    kCopies = 9,   ///< copies of a subject
};

struct LookupKey {
    KeyKind kind = KeyKind::kClaimId;
    std::string value;
    bool operator==(const LookupKey&) const = default;
    auto operator<=>(const LookupKey&) const = default;
};

/// An entry with all that is to be stored along with it.
struct NewEntry {
    LogEntry entry;
    std::vector<LookupKey> keys;
    std::vector<TreeNode> nodes;
};

/// What a program was about to do to a file when it was killed (registration).
struct Intent {
    std::int64_t id = 0;
    std::string text;
};

/// errors   of all members: kIo, kFormat (damaged), as Statement::step()
/// threads  one at a time
class RegistryStore {
public:
    virtual ~RegistryStore() = default;

    virtual Result<std::uint64_t> size() = 0;

    /// How many entries there were at the end of that millisecond.
    virtual Result<std::uint64_t> size_at(std::int64_t time_ms) = 0;

    /// Nothing when there is no such entry.
    virtual Result<std::optional<LogEntry>> read(std::uint64_t index) = 0;

    /// The entries with that key among the first `end`, oldest first. cost: one index look-up and one read an entry
    virtual Result<std::vector<LogEntry>> find(const LookupKey& key, std::uint64_t end) = 0;

    /// Calls `visit` for the entries from `begin` on until it returns false. It may call the other members, but for scan().
    virtual Result<void> scan(std::uint64_t begin, const std::function<bool(const LogEntry&)>& visit) = 0;

    /// Whether find() with this key gives the entry of that index.
    virtual Result<bool> has_key(const LookupKey& key, std::uint64_t index) = 0;

    /// How many keys are stored in all.
    virtual Result<std::uint64_t> num_keys() = 0;

    virtual Result<Hash> node(unsigned level, std::uint64_t index) = 0;

    /// Appends all of `entries` and, where given, forgets an intent; all or nothing, on the disk when it returns. False, and
    /// nothing is done, when the log meanwhile does not end where the first of them belongs.
    virtual Result<bool> append(std::span<const NewEntry> entries, std::optional<std::int64_t> finished_intent) = 0;

    virtual Result<std::int64_t> add_intent(const std::string& text) = 0;
    virtual Result<void> remove_intent(std::int64_t id) = 0;
    virtual Result<std::vector<Intent>> intents() = 0;

    /// Writes a consistent copy of all of it to a new file.
    virtual Result<void> copy_to(const std::string& path) = 0;

    /// What makes a copy a snapshot: its signed head.
    virtual Result<void> set_seal(const std::string& text) = 0;
    virtual Result<std::optional<std::string>> seal() = 0;

    /// Makes a registry of a copied snapshot: forgets its seal, and intents that were another machine's.
    virtual Result<void> remove_seal() = 0;
};

/// The key of what one licensee may do with a subject's recording.
std::string licensee_key(const std::string& subject, const std::string& licensee);

enum class StoreMode { kCreate, kReadWrite, kReadOnly };

/// The path in `sqlite:PATH`, or just PATH.
std::string path_in(const std::string& url);

/// Opens `sqlite:PATH`, or just PATH. errors: kUnsupported for another scheme, and as Database::open()
Result<std::unique_ptr<RegistryStore>> open_registry_store(const std::string& url, StoreMode mode);

} // namespace wm
