#pragma once

#include <string>

#include "wm/index.h"

namespace wm::cli {

/// A page that draws each match: the query's time against the registered recording's, with the moments that agree. One HTML
/// file with the drawings in it, or, for a `path` that ends in .svg, the drawing of the best match alone.
/// errors   kIo, kUsage (another ending)
Result<void> write_explanation(const std::string& path, const std::string& file, const IdentifyReport& report);

} // namespace wm::cli
