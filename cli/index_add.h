#pragma once

/// `wm index add`: fingerprints on several threads, published in batches, reported when they are on the disk.

#include <string>
#include <vector>

#include "console.h"
#include "exit_code.h"
#include "index_sources.h"

namespace wm::cli {

struct IndexAddOptions {
    std::size_t num_jobs = 1;
    bool resume = false;  ///< skip what the index has of the same path, size and time
    bool replace = false; ///< replace recordings whose id is there with another fingerprint
    bool ndjson = false;
};

/// Adds `sources`; makes the index when there is none. A recording is reported when it is on the disk.
/// returns  kFailed when any recording failed, else kRefused when an id is there with other audio, else kDone
ExitCode run_index_add(const std::string& path, const std::vector<IndexSource>& sources, const IndexAddOptions& options,
                       Console& console);

} // namespace wm::cli
