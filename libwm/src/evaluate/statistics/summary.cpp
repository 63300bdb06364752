#include "evaluate/statistics/summary.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>

namespace wm {
namespace {

constexpr std::size_t kMostRocPoints = 200;

using Trials = std::vector<const Trial*>;

bool is_marked(const Trial& trial) {
    return trial.kind == TrialKind::kMarked;
}

bool is_detected(const Trial& trial) {
    return trial.outcome == TrialOutcome::kDetected;
}

TrialCounts count_marked(const Trials& trials) {
    TrialCounts counts;
    std::size_t num_detected = 0;
    std::size_t num_counted = 0;
    double wrong_bits = 0;
    double bits = 0;
    for (const Trial* trial : trials) {
        if (trial->outcome == TrialOutcome::kError) {
            ++counts.num_errors;
            continue;
        }
        ++num_counted;
        num_detected += is_detected(*trial) ? 1 : 0;
        counts.num_wrong += trial->outcome == TrialOutcome::kWrong ? 1 : 0;
        counts.num_inconclusive += trial->outcome == TrialOutcome::kInconclusive ? 1 : 0;
        if (trial->bit_errors) {
            wrong_bits += *trial->bit_errors;
            bits += trial->num_bits;
        }
    }
    counts.detected = count_rate(num_detected, num_counted);
    if (bits > 0) {
        counts.bit_error_rate = wrong_bits / bits;
    }
    return counts;
}

void keep_larger(std::optional<double>& largest, const std::optional<double>& value) {
    if (value && (!largest || *value > *largest)) {
        largest = value;
    }
}

NullTail count_null(const Trials& trials) {
    NullTail tail;
    std::size_t num_alarms = 0;
    std::size_t num_counted = 0;
    for (const Trial* trial : trials) {
        if (trial->outcome == TrialOutcome::kError) {
            ++tail.num_errors;
            continue;
        }
        ++num_counted;
        num_alarms += is_detected(*trial) || trial->outcome == TrialOutcome::kWrong ? 1 : 0;
        keep_larger(tail.largest_score, trial->score);
        keep_larger(tail.false_positive_bound, trial->false_positive_bound);
        if (trial->log10_p_value) {
            tail.least_log10_p_value =
                std::min(*trial->log10_p_value, tail.least_log10_p_value.value_or(*trial->log10_p_value));
        }
    }
    tail.false_alarms = count_rate(num_alarms, num_counted);
    return tail;
}

/// A trial without a score never reaches a threshold.
std::vector<double> scores_of(const Trials& trials) {
    std::vector<double> scores;
    for (const Trial* trial : trials) {
        if (trial->outcome != TrialOutcome::kError) {
            scores.push_back(trial->score.value_or(-std::numeric_limits<double>::infinity()));
        }
    }
    return scores;
}

void add_roc(const Trials& marked, const Trials& null, SystemSummary& summary) {
    const std::vector<double> marked_scores = scores_of(marked);
    const std::vector<double> null_scores = scores_of(null);
    const bool has_score =
        std::any_of(marked.begin(), marked.end(), [](const Trial* trial) { return trial->score.has_value(); });
    if (!has_score || null_scores.empty()) {
        return;
    }
    summary.roc = make_roc(marked_scores, null_scores);
    summary.tpr_at_1_percent = true_positive_rate_at(*summary.roc, 0.01, null_scores.size());
    summary.tpr_at_0_1_percent = true_positive_rate_at(*summary.roc, 0.001, null_scores.size());
    summary.roc->points = thinned(summary.roc->points, kMostRocPoints);
}

std::vector<Cell> make_cells(const Trials& marked) {
    std::vector<Cell> cells;
    std::vector<Trials> members;
    std::map<std::pair<std::string, double>, std::size_t> places;
    for (const Trial* trial : marked) {
        const auto [place, is_new] = places.try_emplace({trial->attack, trial->clip_s}, cells.size());
        if (is_new) {
            cells.push_back(
                {trial->attack, trial->attack_name, trial->strength, trial->strength_unit, trial->clip_s, {}});
            members.emplace_back();
        }
        members[place->second].push_back(trial);
    }
    for (std::size_t k = 0; k < cells.size(); ++k) {
        cells[k].counts = count_marked(members[k]);
    }
    return cells;
}

QualityMeans mean_quality(const Trials& marked) {
    std::map<std::string, const TrialQuality*> copies;
    for (const Trial* trial : marked) {
        copies.try_emplace(trial->recording, &trial->quality);
    }
    QualityMeans means;
    means.num_recordings = copies.size();
    for (std::optional<double> TrialQuality::*figure :
         {&TrialQuality::odg, &TrialQuality::distortion_index, &TrialQuality::snr_db, &TrialQuality::nmr_db}) {
        double sum = 0;
        std::size_t count = 0;
        for (const auto& [recording, quality] : copies) {
            sum += (quality->*figure).value_or(0);
            count += (quality->*figure).has_value() ? 1 : 0;
        }
        if (count > 0) {
            means.mean.*figure = sum / static_cast<double>(count);
        }
    }
    return means;
}

SystemSummary summarize_system(const std::string& name, const Trials& trials) {
    Trials marked;
    Trials null;
    for (const Trial* trial : trials) {
        (is_marked(*trial) ? marked : null).push_back(trial);
    }
    SystemSummary summary;
    summary.name = name;
    summary.all = count_marked(marked);
    summary.cells = make_cells(marked);
    summary.null = count_null(null);
    summary.quality = mean_quality(marked);
    add_roc(marked, null, summary);
    return summary;
}

/// What two systems' trials must share to be one trial.
using TrialName = std::tuple<std::string, std::string, double, double, std::uint64_t>;

TrialName identity_of(const Trial& trial) {
    return {trial.recording, trial.attack, trial.clip_s, trial.crop_offset_s, trial.seed};
}

void count_pair(PairedComparison& comparison, bool by_a, bool by_b) {
    ++(by_a ? (by_b ? comparison.both : comparison.only_a) : (by_b ? comparison.only_b : comparison.neither));
}

/// One row for all attacks, then one for each, in the order of `a`.
std::vector<PairedComparison> compare(const Trials& a, const Trials& b) {
    std::map<TrialName, const Trial*> partners;
    for (const Trial* trial : b) {
        partners.emplace(identity_of(*trial), trial);
    }
    std::vector<PairedComparison> rows = {{a.front()->system, b.front()->system, "", 0, 0, 0, 0, 1}};
    std::map<std::string, std::size_t> places;
    for (const Trial* trial : a) {
        const auto partner = partners.find(identity_of(*trial));
        if (partner == partners.end() || !is_marked(*trial) || !is_marked(*partner->second) ||
            trial->outcome == TrialOutcome::kError || partner->second->outcome == TrialOutcome::kError) {
            continue;
        }
        const auto [place, is_new] = places.try_emplace(trial->attack_name, rows.size());
        if (is_new) {
            rows.push_back({a.front()->system, b.front()->system, trial->attack_name, 0, 0, 0, 0, 1});
        }
        for (const std::size_t row : {std::size_t{0}, place->second}) {
            count_pair(rows[row], is_detected(*trial), is_detected(*partner->second));
        }
    }
    for (PairedComparison& row : rows) {
        row.p_value = mcnemar_p_value(row.only_a, row.only_b);
    }
    return rows;
}

} // namespace

EvaluationSummary summarize(const std::vector<Trial>& trials) {
    std::vector<Trials> groups; // by system
    std::set<std::string> recordings;
    for (const Trial& trial : trials) {
        recordings.insert(trial.recording);
        auto group = std::find_if(groups.begin(), groups.end(),
                                  [&](const Trials& known) { return known.front()->system == trial.system; });
        if (group == groups.end()) {
            group = groups.insert(groups.end(), Trials());
        }
        group->push_back(&trial);
    }
    EvaluationSummary summary;
    summary.num_trials = trials.size();
    summary.num_recordings = recordings.size();
    for (const Trials& group : groups) {
        summary.systems.push_back(summarize_system(group.front()->system, group));
    }
    for (std::size_t a = 0; a < groups.size(); ++a) {
        for (std::size_t b = a + 1; b < groups.size(); ++b) {
            const std::vector<PairedComparison> rows = compare(groups[a], groups[b]);
            summary.comparisons.insert(summary.comparisons.end(), rows.begin(), rows.end());
        }
    }
    return summary;
}

} // namespace wm
