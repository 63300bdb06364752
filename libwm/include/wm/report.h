#pragma once

#include <string>

#include "wm/result.h"

namespace wm {

/// Writes summary.json and report.html from the results.csv of `folder`, replacing older ones: after rows were added to it, say,
/// or joined from several machines.
///
/// summary.json  docs/schemas/wm.evaluation-1.json
/// report.html   one page that needs no network: tables, charts, and failures to listen to
/// errors        kIo; kFormat, naming the line of results.csv
/// threads       reentrant
Result<void> report_on(const std::string& folder);

} // namespace wm
