#pragma once

/// The trials of one recording, one system and one attack.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "evaluate/systems/system.h"
#include "evaluate/trials/marked_copies.h"
#include "wm/evaluate.h"

namespace wm {

inline constexpr char kClipsFolder[] = "clips";
inline constexpr char kHost[] = "host";
inline constexpr char kOther[] = "other";

struct PlannedAttack {
    std::string name;
    std::string group;
    AttackChain chain;
};

/// Everything that trials share. Immutable while they run, but for what guards itself.
struct TrialPlan {
    EvaluationOptions options; ///< its held-out recordings stand at the end of `recordings`
    std::size_t num_known = 0; ///< recordings before them
    std::vector<std::shared_ptr<WatermarkSystem>> systems;
    std::vector<PlannedAttack> attacks;
    std::map<std::string, std::shared_ptr<const Audio>> shared; ///< of options.with
    std::unique_ptr<MarkedCopies> copies;
};

/// Indices into the plan's lists.
struct GroupPlace {
    std::size_t recording = 0;
    std::size_t system = 0;
    std::size_t attack = 0;
};

/// The recording's name in the results.
std::string recording_name(const EvaluationOptions& options, std::size_t index);

/// errors   kCancelled; kIo
Result<TrialGroup> run_trial_group(const TrialPlan& plan, const GroupPlace& place,
                                   const std::function<bool()>& goes_on);

/// times.csv's first line.
std::string trial_times_header();

} // namespace wm
