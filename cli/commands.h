#pragma once

/// The subcommands. Each file parses its arguments, calls libwm and prints; the signal processing is all libwm's.

#include <functional>

#include <CLI/CLI.hpp>

#include "exit_code.h"

namespace wm::cli {

/// A subcommand as main() sees it: where its arguments went, and what to run when it was the one named.
struct Command {
    CLI::App* app;
    std::function<ExitCode()> run;
};

Command add_keygen(CLI::App& wm);
Command add_embed(CLI::App& wm);
Command add_detect(CLI::App& wm);
Command add_quality(CLI::App& wm);
Command add_attack(CLI::App& wm);
Command add_completion(CLI::App& wm);

} // namespace wm::cli
