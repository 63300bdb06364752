#pragma once

#include <string>

#include "evaluate/trial.h"

namespace wm {

inline Trial marked_trial(const std::string& system, const std::string& recording, const std::string& attack,
                          TrialOutcome outcome) {
    Trial trial;
    trial.system = system;
    trial.recording = recording;
    trial.attack = attack;
    trial.attack_name = attack.substr(0, attack.find('='));
    trial.clip_s = 10;
    trial.outcome = outcome;
    trial.num_bits = 64;
    return trial;
}

inline Trial null_trial(const std::string& system, double score) {
    Trial trial = marked_trial(system, "null.wav", "none", TrialOutcome::kMissed);
    trial.kind = TrialKind::kNullKey;
    trial.score = score;
    trial.log10_p_value = -0.1;
    trial.false_positive_bound = 1e-9;
    return trial;
}

} // namespace wm
