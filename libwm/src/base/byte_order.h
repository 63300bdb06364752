#pragma once

/// Integers at unaligned addresses, in a stated byte order.

#include <bit>
#include <cstdint>
#include <cstring>

namespace wm {

static_assert(std::endian::native == std::endian::little,
              "libwm reads and writes sample data on little-endian machines");

template <class Integer>
Integer load_little(const void* bytes) {
    Integer value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

template <class Integer>
void store_little(void* bytes, Integer value) {
    std::memcpy(bytes, &value, sizeof value);
}

inline std::uint16_t swap_bytes(std::uint16_t value) {
    return __builtin_bswap16(value);
}
inline std::uint32_t swap_bytes(std::uint32_t value) {
    return __builtin_bswap32(value);
}
inline std::uint64_t swap_bytes(std::uint64_t value) {
    return __builtin_bswap64(value);
}

template <class Integer>
Integer load_big(const void* bytes) {
    return swap_bytes(load_little<Integer>(bytes));
}

template <class Integer>
void store_big(void* bytes, Integer value) {
    store_little(bytes, swap_bytes(value));
}

} // namespace wm
