#include "wm/id.h"

#include <array>

#include <fmt/format.h>
#include <sodium.h>

#include "base/hex.h"
#include "watermark/secret_memory.h"

namespace wm {

Result<std::uint64_t> parse_id(std::string_view text) {
    std::array<std::uint8_t, 8> bytes{};
    if (!from_hex(text, bytes)) {
        return fail(ErrorCode::kUsage, fmt::format("\"{}\" is not an id: an id is 16 hex digits", text));
    }
    std::uint64_t id = 0;
    for (const std::uint8_t byte : bytes) {
        id = id << 8 | byte;
    }
    return id;
}

std::string format_id(std::uint64_t id) {
    return fmt::format("{:016x}", id);
}

std::uint64_t random_id() {
    init_sodium();
    std::uint64_t id = 0;
    randombytes_buf(&id, sizeof id);
    return id;
}

} // namespace wm
