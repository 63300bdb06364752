#include "text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

#include <fmt/format.h>
#include <sys/random.h>

namespace wm::cli {

std::optional<std::uint64_t> parse_id(std::string_view text) {
    std::uint64_t id = 0;
    const char* end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, id, 16);
    if (text.size() != 16 || failure != std::errc() || stop != end) {
        return std::nullopt;
    }
    return id;
}

std::string format_id(std::uint64_t id) {
    return fmt::format("{:016x}", id);
}

std::uint64_t random_id() {
    std::uint64_t id = 0;
    if (getrandom(&id, sizeof id, 0) != static_cast<ssize_t>(sizeof id)) {
        throw std::system_error(errno, std::generic_category(), "cannot draw a random id");
    }
    return id;
}

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
