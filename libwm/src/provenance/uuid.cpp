#include <array>
#include <chrono>

#include <sodium.h>

#include "base/hex.h"
#include "watermark/secret_memory.h"
#include "wm/claim.h"

namespace wm {

std::string new_uuid() {
    std::array<std::uint8_t, 16> bytes{};
    init_sodium();
    randombytes_buf(bytes.data(), bytes.size());
    const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
    const auto time_ms =
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count());
    for (std::size_t k = 0; k < 6; ++k) {
        bytes[k] = static_cast<std::uint8_t>(time_ms >> (8 * (5 - k)));
    }
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x70); // version 7
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80); // variant 10
    const std::string digits = to_hex(bytes);
    return digits.substr(0, 8) + "-" + digits.substr(8, 4) + "-" + digits.substr(12, 4) + "-" + digits.substr(16, 4) +
           "-" + digits.substr(20);
}

} // namespace wm
