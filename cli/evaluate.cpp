#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <filesystem>
#include <memory>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "commands.h"
#include "console.h"
#include "interrupt.h"
#include "parallel.h"
#include "results_folder.h"
#include "wm/evaluate.h"
#include "wm/report.h"

namespace wm::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kExamples[] = R"(Examples:
  wm evaluate --preset codecs --audio music/ --clip 10s --out results/
  wm evaluate --preset audiomarkbench --with noise=babble.wav --audio music/ --system audiowmark.toml --system wm --out results/
  wm evaluate --fingerprint --audio music/ --held-out other/ --preset fingerprint --with babble=babble.wav --out results/
  wm evaluate --attack mp3=64k --attack 'pitch=1st mp3=64k' --audio song.wav --clip 5s,10s --crops 5 --out results/

Each recording is marked once by each system and attacked whole once by each attack; clips are cut from that at places drawn from
the seed. The same command started again goes on where it was stopped, and ends with the same results.csv. A step that fails
makes its trials errors, which count neither for nor against a system.

Exit codes: 0 all trials were run; 2 wrong usage or an error (with --keep-going: any trial was an error).)";

/// Files with these endings in a folder are recordings.
constexpr std::array kEndings = {".wav", ".flac", ".aiff", ".aif", ".w64", ".rf64", ".mp3", ".ogg", ".opus", ".m4a"};

struct Arguments {
    std::vector<std::string> presets;
    std::vector<std::string> attacks;
    std::vector<std::string> audio;
    std::vector<std::string> held_out;
    std::vector<std::string> systems;
    std::string clips = "10s";
    std::vector<std::string> recordings; ///< NAME=FILE
    std::string out;
    std::size_t num_jobs = std::max(1U, std::thread::hardware_concurrency());
    bool fingerprint = false;
    bool keep_going = false;
    bool no_quality = false;
    bool keep_copies = false;
    bool quiet = false;
    EvaluationOptions options;
};

bool is_recording(const fs::path& path) {
    std::string ending = path.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
    return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

/// The recordings that an option names, those of folders sorted by name.
Result<std::vector<std::string>> find_recordings(const char* option, const std::vector<std::string>& paths) {
    std::vector<std::string> found;
    for (const std::string& path : paths) {
        std::error_code failure;
        if (!fs::is_directory(path, failure)) {
            found.push_back(path); // one that cannot be read is an error of its trials
            continue;
        }
        std::vector<std::string> inside;
        for (fs::recursive_directory_iterator entry(path, failure), end; entry != end; entry.increment(failure)) {
            if (entry->is_regular_file() && is_recording(entry->path())) {
                inside.push_back(entry->path().string());
            }
        }
        if (failure) {
            return fail(ErrorCode::kIo, fmt::format("cannot read the folder {}: {}", path, failure.message()));
        }
        std::sort(inside.begin(), inside.end());
        found.insert(found.end(), inside.begin(), inside.end());
    }
    if (found.empty() && !paths.empty()) {
        return fail(ErrorCode::kUsage, fmt::format("there are no recordings under {}", option));
    }
    return found;
}

Result<std::vector<AttackPreset::Row>> find_attacks(const Arguments& arguments) {
    std::vector<AttackPreset::Row> rows;
    for (const std::string& name : arguments.presets) {
        Result<AttackPreset> preset = find_attack_preset(name);
        if (!preset) {
            return tl::unexpected(preset.error());
        }
        rows.insert(rows.end(), preset->rows.begin(), preset->rows.end());
    }
    for (const std::string& chain : arguments.attacks) {
        rows.push_back({chain, chain, "", ""});
    }
    return rows;
}

/// "5s,10s" or "all".
Result<std::vector<double>> parse_clips(const std::string& text) {
    std::vector<double> clips_s;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find(',', start), text.size());
        std::string piece = text.substr(start, end - start);
        start = end + 1;
        if (piece == "all") {
            clips_s.push_back(0);
            continue;
        }
        if (piece.ends_with('s')) {
            piece.pop_back();
        }
        double clip_s = 0;
        const auto [stop, failure] = std::from_chars(piece.data(), piece.data() + piece.size(), clip_s);
        if (failure != std::errc() || stop != piece.data() + piece.size() || clip_s <= 0) {
            return fail(ErrorCode::kUsage, fmt::format("--clip {}: write lengths such as 10s or 5s,10s, or all", text));
        }
        clips_s.push_back(clip_s);
    }
    return clips_s;
}

Result<EvaluationOptions> options_of(const Arguments& arguments) {
    EvaluationOptions options = arguments.options;
    options.systems = arguments.systems;
    if (arguments.fingerprint || arguments.systems.empty()) {
        options.systems.emplace_back(arguments.fingerprint ? "fingerprint" : "wm");
    }
    options.measure_quality = !arguments.no_quality;
    options.results_folder = arguments.out;
    options.work_folder = (fs::path(arguments.out) / "work").string();
    std::error_code no_folder;
    const bool is_one_folder = arguments.audio.size() == 1 && fs::is_directory(arguments.audio[0], no_folder);
    options.audio_folder = is_one_folder ? arguments.audio[0] : "";
    for (const std::string& word : arguments.recordings) {
        const std::size_t equals = word.find('=');
        if (equals == std::string::npos || equals == 0) {
            return fail(ErrorCode::kUsage, fmt::format("--with {}: write NAME=FILE, as in speech=talk.wav", word));
        }
        options.with[word.substr(0, equals)] = word.substr(equals + 1);
    }
    return parse_clips(arguments.clips)
        .and_then([&](std::vector<double> clips_s) {
            options.clips_s = std::move(clips_s);
            return find_recordings("--audio", arguments.audio);
        })
        .and_then([&](std::vector<std::string> recordings) {
            options.recordings = std::move(recordings);
            return find_recordings("--held-out", arguments.held_out);
        })
        .and_then([&](std::vector<std::string> held_out) {
            options.held_out = std::move(held_out);
            return find_attacks(arguments);
        })
        .map([&](std::vector<AttackPreset::Row> attacks) {
            options.attacks = std::move(attacks);
            return options;
        });
}

/// Runs the groups that the folder has not, and appends each in its turn.
class Runner {
public:
    Runner(Evaluation& evaluation, ResultsFolder& folder, const Arguments& arguments)
        : evaluation_(evaluation), folder_(folder), arguments_(arguments),
          console_(arguments.quiet, std::max<std::size_t>(1, evaluation.num_groups() - folder.num_groups())) {}

    ExitCode run() {
        const std::size_t first = folder_.num_groups();
        run_in_order<Result<TrialGroup>>(
            evaluation_.num_groups() - first, arguments_.num_jobs,
            [&](std::size_t index) -> Result<TrialGroup> {
                if (stopped_ || interrupted()) {
                    return fail(ErrorCode::kCancelled, "not started");
                }
                Result<TrialGroup> group =
                    evaluation_.run(first + index, [this] { return !stopped_ && !interrupted(); });
                console_.file_done(index);
                return group;
            },
            [&](std::size_t, const Result<TrialGroup>& group) { take(group); });
        return finish();
    }

private:
    void take(const Result<TrialGroup>& group) {
        if (has_gap_) {
            return; // what follows a group that is missing is run again next time
        }
        const Result<void> appended = group ? check(*group).and_then([&] { return folder_.append(*group); })
                                            : Result<void>(tl::unexpected(group.error()));
        if (!appended) {
            has_gap_ = stopped_ = true;
            if (appended.error().code != ErrorCode::kCancelled) {
                console_.error(appended.error().message);
            }
        }
    }

    /// Without --keep-going the first error stops everything, and its group is run again next time.
    Result<void> check(const TrialGroup& group) {
        num_errors_ += group.num_errors;
        if (group.num_errors == 0) {
            return {};
        }
        if (!arguments_.keep_going) {
            return fail(ErrorCode::kIo, group.first_error + " (--keep-going counts errors and goes on)");
        }
        if (warned_of_.insert(group.first_error).second) { // a recording fails under every attack
            console_.warn(group.first_error);
        }
        return {};
    }

    ExitCode finish() {
        if (has_gap_ || interrupted()) {
            console_.note(fmt::format("{} of {} groups of trials are done; run the same command again to do the rest",
                                      folder_.num_groups(), evaluation_.num_groups()));
            return kFailed;
        }
        if (const Result<void> written = report_on(arguments_.out); !written) {
            console_.error(written.error().message);
            return exit_code_of(written.error());
        }
        if (!arguments_.keep_copies) {
            std::error_code ignored; // copies that stay harm nobody
            fs::remove_all(fs::path(arguments_.out) / "work", ignored);
        }
        console_.result(fmt::format("{0}/results.csv\n{0}/summary.json\n{0}/report.html\n", arguments_.out));
        if (num_errors_ > 0) {
            console_.note(fmt::format("{} trials were errors: the column message says why", num_errors_));
        }
        return num_errors_ > 0 ? kFailed : kDone;
    }

    Evaluation& evaluation_;
    ResultsFolder& folder_;
    const Arguments& arguments_;
    Console console_;
    std::atomic<bool> stopped_ = false;
    bool has_gap_ = false;
    std::size_t num_errors_ = 0;
    std::set<std::string> warned_of_;
};

ExitCode run(const Arguments& arguments) {
    Console console(arguments.quiet);
    const auto refuse = [&](const Error& error) {
        console.error(error.message);
        return exit_code_of(error);
    };
    const Result<EvaluationOptions> options = options_of(arguments);
    if (!options) {
        return refuse(options.error());
    }
    Result<std::unique_ptr<Evaluation>> evaluation = Evaluation::create(*options);
    if (!evaluation) {
        return refuse(evaluation.error());
    }
    for (const std::string& row : (*evaluation)->left_out()) {
        console.warn("left out: " + row);
    }
    Result<std::unique_ptr<ResultsFolder>> folder = ResultsFolder::open(arguments.out, **evaluation);
    if (!folder) {
        return refuse(folder.error());
    }
    return Runner(**evaluation, **folder, arguments).run();
}

void add_what(CLI::App& app, Arguments& arguments) {
    const auto list = [](CLI::Option* option, const char* type) {
        return option->type_name(type)->take_all()->expected(1)->allow_extra_args(false);
    };
    list(app.add_option("--preset", arguments.presets,
                        "A published list of attacks (wm attack --list); may be given again"),
         "NAME");
    list(app.add_option("--attack", arguments.attacks, "A chain of attacks, as wm attack takes it; may be given again"),
         "CHAIN");
    list(app.add_option("--audio", arguments.audio, "A recording, or a folder of them; may be given again"), "FILE")
        ->required();
    list(app.add_option("--system", arguments.systems,
                        "wm, or a TOML file that says how to run another system; may be given again (default: wm)"),
         "FILE");
    app.add_flag("--fingerprint", arguments.fingerprint,
                 "Instead of marks: whether an index of the recordings knows the attacked clips");
    list(app.add_option("--held-out", arguments.held_out,
                        "With --fingerprint: a recording, or a folder, that the index does not hold and must not know; "
                        "may be given again"),
         "FILE");
    list(app.add_option("--with", arguments.recordings, "A recording that attacks call @NAME; may be given again"),
         "NAME=FILE");
    app.add_option("--out", arguments.out, "The folder of the results; made when missing")
        ->required()
        ->type_name("DIR");
}

void add_how(CLI::App& app, Arguments& arguments) {
    EvaluationOptions& options = arguments.options;
    app.add_option("--clip", arguments.clips, "Lengths that the detector gets: 10s, or 5s,10s, or all")
        ->type_name("LENGTHS")
        ->capture_default_str();
    app.add_option("--crops", options.num_crops, "Clips of each length from each attacked recording")
        ->type_name("N")
        ->capture_default_str();
    app.add_option("--nulls", options.num_nulls,
                   "Looks that must find nothing, for each recording, attack and length: so many in the unmarked "
                   "recording, and so many "
                   "with another key")
        ->type_name("N")
        ->capture_default_str();
    app.add_option("--seed", options.seed, "Everything that is drawn is drawn from it")
        ->type_name("N")
        ->capture_default_str();
    app.add_option("--jobs,-j", arguments.num_jobs, "Groups of trials run at once (default: one a processor)")
        ->check(CLI::Range(1, 1024))
        ->type_name("N");
    app.add_flag("--keep-going", arguments.keep_going, "Count errors, and go on");
    app.add_flag("--no-quality", arguments.no_quality, "Do not grade the marked copies");
    app.add_flag("--keep-copies", arguments.keep_copies, "Leave the marked copies in the folder work/");
    app.add_flag("--quiet,-q", arguments.quiet, "No progress and no warnings");
}

} // namespace

Command add_evaluate(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("evaluate", "Measure what marks survive: mark, attack, crop, detect, report");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);
    add_what(*app, *arguments);
    add_how(*app, *arguments);
    return {app, [arguments] { return run(*arguments); }};
}

} // namespace wm::cli
