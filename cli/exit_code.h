#pragma once

/// The exit codes of every command (docs/cli.md).

#include "wm/result.h"

namespace wm::cli {

enum ExitCode : int {
    kDone = 0,     ///< found, marked, written
    kNotFound = 1, ///< looked and found no mark, no recording; damage in an index
    kFailed = 2,   ///< wrong usage, or the work failed
    kRefused = 3,  ///< inconclusive; cannot carry a mark; already marked
};

/// The exit code of a command that ended with `error`.
ExitCode exit_code_of(const Error& error);

/// The error's code as documents spell it: "already_marked".
const char* name_of(ErrorCode code);

} // namespace wm::cli
