#pragma once

/// The parts of report.html, put into the library when it is built (third_party/embed.cmake).

#include <string_view>

namespace wm {

extern const std::string_view kPageTemplate;
extern const std::string_view kPageStyle;
extern const std::string_view kPageScript;
extern const std::string_view kChartScript; ///< Chart.js, from Debian's libjs-chart.js
extern const std::string_view kChartLicence;

} // namespace wm
