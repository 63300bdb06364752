#pragma once

/// Between a store's entries and the records in them.

#include "provenance/registry_store.h"
#include "wm/registry.h"

namespace wm {

/// What an entry's leaf hash covers: its time and its record.
Hash leaf_of(const LogEntry& entry);

/// All keys that an entry is found by, sorted. `history` is that of its subject before the entry (for a revocation, with the
/// licence).
std::vector<LookupKey> keys_of(const SignedRecord& record, const std::string& subject, const ClaimHistory& history);

/// The record in an entry, its form and signature checked. errors: kFormat, naming the entry
Result<SignedRecord> record_in(const LogEntry& entry);

/// Reads nodes from a store.
NodeReader nodes_of(RegistryStore& store);

/// Builds the history of `subject` from entries in the log's order. An entry that must not be there ends up in `defect`.
ClaimHistory history_from(const std::string& subject, const std::vector<LogEntry>& entries);

std::string hash_text(const Hash& hash);

/// errors   kFormat unless `text` is 64 hex digits
Result<Hash> parse_hash(std::string_view text);

} // namespace wm
