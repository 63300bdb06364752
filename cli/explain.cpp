#include <memory>

#include <fmt/format.h>

#include "commands.h"
#include "rights.h"
#include "wm/verdict.h"

namespace wm::cli {
namespace {

struct Arguments {
    std::string code;
    bool json = false;
};

ExitCode run(const Arguments& arguments) {
    std::vector<std::string> codes = arguments.code.empty() ? all_codes() : std::vector{arguments.code};
    for (const std::string& code : codes) {
        const std::optional<std::string> text = explain(code);
        if (!text) {
            return report_failure(
                {ErrorCode::kUsage, fmt::format("there is no reason \"{}\": `wm explain` lists them", code)});
        }
        if (arguments.json) {
            fmt::print("{}", to_line({{"schema", "wm.explanation/1"}, {"code", code}, {"text", *text}}));
        } else {
            fmt::print("{}: {}\n", code, *text);
        }
    }
    return kDone;
}

} // namespace

Command add_explain(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("explain", "Explain a reason or signal of a verdict");
    const auto arguments = std::make_shared<Arguments>();
    app->footer("Examples:\n  wm explain CONSENT_NOT_ALLOWED\n  wm explain                       all of them");
    app->add_option("code", arguments->code, "As a verdict names it (default: all)")->type_name("CODE");
    app->add_flag("--json", arguments->json, "Print JSON, one document a line and code");
    return {app, [arguments] { return run(*arguments); }};
}

} // namespace wm::cli
