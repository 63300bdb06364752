#include "watermark/embed_checks.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "watermark/span_search.h"

namespace wm {
namespace {

constexpr double kLeastCarrying_s = 3.0;
constexpr double kComfortable_s = 10.0;
constexpr double kLeastMargin_db = 3.0;

double carrying_s(const EmbedTally& tally) {
    return static_cast<double>(tally.num_carrying_rows) * kRow_s;
}

} // namespace

void describe_change(const ChangeTally& change, const EmbedTally& tally, EmbedReport& report) {
    report.snr_db = 10.0 * std::log10((change.host_energy + 1e-30) / (change.residual_energy + 1e-30));
    if (tally.num_carrying_rows > 0) {
        const auto rows = static_cast<double>(tally.num_carrying_rows);
        report.nmr_db = 10.0 * std::log10(tally.noise_to_mask / rows + 1e-12);
    }
    if (report.duration_s > 0.0) {
        report.carrying_share = std::min(1.0, carrying_s(tally) / report.duration_s);
    }
}

Result<void> check_carrying(const EmbedTally& tally, const std::string& name, const EmbedOptions& options,
                            EmbedReport& report) {
    const double seconds = carrying_s(tally);
    if (seconds < kLeastCarrying_s && !options.allow_weak) {
        return fail(ErrorCode::kCannotCarry,
                    fmt::format("{}: only {:.1f} s of {:.1f} s are loud and wide enough to hold a mark, and {:.0f} s "
                                "are needed; nothing was written",
                                name, seconds, report.duration_s, kLeastCarrying_s));
    }
    if (seconds < kComfortable_s) {
        report.warnings.push_back(
            fmt::format("only {:.1f} s can hold the mark: it will not survive strong processing", seconds));
    }
    return {};
}

Result<void> check_reading(const std::optional<Reading>& reading, const std::string& name, const std::string& what,
                           const EmbedOptions& options, EmbeddedMark& mark, std::vector<std::string>& warnings) {
    const double log_hypotheses = SpanSearch::log_hypotheses(SpanSearch::kMostSpans, 1);
    const double log_bound = std::log(kEmbedFalsePositiveBound);
    const double log_p = reading ? log_false_positive_bound(reading->evidence, log_hypotheses) : 0.0;
    if (!reading || reading->payload != mark.id || log_p > log_bound) {
        if (options.allow_weak) {
            warnings.push_back(fmt::format("the {} could not be read back, not even without any processing", what));
            return {};
        }
        const char* reason = options.force
                                 ? "too little sound for it, or earlier marks of this key that are too strong: "
                                   "mark the unmarked master, or raise --strength"
                                 : "too little sound for it";
        return fail(ErrorCode::kVerifyFailed,
                    fmt::format("{}: the {} could not be read back ({}); nothing was written", name, what, reason));
    }
    mark.verified = true;
    mark.p_value = std::exp(log_p);
    mark.margin_db = 20.0 * std::log10(reading->evidence.statistic() / threshold_statistic(log_bound, log_hypotheses));
    if (mark.margin_db < kLeastMargin_db) {
        warnings.push_back(
            fmt::format("weak {}: it stands only {:.1f} dB above what detection needs", what, mark.margin_db));
    }
    return {};
}

} // namespace wm
