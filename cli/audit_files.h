#pragma once

/// What an audit leaves: allowed.txt, excluded.csv, signals.csv, audit.html and summary.json, made of its journal.

#include <string>

#include "documents.h"
#include "wm/result.h"
#include "wm/verdict.h"

namespace wm::cli {

/// Writes them, in place of earlier ones; summary.json last. They are the same for the same journal. It holds sums only.
///
/// journal   one line a recording, as audit_rows.h has them
/// summary   what is to be said of the audit besides
/// limits    of signals
/// identity  who signs; empty: nobody
/// returns   the summary (docs/schemas/wm-audit-1.json)
/// errors    kIo, kKey
Result<Document> write_audit_files(const std::string& folder, const std::string& journal, Document summary,
                                   const SignalLimits& limits, const std::string& identity);

} // namespace wm::cli
