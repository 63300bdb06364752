#pragma once

/// What `wm attack --list` shows.

#include <string>

#include "console.h"
#include "exit_code.h"

namespace wm::cli {

/// Prints all attacks and the presets' names; or one preset, when it is named.
/// returns  kFailed when there is no such preset
ExitCode list_attacks(const std::string& preset, bool as_json, Console& console);

} // namespace wm::cli
