#pragma once

/// The subcommands. Each file parses its arguments, calls libwm and prints; the signal processing is all libwm's.

#include <functional>
#include <vector>

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
Command add_fingerprint(CLI::App& wm);
Command add_index(CLI::App& wm);
Command add_identify(CLI::App& wm);
Command add_compare(CLI::App& wm);
Command add_quality(CLI::App& wm);
Command add_attack(CLI::App& wm);
Command add_audit(CLI::App& wm);
Command add_duplicates(CLI::App& wm);
Command add_register(CLI::App& wm);
Command add_check(CLI::App& wm);
Command add_who(CLI::App& wm);
Command add_explain(CLI::App& wm);
Command add_consent(CLI::App& wm);
Command add_licence(CLI::App& wm);
Command add_claim(CLI::App& wm);
Command add_party(CLI::App& wm);
Command add_registry(CLI::App& wm);
Command add_receipt(CLI::App& wm);
Command add_evaluate(CLI::App& wm);
Command add_report(CLI::App& wm);
Command add_report_usage(CLI::App& report);
Command add_trace(CLI::App& wm);
Command add_completion(CLI::App& wm);

/// A command that only gathers others: one of them must be named.
Command group(CLI::App* app, std::vector<Command> commands);

} // namespace wm::cli
