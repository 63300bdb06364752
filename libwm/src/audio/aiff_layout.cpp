/// AIFF 1.3 (Apple, 1989) and AIFF-C (Apple, 1991): big-endian chunks, padded to even sizes.

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "audio/aiff_rate.h"
#include "audio/layout_scanner.h"
#include "base/byte_order.h"

namespace wm {
namespace {

constexpr std::size_t kCommBytes = 18;
constexpr std::size_t kCommAifcBytes = 22;
constexpr std::size_t kSsndHeaderBytes = 8;

std::string id_at(const std::uint8_t* bytes) {
    return {reinterpret_cast<const char*>(bytes), 4};
}

/// Integers of `bits` take whole bytes, left-justified.
Result<void> set_integers(const std::string& name, int bits, bool is_big_endian, PcmFormat& format) {
    if (bits < 1 || bits > 32) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("{}: its 'COMM' chunk describes {}-bit samples; wm takes 8 to 32 bits", name, bits));
    }
    format.valid_bits = bits;
    format.bytes_per_sample = (bits + 7) / 8;
    format.encoding = integer_encoding(bits, false);
    format.is_big_endian = is_big_endian;
    return {};
}

void set_floats(int bytes, PcmFormat& format) {
    format.bytes_per_sample = bytes;
    format.valid_bits = bytes * 8;
    format.encoding = bytes == 4 ? Encoding::kFloat32 : Encoding::kFloat64;
    format.is_big_endian = true;
}

class AiffScanner : LayoutScanner {
public:
    using LayoutScanner::LayoutScanner;

    Result<ContainerLayout> scan() {
        std::array<std::uint8_t, 12> header{};
        if (auto read = read_exactly(0, header.data(), header.size(), "the AIFF header"); !read) {
            return tl::unexpected(read.error());
        }
        layout_.container = id_at(header.data() + 8) == "AIFC" ? Container::kAifc : Container::kAiff;
        if (auto walked = walk(header.size()); !walked) {
            return tl::unexpected(walked.error());
        }
        if (auto found = check_found("COMM", has_format_, "SSND", has_data_); !found) {
            return tl::unexpected(found.error());
        }
        finish_data();
        return std::move(layout_);
    }

private:
    Result<void> walk(std::uint64_t offset) {
        std::array<std::uint8_t, 8> header{};
        while (layout_.chunks.size() < kMaxChunks && rest_after(offset) >= header.size()) {
            if (auto read = read_exactly(offset, header.data(), header.size(), "a chunk header"); !read) {
                return read;
            }
            Chunk chunk{id_at(header.data()), offset, offset + header.size(),
                        load_big<std::uint32_t>(header.data() + 4)};
            const bool is_data = chunk.id == "SSND" && !has_data_;
            if (auto taken = is_data ? take_data(chunk) : take(chunk); !taken) {
                return taken;
            }
            layout_.chunks.push_back(chunk);
            offset = chunk.payload_offset + chunk.payload_size + (chunk.payload_size & 1);
        }
        return {};
    }

    Result<void> take(Chunk& chunk) {
        if (auto fits = fit(chunk, has_data_); !fits) {
            return fits;
        }
        if (chunk.id != "COMM" || has_format_) {
            return {};
        }
        std::array<std::uint8_t, kCommAifcBytes> bytes{};
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(chunk.payload_size, bytes.size()));
        const std::size_t needed = layout_.container == Container::kAifc ? kCommAifcBytes : kCommBytes;
        if (size < needed) {
            return fail(ErrorCode::kFormat,
                        fmt::format("{}: its 'COMM' chunk has {} bytes instead of {}", source_.name(), size, needed));
        }
        if (auto read = read_exactly(chunk.payload_offset, bytes.data(), size, "the 'COMM' chunk"); !read) {
            return read;
        }
        has_format_ = true;
        return take_format(bytes);
    }

    Result<void> take_format(const std::array<std::uint8_t, kCommAifcBytes>& bytes) {
        const int num_channels = load_big<std::uint16_t>(bytes.data());
        const double rate_hz = load_extended(bytes.data() + 8);
        if (auto checked = check_rate_and_channels(source_.name(), rate_hz, num_channels); !checked) {
            return checked;
        }
        stated_moments_ = load_big<std::uint32_t>(bytes.data() + 2);
        PcmFormat& format = layout_.format;
        format.sample_rate_hz = static_cast<int>(std::lround(rate_hz));
        format.num_channels = num_channels;
        const int bits = load_big<std::uint16_t>(bytes.data() + 6);
        const std::string codec = layout_.container == Container::kAifc ? id_at(bytes.data() + 18) : "NONE";
        layout_.is_linear = true;
        if (codec == "NONE" || codec == "twos" || codec == "sowt") {
            return set_integers(source_.name(), bits, codec != "sowt", format);
        }
        if (codec == "fl32" || codec == "FL32") {
            set_floats(4, format);
        } else if (codec == "fl64" || codec == "FL64") {
            set_floats(8, format);
        } else {
            layout_.is_linear = false;
        }
        return {};
    }

    /// The samples begin `offset` bytes after the chunk's own eight.
    Result<void> take_data(Chunk& chunk) {
        std::array<std::uint8_t, kSsndHeaderBytes> bytes{};
        if (auto read = read_exactly(chunk.payload_offset, bytes.data(), bytes.size(), "the 'SSND' chunk"); !read) {
            return read;
        }
        has_data_ = true;
        layout_.data_chunk = layout_.chunks.size();
        const std::uint64_t rest = rest_after(chunk.payload_offset);
        layout_.sizes_are_open = chunk.payload_size > rest || chunk.payload_size < bytes.size();
        if (layout_.sizes_are_open) {
            chunk.payload_size = rest;
        }
        const std::uint64_t skipped =
            std::min<std::uint64_t>(load_big<std::uint32_t>(bytes.data()), chunk.payload_size - bytes.size());
        layout_.data_offset = chunk.payload_offset + bytes.size() + skipped;
        layout_.data_size = chunk.payload_size - bytes.size() - skipped;
        return {};
    }

    /// 'COMM' and 'SSND' may come in either order. Where both state a length, the shorter one holds.
    void finish_data() {
        std::uint64_t size = layout_.data_size;
        if (layout_.is_linear) {
            const std::uint64_t stated = stated_moments_ * layout_.format.bytes_per_moment();
            const bool is_unknown = stated == 0 && size != 0;
            if (is_unknown || stated > size) {
                layout_.sizes_are_open = true;
            } else {
                size = stated;
            }
        }
        set_data(layout_.data_offset, size);
    }

    std::uint64_t stated_moments_ = 0;
    bool has_format_ = false;
    bool has_data_ = false;
};

} // namespace

Result<ContainerLayout> scan_aiff(const ByteSource& source) {
    return AiffScanner(source).scan();
}

} // namespace wm
