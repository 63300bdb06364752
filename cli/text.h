#pragma once

/// Small pieces of text: times, probabilities, names that may hold anything.

#include <string>
#include <string_view>

namespace wm::cli {

/// "3:07", or "1:02:05" from an hour on; rounded to seconds.
std::string minutes_seconds(double seconds);

/// "at most 1 in 10^22" for -22.4.
std::string odds(double log10_p_value);

/// `text` with control characters replaced by `?`: a file's name must not drive the terminal.
std::string printable(std::string_view text);

} // namespace wm::cli
