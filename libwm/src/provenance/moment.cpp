#include "wm/moment.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <limits>

#include <fmt/format.h>

namespace wm {
namespace {

constexpr std::int64_t kDay_s = 86'400;

/// `text` with its digits replaced by 0.
std::string shape_of(std::string_view text) {
    std::string shape(text);
    std::replace_if(
        shape.begin(), shape.end(), [](char c) { return c >= '0' && c <= '9'; }, '0');
    return shape;
}

unsigned number_at(std::string_view text, std::size_t position, std::size_t size) {
    unsigned number = 0;
    for (const char digit : text.substr(position, size)) {
        number = 10 * number + static_cast<unsigned>(digit - '0');
    }
    return number;
}

std::int64_t first_second(const Period& period) {
    return period.from ? period.from->unix_s : std::numeric_limits<std::int64_t>::min();
}

/// The first second after the period.
std::int64_t end_second(const Period& period) {
    return period.to ? period.to->unix_s + (period.to->is_day ? kDay_s : 0) : std::numeric_limits<std::int64_t>::max();
}

} // namespace

Result<Moment> parse_moment(std::string_view text) {
    const std::string shape = shape_of(text);
    const bool is_day = shape == "0000-00-00";
    if (!is_day && shape != "0000-00-00T00:00:00Z") {
        return fail(ErrorCode::kFormat, fmt::format("\"{}\" is not a date: write 2026-01-31 or, in UTC, "
                                                    "2026-01-31T12:00:00Z",
                                                    text));
    }
    using namespace std::chrono;
    const year_month_day date{year(static_cast<int>(number_at(text, 0, 4))), month(number_at(text, 5, 2)),
                              day(number_at(text, 8, 2))};
    if (!date.ok() || date.year() < year(1970)) {
        return fail(ErrorCode::kFormat, fmt::format("there is no day {} (from 1970 on)", text.substr(0, 10)));
    }
    Moment moment{std::int64_t{sys_days(date).time_since_epoch().count()} * kDay_s, is_day};
    if (!is_day) {
        const unsigned hours = number_at(text, 11, 2);
        const unsigned minutes = number_at(text, 14, 2);
        const unsigned seconds = number_at(text, 17, 2);
        if (hours > 23 || minutes > 59 || seconds > 59) {
            return fail(ErrorCode::kFormat, fmt::format("there is no time of day {}", text.substr(11, 8)));
        }
        moment.unix_s += std::int64_t{hours} * 3600 + std::int64_t{minutes} * 60 + seconds;
    }
    return moment;
}

std::string format_moment(const Moment& moment) {
    using namespace std::chrono;
    const sys_seconds time{seconds(moment.unix_s)};
    const sys_days day = floor<days>(time);
    const year_month_day date(day);
    const std::string text = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                                         static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    if (moment.is_day) {
        return text;
    }
    const std::int64_t second = (time - day).count();
    return fmt::format("{}T{:02}:{:02}:{:02}Z", text, second / 3600, second / 60 % 60, second % 60);
}

Moment now() {
    return {std::time(nullptr), false};
}

bool Period::contains(std::int64_t unix_s) const {
    return unix_s >= first_second(*this) && unix_s < end_second(*this);
}

Result<void> check_period(const Period& period) {
    if (first_second(period) >= end_second(period)) {
        return fail(ErrorCode::kFormat, fmt::format("it ends on {} before it begins on {}", format_moment(*period.to),
                                                    format_moment(*period.from)));
    }
    return {};
}

bool overlap(const Period& a, const Period& b) {
    return first_second(a) < end_second(b) && first_second(b) < end_second(a);
}

} // namespace wm
