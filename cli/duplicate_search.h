#pragma once

/// Looking for duplicates among uploads, and going on where a killed run stopped.

#include <string>
#include <vector>

#include "console.h"
#include "duplicate_groups.h"

namespace wm::cli {

struct DuplicateOptions {
    std::vector<std::string> uploads; ///< folders, lists, manifests and recordings
    std::string registry;             ///< whose recordings are named; empty: none
    std::string out;                  ///< the table; `-`: standard output, and nothing is kept for a resumed run
    std::size_t num_jobs = 1;
    bool resume = false;
    Profile profile;
};

/// Examines every upload (samples' hash, fingerprint, shape), then looks for every recording among the others, and writes the table. Until it
/// is whole, what was done is in the folder `out`.wm-duplicates: a resumed run goes on with that.
///
/// errors   kUsage (the table is there already, an earlier run is and --resume is not, another run is at work, the uploads are not what
///          they were), kIo, kFormat, kCancelled
/// cost     two decodings of each upload and a search; memory of 0.5 kB an upload besides that of the jobs
Result<DuplicateTable> find_duplicates(const DuplicateOptions& options, Console& console);

} // namespace wm::cli
