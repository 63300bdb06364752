#pragma once

/// Bytes as hexadecimal digits, two a byte, first byte first.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace wm {

/// Writes 2 * bytes.size() lower-case digits to `digits`; no terminator.
void write_hex(std::span<const std::uint8_t> bytes, char* digits);

std::string to_hex(std::span<const std::uint8_t> bytes);

/// Fills `bytes` from exactly 2 * bytes.size() digits of either case. False, with `bytes` unspecified, for anything else.
[[nodiscard]] bool from_hex(std::string_view digits, std::span<std::uint8_t> bytes);

} // namespace wm
