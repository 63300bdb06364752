#pragma once

/// Marking all the recordings of a manifest.

#include <string>

#include "console.h"
#include "exit_code.h"
#include "manifest.h"

namespace wm::cli {

struct BatchOptions {
    std::string out_dir;
    std::size_t num_jobs = 1;
    bool resume = false;     ///< skip what the journal says is done and still stands as it was made
    bool keep_going = false; ///< go on after a recording that failed or was refused
    bool dry_run = false;    ///< say what would be done, and write nothing
    bool ndjson = false;
};

/// Marks every row's input into the output folder, several at a time, and keeps a journal there (journal.h). Results go to
/// standard output in the manifest's order.
/// returns  kFailed when any recording failed, else kRefused when any was refused, else kDone
ExitCode run_batch(const std::vector<ManifestRow>& rows, const Key& key, const EmbedOptions& embed_options,
                   const BatchOptions& options, Console& console);

} // namespace wm::cli
