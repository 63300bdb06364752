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
Result<Entry> publish_registration(RegistryStore& store, const Registration& registration);

/// Finishes or undoes what killed programs left. What living ones are about to do is theirs.
Result<void> recover_registrations(RegistryStore& store);

/// A history of entries, each of which is proved to be in the log of that head; one that is not is its defect.
Result<ClaimHistory> proven_history(RegistryStore& store, const std::string& subject,
                                    const std::vector<LogEntry>& entries, const TreeHead& head);

} // namespace wm
