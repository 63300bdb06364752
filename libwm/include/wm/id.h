#pragma once

/// The 64-bit ids that marks carry. Written as 16 hex digits everywhere: `5f3a9c0212ab77e1`.

#include <cstdint>
#include <string>
#include <string_view>

#include "wm/result.h"

namespace wm {

/// Reads exactly 16 hex digits of either case: no sign, prefix or space.
/// errors   kUsage
Result<std::uint64_t> parse_id(std::string_view text);

/// 16 lower-case hex digits.
std::string format_id(std::uint64_t id);

/// 64 bits of the operating system's CSPRNG: says nothing about the recording, nor about other ids. Among n random ids two
/// are equal with probability below n^2 / 2^65, which is 3e-8 for a million.
/// threads  any
std::uint64_t random_id();

} // namespace wm
