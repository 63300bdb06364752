#include "match_text.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "text.h"

namespace wm::cli {
namespace {

std::string describe_change(const Match& match) {
    std::string change;
    if (std::abs(match.audio_speed - 1) >= 0.005) {
        change = fmt::format("{:+.1f} % speed", 100 * (match.audio_speed - 1));
    }
    if (std::abs(match.audio_pitch) >= 0.15) {
        change += fmt::format("{}{:+.1f} semitones", change.empty() ? "" : ", ", match.audio_pitch);
    }
    return change.empty() ? "none of speed or pitch" : change;
}

} // namespace

std::string describe_matches(const std::string& file, const IdentifyReport& report) {
    if (report.outcome == IdentifyOutcome::kInconclusive) {
        return fmt::format("{}: cannot tell: {}\n", file, report.reason);
    }
    if (report.matches.empty()) {
        return fmt::format("{}: no recording of this index\n", file);
    }
    std::string text = fmt::format(
        "{}: {}\n", file, report.matches.size() == 1 ? "1 match" : fmt::format("{} matches", report.matches.size()));
    for (const Match& match : report.matches) {
        text +=
            fmt::format("  track   {}{}{}\n", match.track.id, match.track.title.empty() ? "" : ": ", match.track.title);
        if (!match.track.isrc.empty()) {
            text += fmt::format("  isrc    {}\n", match.track.isrc);
        }
        text += fmt::format("  where   {} to {} of the query = {} to {} of the recording\n",
                            minutes_seconds(match.query_start_s), minutes_seconds(match.query_end_s),
                            minutes_seconds(match.asset_start_s), minutes_seconds(match.asset_end_s));
        text += fmt::format("  change  {}\n", describe_change(match));
        text +=
            fmt::format("  chance  {} that unrelated audio scores as well in this index\n", odds(match.log10_p_value));
    }
    return text;
}

ExitCode outcome_code(const Result<IdentifyReport>& result) {
    if (!result) {
        return exit_code_of(result.error());
    }
    switch (result->outcome) {
    case IdentifyOutcome::kFound:
        return kDone;
    case IdentifyOutcome::kNotFound:
        return kNotFound;
    case IdentifyOutcome::kInconclusive:
        break;
    }
    return kRefused;
}

ExitCode worse_of(ExitCode a, ExitCode b) {
    constexpr std::array kOrder = {kFailed, kDone, kRefused, kNotFound};
    return *std::find_if(kOrder.begin(), kOrder.end(), [&](ExitCode code) { return code == a || code == b; });
}

} // namespace wm::cli
