#include <cmath>

#include "evaluate/attack_table.h"
#include "evaluate/attacks/edit.h"
#include "evaluate/attacks/stretch.h"
#include "evaluate/attacks/varispeed.h"

namespace wm {
namespace {

constexpr char kSoundTouch[] = "SoundTouch (O. Parviainen), synchronised overlap-add";

AttackParameter start_parameter() {
    return number_parameter("start", "s", {0, 0, 86400}, "where it begins");
}

AttackParameter duration_parameter(double default_s) {
    return number_parameter("duration", "s", {default_s, 0.001, 86400}, "how long");
}

/// 1.05 for +5 %.
double factor_of(const AttackCall& call, const char* parameter) {
    return 1 + call.number(parameter) / 100;
}

/// An attack on a piece of the recording.
template <Audio (*kEdit)(const Audio&, double, double)>
Result<Audio> run_edit(const AttackCall& call) {
    return kEdit(call.audio, call.number("start"), call.number("duration"));
}

std::vector<AttackEntry> cut_attacks() {
    return {
        {{"crop", "keeps one piece", "", false, {start_parameter(), duration_parameter(10)}},
         "duration",
         run_edit<crop>},
        {{"excise", "takes a piece out", "", false, {start_parameter(), duration_parameter(10)}},
         "duration",
         run_edit<excise>},
        {{"silence", "puts silence in", "", false, {start_parameter(), duration_parameter(1)}},
         "duration",
         run_edit<insert_silence>},
        {{"mute", "silences a piece", "", false, {start_parameter(), duration_parameter(1)}},
         "duration",
         [](const AttackCall& call) -> Result<Audio> {
             return mute(std::move(call.audio), call.number("start"), call.number("duration"));
         }},
        {{"shift",
          "moves by whole samples; positive is earlier",
          "RAW-Bench's code (Ozer et al., Interspeech 2025), phase_shift",
          false,
          {whole_parameter("samples", "samples", {100, -10000000, 10000000}, "silence follows from the open side")}},
         "samples",
         [](const AttackCall& call) -> Result<Audio> {
             return shift(std::move(call.audio), static_cast<std::int64_t>(call.number("samples")));
         }},
        {{"drop",
          "takes short pieces out at random",
          "",
          true,
          {number_parameter("share", "%", {1, 0, 90}, "of the recording, in all"),
           number_parameter("least", "ms", {1, 0.1, 10000}, "shortest piece"),
           number_parameter("most", "ms", {10, 0.1, 10000}, "longest piece")}},
         "share",
         [](const AttackCall& call) -> Result<Audio> {
             return drop_pieces(call.audio, {call.number("share") / 100, call.number("least"), call.number("most")},
                                call.seed);
         }},
        {{"zero",
          "sets single samples to zero at random",
          "",
          true,
          {number_parameter("share", "%", {0.1, 0, 100}, "of all moments")}},
         "share",
         [](const AttackCall& call) -> Result<Audio> {
             return zero_samples(std::move(call.audio), call.number("share") / 100, call.seed);
         }},
        {{"jitter",
          "drops or doubles single samples, in turn, at random",
          "",
          true,
          {number_parameter("interval", "samples", {1000, 2, 10000000}, "mean distance between them")}},
         "interval",
         [](const AttackCall& call) -> Result<Audio> {
             return jitter_samples(call.audio, call.number("interval"), call.seed);
         }},
        {{"timejitter",
          "reads each sample at a time that deviates at random",
          "RAW-Bench's code (Ozer et al., Interspeech 2025), time_jitter",
          true,
          {number_parameter("deviation", "samples", {0.1, 0, 10}, "standard deviation")}},
         "deviation",
         [](const AttackCall& call) -> Result<Audio> {
             return jitter_times(call.audio, call.number("deviation"), call.seed);
         }},
    };
}

std::vector<AttackEntry> speed_attacks() {
    return {
        {{"resample",
          "down to a lower sample rate and back",
          "",
          false,
          {number_parameter("rate", "Hz", {16000, 2000, 192000}, "on the way")}},
         "rate",
         [](const AttackCall& call) -> Result<Audio> {
             return resample_there_and_back(call.audio, call.number("rate"));
         }},
        {{"speed",
          "plays faster: tempo and pitch together",
          "",
          false,
          {number_parameter("change", "%", {5, -75, 300}, "faster; 1.05x is the same as 5%")}},
         "change",
         [](const AttackCall& call) -> Result<Audio> { return change_speed(call.audio, factor_of(call, "change")); }},
        {{"stretch",
          "makes longer at the same pitch",
          kSoundTouch,
          false,
          {number_parameter("change", "%", {5, -75, 300}, "longer; 1.05x is the same as 5%")}},
         "change",
         [](const AttackCall& call) -> Result<Audio> { return stretch_time(call.audio, factor_of(call, "change")); }},
        {{"pitch",
          "makes higher at the same tempo",
          kSoundTouch,
          false,
          {number_parameter("change", "st", {1, -24, 24}, "semitones higher; ct are cents")}},
         "change",
         [](const AttackCall& call) -> Result<Audio> { return shift_pitch(call.audio, call.number("change")); }},
        {{"wow",
          "slow swings of the speed, the phase drawn at random",
          "",
          true,
          {number_parameter("depth", "%", {0.5, 0, 20}, "largest change of speed"),
           number_parameter("rate", "Hz", {0.5, 0.05, 6}, "swings a second")}},
         "depth",
         [](const AttackCall& call) -> Result<Audio> {
             return wobble_speed(call.audio, call.number("depth") / 100, call.number("rate"), call.seed);
         }},
        {{"flutter",
          "fast swings of the speed, the phase drawn at random",
          "",
          true,
          {number_parameter("depth", "%", {0.1, 0, 5}, "largest change of speed"),
           number_parameter("rate", "Hz", {10, 4, 200}, "swings a second")}},
         "depth",
         [](const AttackCall& call) -> Result<Audio> {
             return wobble_speed(call.audio, call.number("depth") / 100, call.number("rate"), call.seed);
         }},
    };
}

} // namespace

std::vector<AttackEntry> time_attacks() {
    std::vector<AttackEntry> all = cut_attacks();
    for (AttackEntry& entry : speed_attacks()) {
        all.push_back(std::move(entry));
    }
    return all;
}

} // namespace wm
