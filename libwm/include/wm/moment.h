#pragma once

/// Points in time as claims and questions write them: a day or a second, both in UTC.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wm/result.h"

namespace wm {

/// "2026-01-01" or "2026-01-01T00:00:00Z".
struct Moment {
    std::int64_t unix_s = 0; ///< its beginning, in seconds since 1970 without leap seconds
    bool is_day = false;     ///< stands for the whole day

    bool operator==(const Moment&) const = default;
};

/// Reads exactly those two spellings, from the year 1970 to 9999. errors: kFormat, which says what is wrong with it
Result<Moment> parse_moment(std::string_view text);

std::string format_moment(const Moment& moment);

/// This second, by the system's clock.
Moment now();

/// From one moment to another; both ends may be open.
struct Period {
    std::optional<Moment> from; ///< the first second that belongs to it
    std::optional<Moment> to;   ///< a day belongs to it as a whole; a second is the first that does not

    bool contains(std::int64_t unix_s) const;
    bool operator==(const Period&) const = default;
};

/// errors   kFormat: it ends before it begins
Result<void> check_period(const Period& period);

/// Whether any second belongs to both.
bool overlap(const Period& a, const Period& b);

} // namespace wm
