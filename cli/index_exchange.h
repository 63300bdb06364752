#pragma once

/// `wm index export` and `import`: tracks with their fingerprints as JSON, one document a line (docs/cli.md).

#include <string>

#include "console.h"
#include "exit_code.h"
#include "wm/index.h"

namespace wm::cli {

/// Prints every track of the index. errors: kIo, kFormat, kCancelled
Result<void> export_tracks(const Index& index, Console& console);

/// Adds what export_tracks() printed into the index at `path`, which is made when it is missing.
ExitCode import_tracks(const std::string& path, const std::string& file, bool replace, bool quiet);

} // namespace wm::cli
