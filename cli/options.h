#pragma once

/// Options that several commands have, called and explained alike.

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace wm::cli {

/// An option that may be given again, one value each time.
CLI::Option* add_list_option(CLI::App& app, const char* name, std::vector<std::string>& values, const char* type,
                             const char* description);

/// The keys that marks are read with, and what opens protected ones.
/// returns  the option for the keys, which is required
CLI::Option* add_key_options(CLI::App& app, std::vector<std::string>& keys, std::string& passphrase_file);

/// `what`  is done at once: "Files looked at"
CLI::Option* add_jobs_option(CLI::App& app, std::size_t& num_jobs, const std::string& what);

/// How a command prints that takes several of `noun` ("file"), and whether it says more than that.
void add_output_options(CLI::App& app, bool& json, bool& ndjson, bool& quiet, const std::string& noun);

/// The same for a command about one thing.
void add_output_options(CLI::App& app, bool& json, bool& quiet);

} // namespace wm::cli
