#include "evaluate/report/documents.h"

#include <algorithm>
#include <cmath>

namespace wm {
namespace {

using Document = nlohmann::ordered_json;

Document number(double value) {
    return std::isfinite(value) ? Document(value) : Document(nullptr);
}

Document number(const std::optional<double>& value) {
    return value ? number(*value) : Document(nullptr);
}

Document rate_document(const Rate& rate) {
    return {{"successes", rate.successes},
            {"trials", rate.trials},
            {"share", rate.share},
            {"low", rate.low},
            {"high", rate.high}};
}

Document counts_document(const TrialCounts& counts) {
    return {
        {"detected", rate_document(counts.detected)},      {"num_wrong", counts.num_wrong},
        {"num_inconclusive", counts.num_inconclusive},     {"num_errors", counts.num_errors},
        {"bit_error_rate", number(counts.bit_error_rate)},
    };
}

Document cell_document(const Cell& cell) {
    return {
        {"attack", cell.attack},
        {"attack_name", cell.attack_name},
        {"strength", number(cell.strength)},
        {"strength_unit", cell.strength_unit},
        {"clip_s", cell.clip_s},
        {"counts", counts_document(cell.counts)},
    };
}

Document null_document(const NullTail& null) {
    return {
        {"false_alarms", rate_document(null.false_alarms)},
        {"num_errors", null.num_errors},
        {"largest_score", number(null.largest_score)},
        {"least_log10_p_value", number(null.least_log10_p_value)},
        {"false_positive_bound", number(null.false_positive_bound)},
    };
}

Document quality_document(const QualityMeans& quality) {
    return {
        {"num_recordings", quality.num_recordings},
        {"odg", number(quality.mean.odg)},
        {"distortion_index", number(quality.mean.distortion_index)},
        {"snr_db", number(quality.mean.snr_db)},
        {"nmr_db", number(quality.mean.nmr_db)},
    };
}

void add_curves(const Roc& roc, Document& document) {
    for (const RocPoint& point : roc.points) {
        document["roc"].push_back({{"threshold", number(point.threshold)},
                                   {"false_positive_rate", point.false_positive_rate},
                                   {"true_positive_rate", point.true_positive_rate}});
        const double miss_rate = 1 - point.true_positive_rate;
        if (std::min(point.false_positive_rate, miss_rate) > 0 && std::max(point.false_positive_rate, miss_rate) < 1) {
            document["det"].push_back(
                {{"false_positive", probit(point.false_positive_rate)}, {"false_negative", probit(miss_rate)}});
        }
    }
}

Document system_document(const SystemSummary& system) {
    Document document = {
        {"name", system.name},
        {"all", counts_document(system.all)},
        {"null", null_document(system.null)},
        {"quality", quality_document(system.quality)},
        {"area_under_roc", system.roc ? Document(system.roc->area) : Document(nullptr)},
        {"tpr_at_1_percent", number(system.tpr_at_1_percent)},
        {"tpr_at_0_1_percent", number(system.tpr_at_0_1_percent)},
        {"cells", Document::array()},
        {"roc", Document::array()},
        {"det", Document::array()},
    };
    for (const Cell& cell : system.cells) {
        document["cells"].push_back(cell_document(cell));
    }
    if (system.roc) {
        add_curves(*system.roc, document);
    }
    return document;
}

Document comparison_document(const PairedComparison& row) {
    return {
        {"system_a", row.system_a}, {"system_b", row.system_b}, {"attack_name", row.attack_name},
        {"both", row.both},         {"only_a", row.only_a},     {"only_b", row.only_b},
        {"neither", row.neither},   {"p_value", row.p_value},
    };
}

} // namespace

nlohmann::ordered_json summary_document(const EvaluationSummary& summary) {
    Document document = {
        {"schema", "wm.evaluation/1"},  {"num_trials", summary.num_trials}, {"num_recordings", summary.num_recordings},
        {"systems", Document::array()}, {"comparisons", Document::array()},
    };
    for (const SystemSummary& system : summary.systems) {
        document["systems"].push_back(system_document(system));
    }
    for (const PairedComparison& row : summary.comparisons) {
        document["comparisons"].push_back(comparison_document(row));
    }
    return document;
}

} // namespace wm
