#include <memory>

#include <fmt/format.h>

#include "commands.h"
#include "console.h"
#include "documents.h"
#include "text.h"
#include "wm/fingerprint.h"
#include "wm/iscc.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm fingerprint song.flac            how long it is, and how many peaks were found
  wm fingerprint song.flac --json     the fingerprint itself, in hexadecimal
  wm fingerprint song.flac --iscc     the Audio-Code of ISO 24138

Exit codes: 0 done; 2 wrong usage or an error.)";

struct Arguments {
    std::string file;
    bool json = false;
    bool iscc = false;
    bool quiet = false;
};

ExitCode report_failure(Console& console, const std::string& file, const Error& error) {
    if (error.code != ErrorCode::kCancelled) {
        console.error_about(file, error.message);
    }
    return exit_code_of(error);
}

ExitCode print_iscc(const Arguments& arguments, Console& console) {
    const Result<std::string> code = iscc_audio_code(arguments.file, console.progress_of(0));
    if (!code) {
        return report_failure(console, arguments.file, code.error());
    }
    if (arguments.json) {
        print_document({{"schema", "wm.iscc/1"}, {"file", arguments.file}, {"iscc", *code}});
    } else {
        console.result(*code + "\n");
    }
    return kDone;
}

ExitCode run(const Arguments& arguments) {
    Console console(arguments.quiet);
    if (arguments.iscc) {
        return print_iscc(arguments, console);
    }
    const Result<Fingerprint> fingerprint = fingerprint_file(arguments.file, console.progress_of(0));
    if (!fingerprint) {
        return report_failure(console, arguments.file, fingerprint.error());
    }
    if (arguments.json) {
        print_document(fingerprint_document(arguments.file, *fingerprint));
    } else {
        console.result(printable(fmt::format("{}: {}, {} peaks, {} bytes\n", arguments.file,
                                             minutes_seconds(fingerprint->duration_s()), fingerprint->peaks.size(),
                                             encode_fingerprint(*fingerprint).size())));
    }
    return kDone;
}

} // namespace

Command add_fingerprint(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("fingerprint", "Print the fingerprint of a recording, or its ISCC");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);
    app->add_option("file", arguments->file, "A recording; - is standard input")->required()->type_name("FILE");
    app->add_flag("--json", arguments->json, "Print a JSON document");
    app->add_flag("--iscc", arguments->iscc, "Print the ISCC Audio-Code (ISO 24138) instead");
    app->add_flag("--quiet,-q", arguments->quiet, "No progress");
    return {app, [arguments] { return run(*arguments); }};
}

} // namespace wm::cli
