#pragma once

/// Auditing a data set, and going on where a killed run stopped.

#include <string>
#include <vector>

#include "check_question.h"
#include "documents.h"
#include "wm/evidence.h"

namespace wm::cli {

struct AuditOptions {
    std::string data_set; ///< a folder or a list
    std::string registry;
    std::string folder; ///< of the results
    std::size_t num_jobs = 1;
    bool resume = false;
    std::string identity; ///< who signs the summary; empty: nobody
};

/// Examines every recording, and writes what an audit leaves (audit_files.h). A journal in the folder has a line for each recording, in the
/// data set's order; the first line says what is asked, of which state of the registry, and when: a resumed run goes on with that.
///
/// returns  the summary
/// errors   kUsage (there is an audit in the folder, or another one than is to be resumed; another run is at work; the data set is not
///          what it was), kIo, kFormat, kKey, kCancelled
Result<Document> run_audit(const AuditOptions& options, const AskedQuestion& asked, std::vector<Key> keys);

} // namespace wm::cli
