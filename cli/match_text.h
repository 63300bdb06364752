#pragma once

/// What identify and compare share: their matches in words, and the exit codes of what came of them.

#include <string>

#include "exit_code.h"
#include "wm/index.h"

namespace wm::cli {

/// The matches in `file` for people, several lines.
std::string describe_matches(const std::string& file, const IdentifyReport& report);

ExitCode outcome_code(const Result<IdentifyReport>& result);

/// The exit code of several files: an error outweighs a finding, which outweighs the inconclusive, which outweighs nothing.
ExitCode worse_of(ExitCode a, ExitCode b);

} // namespace wm::cli
