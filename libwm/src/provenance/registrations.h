#pragma once

/// Adding to a registry's log, and the protocol by which a claim and its marked file appear together.

#include "provenance/registry_store.h"
#include "wm/registry.h"

namespace wm {

/// Appends a record when its signer may do what it says; forgets the intent in the same transaction.
/// errors   as Registry::publish()
Result<Entry> append_record(RegistryStore& store, const SignedRecord& record,
                            std::optional<std::int64_t> finished_intent);

/// errors   as Registry::publish_with_file()
Result<Entry> publish_registration(RegistryStore& store, const std::string& index_path,
                                   const Registration& registration);

/// Finishes or undoes what killed programs left. What living ones are about to do is theirs.
Result<void> recover_registrations(RegistryStore& store, const std::string& index_path);

/// The fingerprint index of a registry while a recording is registered. Its one writer's place is held, so that what others left
/// unfinished in it is known to be a dead program's.
class TrackWriter {
public:
    /// Opens or makes the index, waiting for other writers, and removes tracks whose claims never came.
    static Result<TrackWriter> open(RegistryStore& store, const std::string& index_path);

    /// Adds a track for a claim that is about to be published. errors: as Index::add()
    Result<void> add(const IndexEntry& track);

    /// The claim was published, or will not be.
    void keep();
    void take_back();

private:
    TrackWriter(RegistryStore& store, Index index) : store_(&store), index_(std::move(index)) {}

    RegistryStore* store_;
    Index index_;
    std::string track_;
    std::int64_t intent_id_ = 0;
};

/// Removes the tracks that dead programs added and never published claims for.
Result<void> drop_dead_tracks(RegistryStore& store, Index& index);

/// Finishes or undoes the registrations whose files nobody holds.
Result<void> recover_files(RegistryStore& store);

/// A history of entries, each of which is proved to be in the log of that head; one that is not is its defect.
Result<ClaimHistory> proven_history(RegistryStore& store, const std::string& subject,
                                    const std::vector<LogEntry>& entries, const TreeHead& head);

} // namespace wm
