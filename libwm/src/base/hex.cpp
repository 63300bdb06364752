#include "base/hex.h"

namespace wm {
namespace {

char hex_digit(unsigned value) {
    return static_cast<char>(value < 10 ? '0' + value : 'a' + (value - 10));
}

/// 0 to 15, or -1.
int digit_value(char digit) {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    const char lower = static_cast<char>(digit | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

} // namespace

void write_hex(std::span<const std::uint8_t> bytes, char* digits) {
    for (const std::uint8_t byte : bytes) {
        *digits++ = hex_digit(byte >> 4U);
        *digits++ = hex_digit(byte & 15U);
    }
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
    std::string digits(2 * bytes.size(), '0');
    write_hex(bytes, digits.data());
    return digits;
}

bool from_hex(std::string_view digits, std::span<std::uint8_t> bytes) {
    if (digits.size() != 2 * bytes.size()) {
        return false;
    }
    for (std::size_t k = 0; k < bytes.size(); ++k) {
        const int high = digit_value(digits[2 * k]);
        const int low = digit_value(digits[2 * k + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        bytes[k] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return true;
}

} // namespace wm
