#include "evaluate/trials/trial_group.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "base/random_stream.h"
#include "base/scratch_folder.h"
#include "evaluate/attacks/edit.h"
#include "evaluate/attacks/sndfile_codec.h"
#include "evaluate/attacks/varispeed.h"

namespace wm {
namespace {

namespace fs = std::filesystem;

/// What is kept of a failure, to listen to.
constexpr double kMostHeard_s = 30;
constexpr double kHeardPerChannel_kbps = 40;

std::string one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < 0x20; }, ' ');
    return text;
}

/// A recording after the attack, or why there is none.
struct Attacked {
    Result<Audio> audio;
    double cpu_s = 0;
};

class GroupRun {
public:
    GroupRun(const TrialPlan& plan, const GroupPlace& place, const std::function<bool()>& goes_on,
             const ScratchFolder& folder)
        : plan_(plan), place_(place), goes_on_(goes_on), folder_(folder), system_(*plan.systems[place.system]),
          attack_(plan.attacks[place.attack]), recording_(recording_name(plan.options, place.recording)),
          // Not of the system: all systems get the same attacks and crops, and can be compared trial by trial.
          seed_(derived_seed(plan.options.seed, fmt::format("{}: {}", recording_, attack_.name))) {}

    Result<TrialGroup> run() {
        const Result<Audio> host = read_audio(plan_.options.recordings[place_.recording]);
        if (!host) {
            add_errors(host.error().message);
            return finish();
        }
        Result<MarkedCopy> copy =
            system_.marks() ? plan_.copies->get(system_, copy_name(), recording_, *host, goes_on_) : as_it_is();
        if (!copy) {
            return tl::unexpected(copy.error());
        }
        copy_ = *std::move(copy);
        if (!copy_.error.empty()) {
            add_errors(copy_.error);
            return finish();
        }
        const Attacked marked = attack(read_audio(copy_.path), *host);
        const Attacked unmarked = plan_.options.num_nulls > 0 ? attack(*host, *host) : Attacked{Audio{}, 0};
        if (goes_on_ && !goes_on_()) {
            return fail(ErrorCode::kCancelled, "stopped before the evaluation was complete");
        }
        for (std::size_t clip = 0; clip < plan_.options.clips_s.size(); ++clip) {
            look_at(clip, marked, unmarked);
        }
        if (is_cancelled_) {
            return fail(ErrorCode::kCancelled, "stopped before the evaluation was complete");
        }
        return finish();
    }

private:
    std::string copy_name() const { return fmt::format("{}-{}", system_.name(), place_.recording); }

    MarkedCopy as_it_is() const {
        MarkedCopy copy;
        copy.path = plan_.options.recordings[place_.recording];
        copy.message = recording_;
        return copy;
    }

    Attacked attack(Result<Audio> audio, const Audio& host) const {
        const double start_s = thread_cpu_s();
        AttackContext context{seed_, plan_.shared, goes_on_};
        context.recordings[kHost] = std::make_shared<Audio>(host);
        if (needs_other()) {
            const std::size_t next = (place_.recording + 1) % plan_.options.recordings.size();
            Result<Audio> other = read_audio(plan_.options.recordings[next]);
            if (!other) {
                return {other, 0};
            }
            context.recordings[kOther] = std::make_shared<Audio>(*std::move(other));
        }
        Result<Audio> attacked =
            audio.and_then([&](Audio whole) { return apply_attack_chain(std::move(whole), attack_.chain, context); });
        return {std::move(attacked), thread_cpu_s() - start_s};
    }

    bool needs_other() const {
        return format_attack_chain(attack_.chain).find(std::string("@") + kOther) != std::string::npos;
    }

    /// All trials of one clip length.
    void look_at(std::size_t clip, const Attacked& marked, const Attacked& unmarked) {
        attack_cpu_s_ = clip == 0 ? marked.cpu_s + unmarked.cpu_s : 0; // in the first trial of the group
        for (std::size_t k = 0; k < plan_.options.num_crops; ++k) {
            look(place_.recording < plan_.num_known ? TrialKind::kMarked : TrialKind::kUnmarked, clip, k, marked.audio);
        }
        for (std::size_t k = 0; k < plan_.options.num_nulls; ++k) {
            look(TrialKind::kNullKey, clip, k, marked.audio);
            look(TrialKind::kUnmarked, clip, k, unmarked.audio);
        }
    }

    Trial new_trial(TrialKind kind, double clip_s) const {
        Trial trial;
        trial.system = system_.name();
        trial.recording = recording_;
        trial.attack = format_attack_chain(attack_.chain);
        trial.applied = format_attack_chain(draw_attack_chain(attack_.chain, seed_));
        trial.attack_name = attack_.group;
        const AttackStrength strength = strength_of(attack_.chain);
        if (strength.has_number) {
            trial.strength = strength.number;
            trial.strength_unit = strength.unit;
        }
        trial.clip_s = clip_s;
        trial.seed = seed_;
        trial.kind = kind;
        trial.num_bits = system_.num_bits();
        trial.quality = copy_.quality;
        return trial;
    }

    /// Cuts one clip, looks at it, and adds its row.
    void look(TrialKind kind, std::size_t clip, std::size_t index, const Result<Audio>& attacked) {
        Trial trial = new_trial(kind, plan_.options.clips_s[clip]);
        TrialTimes times;
        times.embed_s = std::exchange(copy_.embed_cpu_s, 0);
        times.attack_s = std::exchange(attack_cpu_s_, 0);
        if (!attacked) {
            trial.message = attacked.error().message;
            return add(trial, times);
        }
        const Audio piece = cut(*attacked, trial, index);
        const std::string path = folder_.path("clip.wav");
        const double start_s = thread_cpu_s();
        const Result<SystemFinding> finding = write_audio(piece, path).and_then([&](double) {
            return system_.detect(path, kind == TrialKind::kNullKey ? WhichKey::kStrangers : WhichKey::kOwn,
                                  copy_.message, goes_on_);
        });
        times.detect_s = thread_cpu_s() - start_s;
        if (finding) {
            times.detect_s += finding->child_cpu_s;
            take(*finding, trial);
        } else {
            is_cancelled_ = is_cancelled_ || finding.error().code == ErrorCode::kCancelled;
            trial.message = finding.error().message;
        }
        keep_if_failed(piece, trial);
        add(trial, times);
    }

    /// The clip of a trial, at a place that depends on the seed, the length and the crop's number alone.
    Audio cut(const Audio& attacked, Trial& trial, std::size_t index) const {
        const double room_s = trial.clip_s == 0 ? 0 : std::max(0.0, attacked.duration_s() - trial.clip_s);
        RandomStream random(derived_seed(seed_, fmt::format("crop {} {}", trial.clip_s, index)));
        // Whole milliseconds, so that the row says it exactly.
        trial.crop_offset_s = static_cast<double>(static_cast<std::int64_t>(random.uniform(0, room_s) * 1000)) / 1000;
        return trial.clip_s == 0 ? attacked : crop(attacked, trial.crop_offset_s, trial.clip_s);
    }

    static void take(const SystemFinding& finding, Trial& trial) {
        trial.outcome = finding.outcome;
        trial.score = finding.score;
        trial.log10_p_value = finding.log10_p_value;
        trial.false_positive_bound = finding.false_positive_bound;
        trial.bit_errors = trial.kind == TrialKind::kMarked ? finding.bit_errors : std::nullopt;
        trial.message = finding.message;
    }

    void keep_if_failed(const Audio& piece, Trial& trial) {
        const bool is_failure = trial.kind == TrialKind::kMarked && trial.outcome != TrialOutcome::kDetected;
        if (!is_failure || trial.outcome == TrialOutcome::kError || num_kept_ >= plan_.options.max_kept_clips) {
            return;
        }
        const std::string name = fmt::format("{}/{}-{}-{}-{}.opus", kClipsFolder, system_.name(), place_.recording,
                                             place_.attack, num_kept_++);
        const Audio heard = convert_rate(crop(piece, 0, std::min(kMostHeard_s, piece.duration_s())), kOpusRate_hz);
        if (write_lossy(heard, (fs::path(plan_.options.results_folder) / name).string(), Codec::kOpus,
                        kHeardPerChannel_kbps * static_cast<double>(heard.num_channels()))) {
            trial.clip = name;
        }
    }

    void add(Trial& trial, const TrialTimes& times) {
        trial.message = one_line(trial.message);
        if (trial.outcome == TrialOutcome::kError) {
            group_.first_error = group_.num_errors++ == 0
                                     ? fmt::format("{}: {}: {}", trial.system, trial.recording, trial.message)
                                     : group_.first_error;
        }
        group_.rows += trial_csv_row(trial);
        group_.times += fmt::format("{:.6f},{:.6f},{:.6f}\n", times.embed_s, times.attack_s, times.detect_s);
    }

    /// A step that all trials of the group need failed.
    void add_errors(const std::string& message) {
        const Attacked failed{fail(ErrorCode::kInternal, message), 0};
        for (std::size_t clip = 0; clip < plan_.options.clips_s.size(); ++clip) {
            look_at(clip, failed, failed);
        }
    }

    Result<TrialGroup> finish() { return std::move(group_); }

    const TrialPlan& plan_;
    const GroupPlace place_;
    const std::function<bool()>& goes_on_;
    const ScratchFolder& folder_;
    WatermarkSystem& system_;
    const PlannedAttack& attack_;
    std::string recording_;
    std::uint64_t seed_;
    MarkedCopy copy_;
    double attack_cpu_s_ = 0;
    std::size_t num_kept_ = 0;
    bool is_cancelled_ = false;
    TrialGroup group_;
};

} // namespace

Result<TrialGroup> run_trial_group(const TrialPlan& plan, const GroupPlace& place,
                                   const std::function<bool()>& goes_on) {
    const Result<ScratchFolder> folder = ScratchFolder::create();
    if (!folder) {
        return tl::unexpected(folder.error());
    }
    return GroupRun(plan, place, goes_on, *folder).run();
}

std::string trial_times_header() {
    return "embed_s,attack_s,detect_s\n";
}

} // namespace wm
