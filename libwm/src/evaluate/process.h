#pragma once

/// Other people's programs: attacks by `external=`, and the watermarking systems that are compared.

#include <functional>
#include <map>
#include <string>

#include "wm/result.h"

namespace wm {

struct ProcessOutcome {
    int exit_code = 0; ///< 128 + the signal that ended it
    std::string output;
    std::string errors; ///< the last 16 KiB of its standard error
    double cpu_s = 0;   ///< its own and its children's
};

/// Runs `command` by /bin/sh, with an empty standard input and in a process group of its own, which is killed as a whole when
/// `goes_on` (asked every tenth of a second) returns false.
///
/// errors   kIo: it cannot be started; kCancelled. A command that fails is no error: see exit_code
/// threads  any number at once
Result<ProcessOutcome> run_command(const std::string& command, const std::function<bool()>& goes_on = {});

/// `pattern` with every {name} of `values` replaced by its value in single quotes; other braces stay.
std::string fill_command(const std::string& pattern, const std::map<std::string, std::string>& values);

/// What a person needs to know of a command that failed: its exit code and the last lines of its standard error.
std::string describe_failure(const ProcessOutcome& outcome);

} // namespace wm
