#include <cstdio>
#include <exception>
#include <vector>

#include <fmt/format.h>

#include "commands.h"
#include "interrupt.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm keygen label.key --name "Label 2026"
  wm embed master.wav marked.wav --key label.key --id random
  wm detect upload.mp3 --key label.key
  wm index add catalogue.db releases/
  wm identify upload.mp3 --index catalogue.db
  wm register master.wav --claim claim.toml --registry rights.db --key label.key --as label.id --out marked/
  wm check upload.mp3 --registry rights.db --key label.key --use stream --territory FR
  wm COMMAND --help       options and more examples

Exit codes: 0 found, done or allowed; 1 not found or blocked; 2 wrong usage or an error; 3 inconclusive, refused or for review.)";

#ifdef WM_HAVE_LIBAV
constexpr char kVersion[] = "wm " WM_VERSION " (with libav)";
#else
constexpr char kVersion[] = "wm " WM_VERSION " (without libav)";
#endif

ExitCode run(int argc, char** argv) {
    CLI::App app("Marks recordings inaudibly, reads the marks back, recognises recordings without a mark, and says whose they are "
                 "and what may be done with them.",
                 "wm");
    app.footer(kExamples);
    app.require_subcommand(1);
    app.set_version_flag("--version", kVersion, "Print the version and exit");
    const std::vector<Command> commands = {
        add_keygen(app),
        add_embed(app),
        add_detect(app),
        add_fingerprint(app),
        add_index(app),
        add_identify(app),
        add_compare(app),
        add_attack(app),
        add_quality(app),
        add_evaluate(app),
        add_report(app),
        add_register(app),
        add_check(app),
        add_audit(app),
        add_duplicates(app),
        add_who(app),
        add_trace(app),
        add_explain(app),
        add_consent(app),
        add_licence(app),
        add_claim(app),
        add_party(app),
        add_registry(app),
        add_receipt(app),
        add_completion(app),
    };
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& stop) {
        return app.exit(stop) == 0 ? kDone : kFailed; // --help and --version stop parsing too, with code 0
    }
    for (const Command& command : commands) {
        if (command.app->parsed()) {
            return command.run();
        }
    }
    return kFailed;
}

/// Results that did not reach standard output (a full disk, a reader gone) are a failure, whatever the work's outcome.
ExitCode flush_results(ExitCode outcome) {
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) {
        return outcome;
    }
    fmt::print(stderr, "wm: cannot write the results to standard output\n");
    return kFailed;
}

} // namespace
} // namespace wm::cli

int main(int argc, char** argv) {
    try {
        wm::cli::catch_interrupts();
        const wm::cli::ExitCode outcome = wm::cli::flush_results(wm::cli::run(argc, argv));
        wm::cli::die_if_interrupted();
        return outcome;
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "wm: %s\n", failure.what());
        return wm::cli::kFailed;
    }
}
