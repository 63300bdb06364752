#include "base/html_page.h"

#include <fmt/format.h>

namespace wm {
namespace {

constexpr std::string_view kStyle = R"(
body { font: 15px/1.45 system-ui, sans-serif; color: #1d2530; background: #fff; margin: 0 auto; max-width: 1180px; padding: 1rem; }
h1 { font-size: 1.6rem; margin: 0.5rem 0; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2rem 0 0.5rem; }
p { color: #5a6573; margin: 0.25rem 0 0.5rem; max-width: 46rem; overflow-wrap: anywhere; }
div { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.87rem; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid #dde2e8; padding: 0.25rem 0.6rem; text-align: left; vertical-align: top; overflow-wrap: break-word; }
td { min-width: 3rem; max-width: 26rem; }
td:nth-child(n + 3):last-child:not(.number) { min-width: 11rem; }
thead th { border-bottom: 2px solid #9aa5b1; white-space: nowrap; }
.number { text-align: right; white-space: nowrap; }
)";

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        result += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
    }
    return result;
}

} // namespace

HtmlPage::HtmlPage(std::string_view title)
    : text_(fmt::format("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                        "<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<h1>{0}</h1>\n",
                        escaped(title), kStyle)) {}

void HtmlPage::add_heading(std::string_view text) {
    text_ += fmt::format("<h2>{}</h2>\n", escaped(text));
}

void HtmlPage::add_note(std::string_view text) {
    text_ += fmt::format("<p>{}</p>\n", escaped(text));
}

void HtmlPage::add_table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows) {
    const auto class_of = [](const Column& column) { return column.is_number ? " class=\"number\"" : ""; };
    text_ += "<div><table>\n<thead><tr>";
    for (const Column& column : columns) {
        text_ += fmt::format("<th{}>{}</th>", class_of(column), escaped(column.name));
    }
    text_ += "</tr></thead>\n<tbody>\n";
    for (const std::vector<std::string>& row : rows) {
        text_ += "<tr>";
        for (std::size_t k = 0; k < columns.size(); ++k) {
            text_ += fmt::format("<td{}>{}</td>", class_of(columns[k]), escaped(row[k]));
        }
        text_ += "</tr>\n";
    }
    text_ += "</tbody>\n</table></div>\n";
}

std::string HtmlPage::text() const {
    return text_ + "</body>\n</html>\n";
}

} // namespace wm
