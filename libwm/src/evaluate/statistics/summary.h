#pragma once

/// What the trials of an evaluation come to; docs/evaluate.md says how each figure is counted.

#include <optional>
#include <string>
#include <vector>

#include "evaluate/statistics/rates.h"
#include "evaluate/statistics/roc.h"
#include "evaluate/trial.h"

namespace wm {

/// The marked trials of one system that share something: an attack, a strength, a clip length. Errors are left out of every
/// rate.
struct TrialCounts {
    Rate detected;                    ///< the whole message read, among marked trials
    std::size_t num_wrong = 0;        ///< another message read: among the rest
    std::size_t num_inconclusive = 0; ///< the detector could not look: among the rest
    std::size_t num_errors = 0;
    std::optional<double> bit_error_rate; ///< over the trials whose bits are known; absent when there are none
};

struct Cell {
    std::string attack;
    std::string attack_name;
    std::optional<double> strength;
    std::string strength_unit;
    double clip_s = 0;
    TrialCounts counts;
};

/// How far trials without the mark went.
struct NullTail {
    Rate false_alarms; ///< detected or wrong
    std::size_t num_errors = 0;
    std::optional<double> largest_score;
    std::optional<double> least_log10_p_value;
    std::optional<double> false_positive_bound; ///< the largest that a trial was decided at
};

/// Means over the marked copies, one for each recording.
struct QualityMeans {
    std::size_t num_recordings = 0;
    TrialQuality mean; ///< each over the recordings that have it
};

struct SystemSummary {
    std::string name;
    TrialCounts all;         ///< its rate is that of detection at the system's own threshold
    std::vector<Cell> cells; ///< in the order of the trials
    NullTail null;
    std::optional<Roc> roc; ///< absent without scores, or without null trials; its points are at most 200
    std::optional<double> tpr_at_1_percent;
    std::optional<double> tpr_at_0_1_percent;
    QualityMeans quality;
};

/// Two systems on the same marked trials: same recording, attack, clip and crop.
struct PairedComparison {
    std::string system_a;
    std::string system_b;
    std::string attack_name; ///< empty: all of them
    std::size_t both = 0;
    std::size_t only_a = 0;
    std::size_t only_b = 0;
    std::size_t neither = 0;
    double p_value = 1; ///< McNemar, exact
};

struct EvaluationSummary {
    std::size_t num_trials = 0;
    std::size_t num_recordings = 0;
    std::vector<SystemSummary> systems; ///< in the order of their first trials
    std::vector<PairedComparison> comparisons;
};

EvaluationSummary summarize(const std::vector<Trial>& trials);

} // namespace wm
