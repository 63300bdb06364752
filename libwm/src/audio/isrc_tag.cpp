#include "audio/isrc_tag.h"

#include <algorithm>
#include <string_view>

#include "audio/flac_layout.h"

namespace wm {
namespace {

constexpr std::uint64_t kMaxTagBytes = std::uint64_t{1} << 20;
constexpr std::size_t kIsrcLength = 12;

bool is_letter(char c) {
    return c >= 'A' && c <= 'Z';
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// The tag's bytes, its letters in upper case: names of comments may be written in either.
Result<std::string> read_tag(const ByteSource& source, std::uint64_t offset, std::uint64_t size) {
    std::string tag(static_cast<std::size_t>(std::min({size, kMaxTagBytes, source.size()})), '\0');
    return source.read_at(offset, tag.data(), tag.size()).map([&](std::size_t count) {
        tag.resize(count);
        std::transform(tag.begin(), tag.end(), tag.begin(),
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
        return std::move(tag);
    });
}

/// The code that stands `gap` bytes after `name`, which may be written with dashes, and in UTF-16.
std::string code_after(std::string_view tag, std::string_view name, std::size_t gap) {
    const std::size_t found = tag.find(name);
    std::string code;
    for (std::size_t k = found + name.size() + gap; found != std::string_view::npos && k < tag.size(); ++k) {
        const bool is_skipped =
            tag[k] == '-' || tag[k] == '\0' || (code.empty() && (tag[k] == '\xff' || tag[k] == '\xfe'));
        if (is_letter(tag[k]) || is_digit(tag[k])) {
            code += tag[k];
        } else if (!is_skipped) {
            break;
        }
        if (code.size() == kIsrcLength) {
            return code;
        }
    }
    return "";
}

/// A frame's name is followed by four bytes of size, two of flags, and one that names the text's encoding (ID3v2.3, section 3.3).
std::string code_in_id3(std::string_view tag) {
    return code_after(tag, "TSRC", 7);
}

Result<std::string> code_in_flac(const ByteSource& source) {
    const Result<FlacLayout> flac = scan_flac(source);
    if (!flac) {
        return std::string();
    }
    const auto is_comment = [](const FlacBlock& block) { return block.type == FlacBlockType::kVorbisComment; };
    const auto comment = std::find_if(flac->blocks.begin(), flac->blocks.end(), is_comment);
    if (comment == flac->blocks.end()) {
        return std::string();
    }
    return read_tag(source, comment->payload_offset, comment->payload_size).map([](const std::string& tag) {
        return code_after(tag, "ISRC=", 0);
    });
}

Result<std::string> code_in_chunks(const ByteSource& source, const ContainerLayout& layout) {
    for (const Chunk& chunk : layout.chunks) {
        const bool is_id3 = chunk.id == "id3 " || chunk.id == "ID3 ";
        if (!is_id3 && chunk.id != "axml") {
            continue;
        }
        const Result<std::string> code =
            read_tag(source, chunk.payload_offset, chunk.payload_size).map([&](const std::string& tag) {
                return is_id3 ? code_in_id3(tag) : code_after(tag, "ISRC:", 0);
            });
        if (!code || !code->empty()) {
            return code;
        }
    }
    return std::string();
}

} // namespace

Result<std::string> read_isrc_tag(const ByteSource& source, const ContainerLayout& layout) {
    const auto unless_found = [](const auto& look) {
        return [look](std::string code) -> Result<std::string> { return code.empty() ? look() : std::move(code); };
    };
    return id3v2_size(source)
        .and_then([&](std::uint64_t size) { return read_tag(source, 0, size); })
        .map(code_in_id3)
        .and_then(unless_found([&] { return code_in_flac(source); }))
        .and_then(unless_found([&] { return code_in_chunks(source, layout); }));
}

} // namespace wm
