#include "match_drawing.h"

#include <algorithm>
#include <cmath>
#include <fstream>

#include <fmt/format.h>

#include "text.h"

namespace wm::cli {
namespace {

constexpr double kWidth = 760;
constexpr double kHeight = 420;
constexpr double kLeft = 70;
constexpr double kTop = 20;
constexpr double kPlotWidth = 660;
constexpr double kPlotHeight = 340;

std::string escaped(const std::string& text) {
    std::string safe;
    for (const char c : printable(text)) {
        switch (c) {
        case '&':
            safe += "&amp;";
            break;
        case '<':
            safe += "&lt;";
            break;
        case '>':
            safe += "&gt;";
            break;
        case '"':
            safe += "&quot;";
            break;
        default:
            safe += c;
        }
    }
    return safe;
}

/// A range of seconds on an axis `length` long.
struct Axis {
    double first_s = 0;
    double last_s = 1;
    double length = 1;

    double place(double time_s) const { return (time_s - first_s) / (last_s - first_s) * length; }

    /// 1, 2 or 5 times a power of ten, for about six marks.
    double step_s() const {
        const double wanted = (last_s - first_s) / 6;
        const double power = std::pow(10, std::floor(std::log10(wanted)));
        return power * (wanted < 2 * power ? 1 : wanted < 5 * power ? 2 : 5);
    }
};

/// Grid lines and their times, the query's along the bottom and the recording's up the side.
std::string grid(const Axis& query, const Axis& asset) {
    std::string svg;
    for (double time_s = std::ceil(query.first_s / query.step_s()) * query.step_s(); time_s <= query.last_s + 1e-9;
         time_s += query.step_s()) {
        const double x = kLeft + query.place(time_s);
        svg += fmt::format("<line x1='{0:.1f}' x2='{0:.1f}' y1='{1}' y2='{2}' stroke='#ddd'/>"
                           "<text x='{0:.1f}' y='{3}' text-anchor='middle'>{4:g}</text>\n",
                           x, kTop, kTop + kPlotHeight, kTop + kPlotHeight + 18, time_s);
    }
    for (double time_s = std::ceil(asset.first_s / asset.step_s()) * asset.step_s(); time_s <= asset.last_s + 1e-9;
         time_s += asset.step_s()) {
        const double y = kTop + kPlotHeight - asset.place(time_s);
        svg += fmt::format("<line x1='{1}' x2='{2}' y1='{0:.1f}' y2='{0:.1f}' stroke='#ddd'/>"
                           "<text x='{3}' y='{4:.1f}' text-anchor='end'>{5:g}</text>\n",
                           y, kLeft, kLeft + kPlotWidth, kLeft - 6, y + 4, time_s);
    }
    return svg;
}

std::string drawing(const Match& match, double duration_s) {
    const double margin_s = std::max(1.0, 0.05 * (match.asset_end_s - match.asset_start_s));
    const Axis query{0, std::max(duration_s, 0.1), kPlotWidth};
    const Axis asset{match.asset_start_s - margin_s, match.asset_end_s + margin_s, kPlotHeight};
    std::string svg =
        fmt::format("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {0} {1}' width='{0}' height='{1}' "
                    "font-family='sans-serif' font-size='12'>\n<rect width='{0}' height='{1}' fill='white'/>\n",
                    kWidth, kHeight);
    svg += grid(query, asset);
    svg += fmt::format("<line x1='{:.1f}' y1='{:.1f}' x2='{:.1f}' y2='{:.1f}' stroke='#e8a33d' stroke-width='7' "
                       "stroke-opacity='0.5'/>\n",
                       kLeft + query.place(match.query_start_s), kTop + kPlotHeight - asset.place(match.asset_start_s),
                       kLeft + query.place(match.query_end_s), kTop + kPlotHeight - asset.place(match.asset_end_s));
    for (const auto& [query_s, asset_s] : match.hits) {
        svg += fmt::format("<circle cx='{:.1f}' cy='{:.1f}' r='2' fill='#1f5f8b'/>\n",
                           kLeft + query.place(static_cast<double>(query_s)),
                           kTop + kPlotHeight - asset.place(static_cast<double>(asset_s)));
    }
    svg += fmt::format("<rect x='{}' y='{}' width='{}' height='{}' fill='none' stroke='#444'/>\n"
                       "<text x='{}' y='{}' text-anchor='middle'>query, s</text>\n"
                       "<text x='16' y='{}' text-anchor='middle' transform='rotate(-90 16 {})'>{}, s</text>\n</svg>\n",
                       kLeft, kTop, kPlotWidth, kPlotHeight, kLeft + kPlotWidth / 2, kHeight - 20,
                       kTop + kPlotHeight / 2, kTop + kPlotHeight / 2, escaped(match.track.id));
    return svg;
}

std::string page(const std::string& file, const IdentifyReport& report) {
    std::string html =
        fmt::format("<!doctype html><meta charset='utf-8'><title>{0}</title>\n"
                    "<body style='font-family:sans-serif;max-width:50em;margin:2em auto'>\n<h1>{0}</h1>\n",
                    escaped(file));
    if (report.matches.empty()) {
        html += fmt::format("<p>No recording of this index was recognised. {}</p>\n", escaped(report.reason));
    }
    for (const Match& match : report.matches) {
        html += fmt::format(
            "<h2>{}</h2>\n<p>Heard from {:.1f} to {:.1f} s of the query: {:.1f} to {:.1f} s of the recording, at "
            "{:.2f} % of its "
            "speed, {:+.2f} semitones. Chance that unrelated audio scores as well in this index: {}.</p>\n"
            "<p>Each dot is a spectral peak of the recording ({} in all) that the query has too. The band is where "
            "they "
            "must lie for this match.</p>\n{}",
            escaped(match.track.title.empty() ? match.track.id : match.track.title + " (" + match.track.id + ")"),
            match.query_start_s, match.query_end_s, match.asset_start_s, match.asset_end_s, 100 * match.audio_speed,
            match.audio_pitch, odds(match.log10_p_value), match.hits.size(), drawing(match, report.duration_s));
    }
    return html;
}

} // namespace

Result<void> write_explanation(const std::string& path, const std::string& file, const IdentifyReport& report) {
    std::string text;
    if (path.ends_with(".html")) {
        text = page(file, report);
    } else if (!path.ends_with(".svg")) {
        return fail(ErrorCode::kUsage, fmt::format("{}: an explanation is written as .html or .svg", path));
    } else if (report.matches.empty()) {
        return {};
    } else {
        text = drawing(report.matches.front(), report.duration_s);
    }
    std::ofstream out(path, std::ios::binary);
    out << text;
    out.close();
    return out ? Result<void>() : fail(ErrorCode::kIo, fmt::format("cannot write {}", path));
}

} // namespace wm::cli
