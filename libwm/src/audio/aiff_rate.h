#pragma once

/// The 80-bit extended floats in which AIFF states sample rates (IEEE 754-1985 double extended, big-endian).

#include <cstdint>

namespace wm {

/// Reads ten bytes. Infinity and NaN give a number above any sample rate.
double load_extended(const std::uint8_t* bytes);

/// Writes a positive integer as ten bytes.
void store_extended(std::uint8_t* bytes, std::uint32_t value);

} // namespace wm
