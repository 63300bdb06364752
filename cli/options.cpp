#include "options.h"

namespace wm::cli {

CLI::Option* add_list_option(CLI::App& app, const char* name, std::vector<std::string>& values, const char* type,
                             const char* description) {
    return app.add_option(name, values, description)->type_name(type)->take_all()->expected(1)->allow_extra_args(false);
}

CLI::Option* add_key_options(CLI::App& app, std::vector<std::string>& keys, std::string& passphrase_file) {
    CLI::Option* option =
        add_list_option(app, "--key,-k", keys, "FILE", "A key file, or a folder of *.key files; may be given again")
            ->required();
    app.add_option("--passphrase-file", passphrase_file, "Its first line opens protected keys")->type_name("FILE");
    return option;
}

CLI::Option* add_jobs_option(CLI::App& app, std::size_t& num_jobs, const std::string& what) {
    return app.add_option("--jobs,-j", num_jobs, what + " at once (default: one a processor)")
        ->check(CLI::Range(1, 1024))
        ->type_name("N");
}

void add_output_options(CLI::App& app, bool& json, bool& ndjson, bool& quiet, const std::string& noun) {
    add_output_options(app, json, quiet);
    app.add_flag("--ndjson", ndjson, "Print one JSON document a line and " + noun)->excludes("--json");
}

void add_output_options(CLI::App& app, bool& json, bool& quiet) {
    app.add_flag("--json", json, "Print a JSON document");
    app.add_flag("--quiet,-q", quiet, "No progress and no warnings");
}

} // namespace wm::cli
