#include <memory>

#include <fmt/format.h>

#include "attack_list.h"
#include "commands.h"
#include "console.h"
#include "documents.h"
#include "interrupt.h"
#include "text.h"
#include "wm/attack.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm attack --list                                           all attacks, their parameters, and the presets
  wm attack --list --preset raw-bench-strict                 one preset, with its source
  wm attack song.wav out.wav mp3=64k
  wm attack song.wav out.wav pitch=+2st mp3=64k noise=white:20dB --seed 7     a chain, in this order
  wm attack song.wav out.wav eq=peak:1kHz:6dB:q=2 'external=neural-codec {in} {out}'
  wm attack song.wav out.wav mix=@speech:0dB --with speech=talk.wav
  wm attack song.wav out.wav --preset raw-bench-strict --row gaussian_noise --seed 3
  wm attack song.wav out.wav noise=white:10dB..30dB --json   drawn from the seed, and said

A step is NAME=VALUE:VALUE..., values in the order that --list shows or as parameter=value. LOW..HIGH and A,B,C are drawn from
by the seed. The same input, chain and seed give the same output. Samples beyond full scale are not cut: the whole output is
brought down, and that is said. Recordings are held in memory, about 20 bytes for each sample of a channel.

Exit codes: 0 written; 2 wrong usage or an error.)";

struct Arguments {
    std::string input;
    std::string output;
    std::vector<std::string> steps;
    std::string preset;
    std::string row;
    std::uint64_t seed = 0;
    std::vector<std::string> recordings;
    std::string depth = "16";
    bool list = false;
    bool json = false;
    bool quiet = false;
};

/// What the parser alone cannot check; empty when all is well.
std::string find_misuse(const Arguments& arguments) {
    if (arguments.list) {
        return arguments.input.empty() ? "" : "--list takes no recording";
    }
    if (arguments.output.empty()) {
        return "an input, an output and attacks are needed (wm attack --help, wm attack --list)";
    }
    if (!arguments.preset.empty() && arguments.row.empty()) {
        return "--preset needs --row to apply one of its rows, or --list to show them";
    }
    if (!arguments.preset.empty() && !arguments.steps.empty()) {
        return "give either attacks or --preset with --row";
    }
    if (arguments.preset.empty() && arguments.steps.empty()) {
        return "which attacks? For example mp3=64k (wm attack --list)";
    }
    return "";
}

Result<AttackChain> chain_of(const Arguments& arguments) {
    if (arguments.preset.empty()) {
        return parse_attack_chain(arguments.steps);
    }
    return find_attack_preset(arguments.preset).and_then([&](const AttackPreset& preset) -> Result<AttackChain> {
        for (const AttackPreset::Row& row : preset.rows) {
            if (row.name == arguments.row) {
                return parse_attack_chain(row.chain);
            }
        }
        return fail(ErrorCode::kUsage, fmt::format("the preset {} has no row \"{}\" (wm attack --list --preset {})",
                                                   preset.name, arguments.row, preset.name));
    });
}

/// Reads the recordings of --with NAME=FILE.
Result<void> read_recordings(const std::vector<std::string>& words, AttackContext& context) {
    for (const std::string& word : words) {
        const std::size_t equals = word.find('=');
        if (equals == std::string::npos || equals == 0) {
            return fail(ErrorCode::kUsage, fmt::format("--with {}: write NAME=FILE, as in speech=talk.wav", word));
        }
        Result<Audio> audio = read_audio(word.substr(equals + 1));
        if (!audio) {
            return tl::unexpected(audio.error());
        }
        context.recordings[word.substr(0, equals)] = std::make_shared<Audio>(*std::move(audio));
    }
    return {};
}

SampleDepth depth_of(const std::string& name) {
    return name == "16" ? SampleDepth::kPcm16 : name == "24" ? SampleDepth::kPcm24 : SampleDepth::kFloat32;
}

/// What was done, for the report.
struct Done {
    AttackReport report;
    AttackChain chain;
};

Result<Done> attack(const Arguments& arguments, const AttackChain& chain) {
    AttackContext context;
    context.seed = arguments.seed;
    context.goes_on = [] { return !interrupted(); };
    if (Result<void> read = read_recordings(arguments.recordings, context); !read) {
        return tl::unexpected(read.error());
    }
    Result<Audio> audio = read_audio(arguments.input);
    if (!audio) {
        return tl::unexpected(audio.error());
    }
    Done done;
    done.chain = draw_attack_chain(chain, arguments.seed);
    done.report.input = arguments.input;
    done.report.output = arguments.output;
    done.report.seed = arguments.seed;
    done.report.asked = format_attack_chain(chain);
    done.report.duration_before_s = audio->duration_s();
    Result<Audio> attacked = apply_attack_chain(*std::move(audio), done.chain, context);
    if (!attacked) {
        return tl::unexpected(attacked.error());
    }
    done.report.duration_after_s = attacked->duration_s();
    done.report.sample_rate_hz = attacked->sample_rate_hz;
    done.report.num_channels = attacked->num_channels();
    return write_audio(*attacked, arguments.output, {depth_of(arguments.depth), true}).map([&](double scaled_db) {
        done.report.scaled_db = scaled_db;
        return std::move(done);
    });
}

std::string describe(const Done& done) {
    const AttackReport& report = done.report;
    std::string text = fmt::format("{}: attacked\n", report.output == "-" ? "standard output" : report.output);
    text += fmt::format("  done    {}\n", format_attack_chain(done.chain));
    text += fmt::format("  seed    {}\n", report.seed);
    text += fmt::format("  length  {:.3f} s, before {:.3f} s\n", report.duration_after_s, report.duration_before_s);
    return printable(text);
}

ExitCode run(const Arguments& arguments) {
    Console console(arguments.quiet);
    if (const std::string misuse = find_misuse(arguments); !misuse.empty()) {
        console.error(misuse);
        return kFailed;
    }
    if (arguments.list) {
        return list_attacks(arguments.preset, arguments.json, console);
    }
    const Result<AttackChain> chain = chain_of(arguments);
    if (!chain) {
        console.error(chain.error().message);
        return exit_code_of(chain.error());
    }
    const Result<Done> done = attack(arguments, *chain);
    if (!done && done.error().code == ErrorCode::kCancelled) {
        return kFailed;
    }
    const auto print = [&](const std::string& text) {
        arguments.output == "-" ? static_cast<void>(std::fputs(text.c_str(), stderr)) : console.result(text);
    };
    if (!done) {
        console.error_about(arguments.input, done.error().message);
        return exit_code_of(done.error());
    }
    print(arguments.json ? to_line(attack_document(done->report, done->chain)) : describe(*done));
    if (done->report.scaled_db < 0) {
        console.warn(fmt::format(
            "the result exceeded full scale: all of it was brought down by {:.2f} dB (--depth float keeps it)",
            -done->report.scaled_db));
    }
    return kDone;
}

} // namespace

Command add_attack(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("attack", "Do to recordings what happens to them, to measure what survives");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);
    app->add_option("input", arguments->input, "The recording, in any format that can be read; - is standard input")
        ->type_name("IN");
    app->add_option("output", arguments->output,
                    "The attacked recording: .wav .flac .aiff .w64 .rf64; - is standard output")
        ->type_name("OUT");
    app->add_option("attacks", arguments->steps, "Attacks, applied in this order")->type_name("ATTACK");
    app->add_flag("--list", arguments->list, "Show all attacks and presets, or with --preset one preset");
    app->add_option("--preset", arguments->preset, "A published list of attacks")->type_name("NAME");
    app->add_option("--row", arguments->row, "Apply this row of the preset")->type_name("NAME");
    app->add_option("--seed", arguments->seed, "What is random is drawn from it")
        ->type_name("N")
        ->capture_default_str();
    app->add_option("--with", arguments->recordings, "A recording that attacks call @NAME; may be given again")
        ->type_name("NAME=FILE")
        ->take_all()
        ->expected(1)
        ->allow_extra_args(false);
    app->add_option("--depth", arguments->depth, "Bits of the output")
        ->check(CLI::IsMember({"16", "24", "float"}))
        ->type_name("BITS")
        ->capture_default_str();
    app->add_flag("--json", arguments->json, "Print a JSON document");
    app->add_flag("--quiet,-q", arguments->quiet, "No warnings");
    return {app, [arguments] { return run(*arguments); }};
}

} // namespace wm::cli
