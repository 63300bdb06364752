/// The plan of an evaluation: groups of trials in a fixed order, recordings outermost, so that marked copies are needed together.

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "evaluate/trials/trial_group.h"
#include "wm/evaluate.h"

namespace wm {
namespace {

namespace fs = std::filesystem;

constexpr char kFingerprint[] = "fingerprint";

/// The name of a chain's recordings that are handed over: "@speech" gives "speech".
std::vector<std::string> recordings_named(const AttackChain& chain) {
    std::vector<std::string> names;
    for (const AttackStep& step : chain) {
        for (const AttackValue& value : step.values) {
            for (const std::string& word : value.words) {
                for (std::size_t at = word.find('@'); at != std::string::npos; at = word.find('@', at + 1)) {
                    names.push_back(word.substr(at + 1, word.find(',', at) - at - 1));
                }
            }
        }
    }
    return names;
}

std::string name_in(const std::string& folder, const std::string& path) {
    const fs::path relative = fs::path(path).lexically_relative(folder);
    return relative.empty() || *relative.begin() == ".." ? path : relative.string();
}

bool is_of_fingerprints(const EvaluationOptions& options) {
    return std::find(options.systems.begin(), options.systems.end(), kFingerprint) != options.systems.end();
}

Result<void> check_options(const EvaluationOptions& options) {
    if (options.systems.empty() || options.recordings.empty() || options.attacks.empty() || options.clips_s.empty()) {
        return fail(ErrorCode::kUsage, "an evaluation needs a system, a recording, an attack and a clip length");
    }
    if (options.num_crops < 1 || options.num_crops > 1000 || options.num_nulls > 1000) {
        return fail(ErrorCode::kUsage, "crops are 1 to 1000, null trials 0 to 1000, for each recording and attack");
    }
    if (is_of_fingerprints(options) ? options.systems.size() > 1 : !options.held_out.empty()) {
        return fail(ErrorCode::kUsage,
                    "fingerprints are evaluated by themselves, and only they have held-out recordings");
    }
    for (const double clip_s : options.clips_s) {
        if (!(clip_s == 0 || (clip_s >= 0.1 && clip_s <= 86400))) {
            return fail(ErrorCode::kUsage,
                        fmt::format("a clip of {} s is out of range: 0.1 to 86400 s, or 0 for all", clip_s));
        }
    }
    return {};
}

class PlannedEvaluation final : public Evaluation {
public:
    explicit PlannedEvaluation(EvaluationOptions options) : plan_{std::move(options), 0, {}, {}, {}, nullptr} {
        std::vector<std::string>& all = plan_.options.recordings;
        plan_.num_known = all.size();
        all.insert(all.end(), plan_.options.held_out.begin(), plan_.options.held_out.end());
        if (is_of_fingerprints(plan_.options)) {
            plan_.options.num_nulls = 0; // the held-out recordings are the null trials
        }
    }

    Result<void> prepare() {
        return check_options(plan_.options)
            .and_then([&] { return make_folders(); })
            .and_then([&] { return load_systems(); })
            .and_then([&] { return load_shared(); })
            .and_then([&] { return plan_attacks(); });
    }

    std::size_t num_groups() const override {
        return plan_.options.recordings.size() * plan_.systems.size() * plan_.attacks.size();
    }
    std::size_t trials_per_group() const override {
        return plan_.options.clips_s.size() * (plan_.options.num_crops + 2 * plan_.options.num_nulls);
    }
    const std::vector<std::string>& left_out() const override { return left_out_; }
    std::string results_header() const override { return trial_csv_header(); }
    std::string times_header() const override { return trial_times_header(); }

    std::string description() const override {
        const EvaluationOptions& options = plan_.options;
        std::string text =
            fmt::format("wm evaluation 1\nseed {}\nclips {}\ncrops {}\nnulls {}\nquality {}\n", options.seed,
                        fmt::join(options.clips_s, " "), options.num_crops, options.num_nulls, options.measure_quality);
        for (const std::shared_ptr<WatermarkSystem>& system : plan_.systems) {
            text += fmt::format("system {}\n{}\n", system->name(), system->description());
        }
        for (const PlannedAttack& attack : plan_.attacks) {
            text += fmt::format("attack {}: {}\n", attack.name, format_attack_chain(attack.chain));
        }
        for (const auto& [name, path] : options.with) {
            text += fmt::format("with {}={} {}\n", name, path, size_of(path));
        }
        for (const std::string& recording : options.recordings) {
            text += fmt::format("recording {} {}\n", recording, size_of(recording));
        }
        return text;
    }

    Result<TrialGroup> run(std::size_t group_index, const std::function<bool()>& goes_on) override {
        const std::size_t num_attacks = plan_.attacks.size();
        const std::size_t num_systems = plan_.systems.size();
        return run_trial_group(plan_,
                               {group_index / (num_attacks * num_systems), group_index / num_attacks % num_systems,
                                group_index % num_attacks},
                               goes_on);
    }

private:
    static std::uint64_t size_of(const std::string& path) {
        std::error_code failure; // a recording that is not there stays 0, and its trials say so
        const std::uint64_t size = fs::file_size(path, failure);
        return failure ? 0 : size;
    }

    Result<void> make_folders() const {
        std::error_code failure;
        fs::create_directories(plan_.options.work_folder, failure);
        if (!failure && plan_.options.max_kept_clips > 0) {
            fs::create_directories(fs::path(plan_.options.results_folder) / kClipsFolder, failure);
        }
        return failure ? fail(ErrorCode::kIo, fmt::format("cannot make the folders of {}: {}",
                                                          plan_.options.results_folder, failure.message()))
                       : Result<void>{};
    }

    Result<void> load_systems() {
        for (const std::string& name : plan_.options.systems) {
            if (name == "wm") {
                plan_.systems.push_back(make_wm_system(plan_.options.seed));
                continue;
            }
            if (name == kFingerprint) {
                plan_.systems.push_back(make_fingerprint_system(known_recordings(), plan_.options.work_folder));
                continue;
            }
            Result<std::unique_ptr<WatermarkSystem>> system =
                load_command_system(name, plan_.options.seed, plan_.options.work_folder);
            if (!system) {
                return tl::unexpected(system.error());
            }
            plan_.systems.push_back(*std::move(system));
        }
        for (std::size_t i = 0; i < plan_.systems.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                if (plan_.systems[i]->name() == plan_.systems[j]->name()) {
                    return fail(ErrorCode::kUsage, fmt::format("two systems are named {}: give them different names",
                                                               plan_.systems[i]->name()));
                }
            }
        }
        plan_.copies = std::make_unique<MarkedCopies>(plan_.options.work_folder, plan_.options.seed,
                                                      plan_.options.measure_quality);
        return {};
    }

    std::vector<NamedRecording> known_recordings() const {
        std::vector<NamedRecording> known;
        for (std::size_t k = 0; k < plan_.num_known; ++k) {
            known.push_back({recording_name(plan_.options, k), plan_.options.recordings[k]});
        }
        return known;
    }

    Result<void> load_shared() {
        for (const auto& [name, path] : plan_.options.with) {
            Result<Audio> audio = read_audio(path);
            if (!audio) {
                return tl::unexpected(audio.error());
            }
            plan_.shared[name] = std::make_shared<Audio>(*std::move(audio));
        }
        return {};
    }

    Result<void> plan_attacks() {
        for (const AttackPreset::Row& row : plan_.options.attacks) {
            Result<AttackChain> chain = parse_attack_chain(row.chain);
            if (!chain) {
                return tl::unexpected(chain.error());
            }
            if (const std::string missing = missing_recording(*chain); !missing.empty()) {
                left_out_.push_back(fmt::format("{} needs --with {}=FILE", row.name, missing));
                continue;
            }
            plan_.attacks.push_back({row.name, group_of(row, *chain), *std::move(chain)});
        }
        return plan_.attacks.empty()
                   ? fail(ErrorCode::kUsage, fmt::format("no attack is left: {}", fmt::join(left_out_, "; ")))
                   : Result<void>{};
    }

    std::string missing_recording(const AttackChain& chain) const {
        for (const std::string& name : recordings_named(chain)) {
            if (name != kHost && name != kOther && !plan_.shared.contains(name)) {
                return name;
            }
        }
        return "";
    }

    /// What a row's strengths are gathered under.
    static std::string group_of(const AttackPreset::Row& row, const AttackChain& chain) {
        if (!row.group.empty()) {
            return row.group;
        }
        return row.name == row.chain ? strength_of(chain).group : row.name;
    }

    TrialPlan plan_;
    std::vector<std::string> left_out_;
};

} // namespace

std::string recording_name(const EvaluationOptions& options, std::size_t index) {
    return name_in(options.audio_folder, options.recordings[index]);
}

Result<std::unique_ptr<Evaluation>> Evaluation::create(EvaluationOptions options) {
    auto evaluation = std::make_unique<PlannedEvaluation>(std::move(options));
    if (Result<void> prepared = evaluation->prepare(); !prepared) {
        return tl::unexpected(prepared.error());
    }
    return evaluation;
}

} // namespace wm
