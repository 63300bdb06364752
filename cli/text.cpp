#include "text.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

namespace wm::cli {

std::string minutes_seconds(double seconds) {
    const auto whole_s = static_cast<std::int64_t>(std::llround(std::max(seconds, 0.0)));
    if (whole_s >= 3600) {
        return fmt::format("{}:{:02}:{:02}", whole_s / 3600, whole_s / 60 % 60, whole_s % 60);
    }
    return fmt::format("{}:{:02}", whole_s / 60, whole_s % 60);
}

std::string odds(double log10_p_value) {
    const double exponent = std::floor(-log10_p_value);
    return exponent < 1 ? "no evidence" : fmt::format("at most 1 in 10^{:.0f}", exponent);
}

std::string printable(std::string_view text) {
    std::string clean(text);
    std::replace_if(
        clean.begin(), clean.end(), [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7f; }, '?');
    return clean;
}

} // namespace wm::cli
