#include "audio/layout_scanner.h"

#include <fmt/format.h>

#include "audio/wave_format.h"

namespace wm {

Result<void> LayoutScanner::read_exactly(std::uint64_t offset, void* out, std::size_t size,
                                         std::string_view what) const {
    auto count = source_.read_at(offset, out, size);
    if (!count) {
        return tl::unexpected(count.error());
    }
    if (*count != size) {
        return fail(ErrorCode::kFormat,
                    fmt::format("{} ends inside {}, at byte {}: the file was cut short; fetch it again", source_.name(),
                                what, offset + *count));
    }
    return {};
}

Result<void> LayoutScanner::fit(Chunk& chunk, bool is_after_data) const {
    const std::uint64_t rest = rest_after(chunk.payload_offset);
    if (chunk.payload_size <= rest) {
        return {};
    }
    if (!is_after_data) {
        return fail(
            ErrorCode::kFormat,
            fmt::format(
                "{}: chunk '{}' at byte {} claims {} bytes, but only {} follow: the file was cut short or its sizes "
                "are wrong; fetch it again",
                source_.name(), printable_id(reinterpret_cast<const std::uint8_t*>(chunk.id.data())),
                chunk.header_offset, chunk.payload_size, rest));
    }
    chunk.payload_size = rest;
    return {};
}

Result<void> LayoutScanner::check_found(std::string_view format_id, bool has_format, std::string_view data_id,
                                        bool has_data) const {
    if (has_format && has_data) {
        return {};
    }
    return fail(ErrorCode::kFormat, fmt::format("{} has no '{}' chunk: the file was cut short, or is no recording",
                                                source_.name(), has_format ? data_id : format_id));
}

void LayoutScanner::set_data(std::uint64_t offset, std::uint64_t size) {
    layout_.data_offset = offset;
    layout_.data_size = layout_.is_linear ? size - size % layout_.format.bytes_per_moment() : size;
}

} // namespace wm
