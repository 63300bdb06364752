#pragma once

/// The registry: an append-only log of signed records, found by mark, fingerprint, ISRC or claim id, with a Merkle tree over it
/// (docs/provenance.md).

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "wm/claim.h"
#include "wm/claim_history.h"
#include "wm/index.h"

namespace wm {

/// Commits to the first `size` entries of a log and their order.
struct TreeHead {
    std::uint64_t size = 0;
    std::string root; ///< 64 lower-case hex digits (RFC 9162)
    bool operator==(const TreeHead&) const = default;
};

/// Proof that an entry is in a log, for who has nothing but the head.
struct InclusionProof {
    std::uint64_t index = 0;
    std::string leaf;              ///< the entry's hash, hex
    std::vector<std::string> path; ///< hex, from the leaf up
};

/// Whether the proof holds for that head. Needs no registry.
bool verify_inclusion(const InclusionProof& proof, const TreeHead& head);

/// Whether a log of head `later` begins with that of head `earlier`. Needs no registry.
bool verify_consistency(const std::vector<std::string>& path, const TreeHead& earlier, const TreeHead& later);

/// The hash of the entry that holds a record appended at that time: what a proof's leaf must be.
std::string entry_hash(std::int64_t time_ms, std::string_view record_text);

/// Where a record went.
struct Entry {
    std::uint64_t index = 0;
    std::int64_t time_ms = 0;
    std::string subject; ///< the id of the claim's first record
    SignedRecord record;
};

/// What is wrong with one entry, or with what stands around them.
struct LogDefect {
    std::optional<std::uint64_t> index;
    std::string what;
};

/// What to find claims by. One of them is set.
struct ClaimQuery {
    std::optional<std::uint64_t> wm_id;
    std::string isrc;
    std::string claim_id;
    std::string track; ///< a fingerprint binding's value
};

/// A registration that was begun: the marked file stands, or stood, under `pending_path`.
struct Registration {
    SignedRecord record;      ///< a Claim or a CopyIssue
    std::string pending_path; ///< where the marked file was written
    std::string final_path;   ///< where it goes
    std::string file_hash;    ///< of its bytes (hash_file)
    /// What goes into the registry's fingerprint index. Its id is the value of a fingerprint binding of the record.
    std::optional<IndexEntry> track = std::nullopt;
};

/// The fingerprint index that goes with a registry or snapshot: the file beside it, named `.fingerprints` in addition. It is made
/// when the first recording is registered.
std::string index_path_of(const std::string& registry_url);

/// Who vouches for a snapshot.
struct SnapshotSeal {
    TreeHead head;
    std::string kid;
    Moment issued_at;
};

class RegistryStore;

/// An open registry.
///
/// errors   of all members: kIo (another writer, full or read-only disk), kFormat (the file is damaged)
/// threads  one at a time; several may be open on one file, in one program or many
class Registry {
public:
    /// `url`  a path, or sqlite:PATH. errors: kUsage (it exists)
    static Result<Registry> create(const std::string& url);

    enum class Mode { kRead, kWrite };

    /// Opens it. For writing, registrations that a killed program left are first finished or undone.
    static Result<Registry> open(const std::string& url, Mode mode);

    Registry(Registry&&) noexcept;
    Registry& operator=(Registry&&) noexcept;
    ~Registry();

    /// The log's head now, or as it was at the end of that second.
    Result<TreeHead> head(std::optional<std::int64_t> as_of_s = std::nullopt) const;

    /// The histories of the claims that match, each as it was when the log had the size of `head`. Statuses and consents are
    /// complete; of the licences, those of `licensee`.
    Result<std::vector<ClaimHistory>> find(const ClaimQuery& query, const TreeHead& head,
                                           const std::string& licensee = "") const;

    /// All licences and revocations, too, and all copies.
    Result<ClaimHistory> whole_history(const std::string& subject, const TreeHead& head) const;

    /// Every entry about a subject, oldest first.
    Result<std::vector<Entry>> entries_of(const std::string& subject, const TreeHead& head) const;

    /// A licence's claim. Nothing when there is no such licence.
    Result<std::optional<ClaimHistory>> find_licence(const std::string& licence_id, const TreeHead& head) const;

    /// Appends a record, when its signer may do what it says.
    /// errors   kNotPermitted, kUsage (add_record; an id that is taken; a recording that this signer has registered already;
    ///          a clock behind the log's), kIo, kFormat
    Result<Entry> publish(const SignedRecord& record);

    /// Publishes a record together with its file, so that neither is ever seen without the other: records the intent, moves
    /// the file to its place, publishes; and adds the fingerprint before, and takes it back when nothing comes of it. A program killed in between leaves that to the next open(), and holds a lock on the
    /// file so that only then anybody does so.
    /// errors   as publish(); kUsage when final_path exists; the pending file is then removed
    Result<Entry> publish_with_file(const Registration& registration);

    Result<InclusionProof> prove_inclusion(std::uint64_t index, const TreeHead& head) const;
    Result<std::vector<std::string>> prove_consistency(const TreeHead& earlier, const TreeHead& later) const;

    /// Goes through the whole log: hashes, signatures, who may, times, look-up keys. Empty when all is well; at most
    /// `max_defects`. cost: a signature check an entry
    Result<std::vector<LogDefect>> verify(std::size_t max_defects = 100,
                                          const std::function<bool(double share_done)>& progress = {}) const;

    /// Writes a copy of the registry with its head, signed, to a new file, and its fingerprint index beside it. open() reads it like a registry, but not for writing.
    /// errors   kUsage (`path` exists)
    Result<TreeHead> export_snapshot(const std::string& path, const Identity& signer) const;

    /// What a snapshot was signed with; nothing for a registry. errors: kFormat (its log is not the one that was signed)
    Result<std::optional<SnapshotSeal>> snapshot_seal() const;

    /// Makes a registry with its index at `to` of a snapshot, every entry verified. errors: kUsage (`to` exists, or it is no snapshot)
    static Result<SnapshotSeal> import_snapshot(const std::string& path, const std::string& to);

private:
    Registry(std::unique_ptr<RegistryStore> store, std::string index_path);
    std::unique_ptr<RegistryStore> store_;
    std::string index_path_;
};

/// SHA-256 of a file's bytes, 64 hex digits. errors: kIo
Result<std::string> hash_file(const std::string& path);

} // namespace wm
