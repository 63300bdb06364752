#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "commands.h"
#include "console.h"
#include "documents.h"
#include "text.h"
#include "wm/quality.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm quality master.wav marked.wav
  wm quality master.wav marked.wav --json
  wm quality master.wav upload.mp3            a codec's delay, up to a quarter of a second, is found and taken out

ODG is the grade that listeners would give the difference, estimated by PEAQ basic (ITU-R BS.1387-1): 0 imperceptible,
-1 perceptible but not annoying, -2 slightly annoying, -3 annoying, -4 very annoying. The distortion index tells more
where grades crowd near 0. Neither this implementation nor the one it was compared with is certified.

Exit codes: 0 done; 2 wrong usage or an error; 3 no grade: too little sound, or more than two channels.)";

struct Arguments {
    std::string reference;
    std::string marked;
    QualityOptions options;
    bool json = false;
    bool quiet = false;
};

std::string decibels(double value) {
    return std::isfinite(value) ? fmt::format("{:.2f} dB", value) : std::string(value > 0 ? "infinite" : "none");
}

std::string describe(const QualityReport& report) {
    std::string text;
    const auto add = [&](const char* name, const std::string& value) {
        text += fmt::format("  {:<22}{}\n", name, value);
    };
    if (report.peaq) {
        add("ODG", fmt::format("{:.2f}", report.peaq->odg));
        add("distortion index", fmt::format("{:.2f}", report.peaq->distortion_index));
        add("noise-to-mask ratio", decibels(report.peaq->variables.total_nmr_db));
    } else {
        add("ODG", "none: " + report.no_peaq_reason);
    }
    add("SNR", report.is_identical ? "infinite: every sample is the same" : decibels(report.snr_db));
    add("SI-SNR", decibels(report.si_snr_db));
    add("segmental SNR", decibels(report.segmental_snr_db));
    add("log-spectral distance", decibels(report.log_spectral_distance_db));
    if (report.loudness) {
        const LoudnessChange& loudness = *report.loudness;
        add("loudness", fmt::format("{:.2f} LUFS, was {:.2f}", loudness.marked_lufs, loudness.reference_lufs));
        add("true peak",
            fmt::format("{:.2f} dBTP, was {:.2f}", loudness.marked_peak_dbtp, loudness.reference_peak_dbtp));
    }
    return text;
}

Result<QualityReport> compare(const Arguments& arguments, Console& console) {
    if (arguments.reference == "-" && arguments.marked == "-") {
        return fail(ErrorCode::kUsage, "standard input (-) can be read only once");
    }
    const Result<Audio> reference = read_audio(arguments.reference);
    if (!reference) {
        return tl::unexpected(reference.error());
    }
    const Result<Audio> marked = read_audio(arguments.marked);
    if (!marked) {
        return tl::unexpected(marked.error());
    }
    return measure_quality(*reference, *marked, arguments.options, console.progress_of(0));
}

ExitCode run(const Arguments& arguments) {
    Console console(arguments.quiet);
    const Result<QualityReport> result = compare(arguments, console);
    console.file_done(0);
    if (!result && result.error().code == ErrorCode::kCancelled) {
        return kFailed;
    }
    if (!result) {
        console.error(result.error().message);
    }
    if (arguments.json) {
        print_document(quality_document(arguments.reference, arguments.marked, result));
    }
    if (!result) {
        return exit_code_of(result.error());
    }
    for (const std::string& warning : result->warnings) {
        console.warn(warning);
    }
    if (!arguments.json) {
        console.result(printable(fmt::format("{} against {}\n", arguments.marked, arguments.reference)));
        console.result(describe(*result));
    }
    return result->peaq ? kDone : kRefused;
}

} // namespace

Command add_quality(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("quality", "Measure how much a marked recording differs from its original");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);
    app->add_option("reference", arguments->reference,
                    "The original, in any format that can be read; - is standard input")
        ->required()
        ->type_name("FILE");
    app->add_option("marked", arguments->marked, "The recording to grade, of the same rate and channels")
        ->required()
        ->type_name("FILE");
    app->add_flag("!--no-align", arguments->options.align, "Compare as they are, without looking for a delay");
    app->add_flag("!--no-loudness", arguments->options.loudness,
                  "Leave out loudness and true peak, which take most time");
    app->add_flag("--json", arguments->json, "Print a JSON document");
    app->add_flag("--quiet,-q", arguments->quiet, "No progress and no warnings");
    return {app, [arguments] { return run(*arguments); }};
}

} // namespace wm::cli
