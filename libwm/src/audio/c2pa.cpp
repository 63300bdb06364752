#include "audio/c2pa.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "audio/flac_layout.h"
#include "base/byte_order.h"

namespace wm {
namespace {

constexpr std::uint64_t kMaxSearchedBytes = std::uint64_t{1} << 20;
constexpr int kMaxBoxes = 1024;
constexpr std::array<std::string_view, 2> kManifestTypes{"application/c2pa", "application/x-c2pa-manifest-store"};
constexpr std::array<std::uint8_t, 16> kBoxUuid{0xD8, 0xFE, 0xC3, 0xD6, 0x1B, 0x0E, 0x48, 0x3C,
                                                0x92, 0x97, 0x58, 0x28, 0x87, 0x7E, 0xC4, 0x81};

Result<bool> is_in_id3_tag(const ByteSource& source) {
    auto size = id3v2_size(source);
    if (!size) {
        return tl::unexpected(size.error());
    }
    std::string tag(static_cast<std::size_t>(std::min({*size, kMaxSearchedBytes, source.size()})), '\0');
    if (auto count = source.read_at(0, tag.data(), tag.size()); !count) {
        return tl::unexpected(count.error());
    }
    return std::any_of(kManifestTypes.begin(), kManifestTypes.end(),
                       [&](std::string_view type) { return tag.find(type) != std::string::npos; });
}

/// Walks the boxes at the top of an ISO base media file (ISO/IEC 14496-12, section 4.2).
Result<bool> is_in_top_box(const ByteSource& source) {
    std::array<std::uint8_t, 32> bytes{};
    std::uint64_t offset = 0;
    for (int i = 0; i < kMaxBoxes; ++i) {
        auto count = source.read_at(offset, bytes.data(), bytes.size());
        if (!count) {
            return tl::unexpected(count.error());
        }
        if (*count < bytes.size()) {
            return false;
        }
        const std::string_view type(reinterpret_cast<const char*>(bytes.data()) + 4, 4);
        if (i == 0 && type != "ftyp") {
            return false;
        }
        const auto short_size = load_big<std::uint32_t>(bytes.data());
        const bool is_long = short_size == 1;
        const std::uint64_t size = is_long ? load_big<std::uint64_t>(bytes.data() + 8) : short_size;
        const std::uint8_t* extended_type = bytes.data() + (is_long ? 16 : 8);
        if (type == "uuid" && std::equal(kBoxUuid.begin(), kBoxUuid.end(), extended_type)) {
            return true;
        }
        if (size < 8 || size > source.size() - offset) {
            return false;
        }
        offset += size;
    }
    return false;
}

} // namespace

Result<bool> has_c2pa_manifest(const ByteSource& source, const ContainerLayout& layout) {
    const auto is_manifest = [](const Chunk& chunk) { return chunk.id == "C2PA"; };
    if (std::any_of(layout.chunks.begin(), layout.chunks.end(), is_manifest)) {
        return true;
    }
    auto in_tag = is_in_id3_tag(source);
    return in_tag && !*in_tag ? is_in_top_box(source) : in_tag;
}

} // namespace wm
