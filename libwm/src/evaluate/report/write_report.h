#pragma once

#include <string>
#include <vector>

#include "evaluate/trial.h"

namespace wm {

/// Writes summary.json and report.html into `folder`, each whole or not at all, replacing older ones. The page needs nothing
/// beside it but the clips that did not fit into it.
///
/// errors   kIo
/// threads  reentrant
Result<void> write_report(const std::string& folder, const std::vector<Trial>& trials);

} // namespace wm
