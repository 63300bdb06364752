#include "wm/report.h"

#include <memory>

#include <fmt/format.h>

#include "commands.h"
#include "console.h"
#include "text.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm report results/          after joining the results.csv of several runs, say
  wm report usage --help      who is owed what
  chromium results/report.html

Exit codes: 0 written; 2 wrong usage or an error.)";

ExitCode run(const std::string& folder) {
    Console console(false);
    if (folder.empty()) {
        console.error("name the folder of an evaluation, or usage (wm report --help)");
        return kFailed;
    }
    if (const Result<void> written = report_on(folder); !written) {
        console.error(written.error().message);
        return exit_code_of(written.error());
    }
    console.result(printable(fmt::format("{0}/summary.json\n{0}/report.html\n", folder)));
    return kDone;
}

} // namespace

Command add_report(CLI::App& wm) {
    CLI::App* app =
        wm.add_subcommand("report", "Write an evaluation's report again, or one of who is owed what for use");
    const auto folder = std::make_shared<std::string>();
    app->footer(kExamples);
    app->add_option("folder", *folder, "A folder with a results.csv, as `wm evaluate --out` writes it")
        ->type_name("DIR");
    const Command usage = add_report_usage(*app);
    return {app, [folder, usage] { return usage.app->parsed() ? usage.run() : run(*folder); }};
}

} // namespace wm::cli
