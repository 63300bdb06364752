#include <cstddef>
#include <cstdint>
#include <string_view>

#include "wm/key.h"

namespace wm {
namespace {

constexpr std::size_t kMaxNameSize = 100;

/// Takes one character off the front of a UTF-8 text. Returns -1 for a malformed, overlong or surrogate sequence.
/// source   RFC 3629, section 3
std::int32_t take_character(std::string_view& text) {
    const auto lead = static_cast<std::uint8_t>(text[0]);
    const std::size_t size = lead < 0x80   ? 1
                             : lead < 0xc2 ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                             : lead < 0xf5 ? 4
                                           : 0;
    if (size == 0 || size > text.size()) {
        return -1;
    }
    std::int32_t code = size == 1 ? lead : lead & (0xff >> (size + 1));
    for (std::size_t k = 1; k < size; ++k) {
        const auto byte = static_cast<std::uint8_t>(text[k]);
        if ((byte & 0xc0) != 0x80) {
            return -1;
        }
        code = code << 6 | (byte & 0x3f);
    }
    text.remove_prefix(size);
    const bool is_overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
    const bool is_surrogate = code >= 0xd800 && code < 0xe000;
    return is_overlong || is_surrogate || code > 0x10ffff ? -1 : code;
}

/// Characters that break a line or make a terminal show something other than what stands there.
bool is_control(std::int32_t code) {
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029 ||
           (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

} // namespace

Result<void> check_key_name(std::string_view name) {
    if (name.empty() || name.size() > kMaxNameSize) {
        return fail(ErrorCode::kUsage, "a key's name has 1 to 100 bytes");
    }
    while (!name.empty()) {
        const std::int32_t code = take_character(name);
        if (code < 0) {
            return fail(ErrorCode::kUsage, "a key's name must be valid UTF-8");
        }
        if (is_control(code)) {
            return fail(ErrorCode::kUsage, "a key's name must not contain line breaks or other control characters");
        }
    }
    return {};
}

} // namespace wm
