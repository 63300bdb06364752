#pragma once

/// The Broadcast Wave extension chunk (EBU Tech 3285): 602 bytes of fixed fields, then the coding history as text.

#include <string>

namespace wm {

inline constexpr std::size_t kBextFixedBytes = 602;

/// A 'bext' payload (602 bytes or more) with a line added to its coding history.
std::string append_coding_history(std::string payload, const std::string& line);

} // namespace wm
