#include "audio/flac_layout.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "audio/container_layout.h"
#include "base/byte_order.h"

namespace wm {
namespace {

constexpr std::string_view kMagic = "fLaC";
constexpr std::uint8_t kLastBlockFlag = 0x80;
constexpr std::size_t kId3HeaderBytes = 10;

tl::unexpected<Error> cut_short(const ByteSource& source, std::uint64_t offset) {
    return fail(ErrorCode::kFormat,
                fmt::format("{} ends inside its FLAC metadata, at byte {}: the file was cut short; fetch it again",
                            source.name(), offset));
}

/// Empty for what only describes or pads the stream.
std::string block_name(FlacBlockType type) {
    switch (type) {
    case FlacBlockType::kStreamInfo:
    case FlacBlockType::kPadding:
    case FlacBlockType::kSeekTable:
        return "";
    case FlacBlockType::kApplication:
        return "an APPLICATION block";
    case FlacBlockType::kVorbisComment:
        return "tags (VORBIS_COMMENT)";
    case FlacBlockType::kCueSheet:
        return "the CUESHEET";
    case FlacBlockType::kPicture:
        return "a PICTURE";
    }
    return "a metadata block of unknown type";
}

} // namespace

Result<std::uint64_t> id3v2_size(const ByteSource& source) {
    std::array<std::uint8_t, kId3HeaderBytes> header{};
    auto count = source.read_at(0, header.data(), header.size());
    if (!count) {
        return tl::unexpected(count.error());
    }
    if (*count != header.size() || header[0] != 'I' || header[1] != 'D' || header[2] != '3') {
        return std::uint64_t{0};
    }
    std::uint64_t size = 0;
    for (std::size_t i = 6; i < kId3HeaderBytes; ++i) {
        size = (size << 7) | (header[i] & 0x7F);
    }
    const bool has_footer = (header[5] & 0x10) != 0;
    return size + kId3HeaderBytes * (has_footer ? 2 : 1);
}

Result<bool> is_flac(const ByteSource& source) {
    auto tag_size = id3v2_size(source);
    if (!tag_size) {
        return tl::unexpected(tag_size.error());
    }
    std::array<char, kMagic.size()> bytes{};
    auto count = source.read_at(*tag_size, bytes.data(), bytes.size());
    if (!count) {
        return tl::unexpected(count.error());
    }
    return std::string_view(bytes.data(), *count) == kMagic;
}

Result<FlacLayout> scan_flac(const ByteSource& source) {
    auto begins_well = is_flac(source);
    if (!begins_well) {
        return tl::unexpected(begins_well.error());
    }
    if (!*begins_well) {
        return fail(ErrorCode::kFormat, fmt::format("{} is no FLAC file", source.name()));
    }
    FlacLayout layout;
    layout.stream_offset = id3v2_size(source).value_or(0);
    std::uint64_t offset = layout.stream_offset + kMagic.size();
    std::array<std::uint8_t, kFlacBlockHeaderBytes> bytes{};
    for (bool is_last = false; !is_last;) {
        auto count = source.read_at(offset, bytes.data(), bytes.size());
        if (!count) {
            return tl::unexpected(count.error());
        }
        if (*count != bytes.size() || layout.blocks.size() == kMaxChunks) {
            return cut_short(source, offset + *count);
        }
        is_last = (bytes[0] & kLastBlockFlag) != 0;
        const std::uint32_t size = load_big<std::uint32_t>(bytes.data()) & 0xFFFFFF;
        offset += bytes.size();
        if (size > source.size() - offset) {
            return cut_short(source, source.size());
        }
        layout.blocks.push_back({static_cast<FlacBlockType>(bytes[0] & 0x7F), offset, size});
        offset += size;
    }
    layout.audio_offset = offset;
    if (layout.blocks.front().type != FlacBlockType::kStreamInfo ||
        layout.blocks.front().payload_size != kFlacStreamInfoBytes) {
        return fail(ErrorCode::kFormat,
                    fmt::format("{} does not begin with a STREAMINFO block, as FLAC must", source.name()));
    }
    return layout;
}

Result<std::vector<std::string>> warnings_of_flac_blocks(const ByteSource& source) {
    auto layout = scan_flac(source);
    if (!layout) {
        return tl::unexpected(layout.error());
    }
    std::vector<std::string> warnings;
    for (const FlacBlock& block : layout->blocks) {
        const auto name = block_name(block.type);
        if (!name.empty()) {
            warnings.push_back(fmt::format("not carried over: {} ({} bytes)", name, block.payload_size));
        }
    }
    return warnings;
}

std::string make_flac_block_header(FlacBlockType type, std::size_t payload_size, bool is_last) {
    std::string header(kFlacBlockHeaderBytes, '\0');
    store_big(header.data(), static_cast<std::uint32_t>(payload_size));
    header[0] = static_cast<char>(static_cast<unsigned>(type) | (is_last ? kLastBlockFlag : 0U));
    return header;
}

} // namespace wm
