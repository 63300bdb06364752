/// Wave64 (Sony Pictures Digital, "Sony Wave64", 2006): RIFF with GUIDs and 64-bit sizes that count the chunk's header.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "audio/layout_scanner.h"
#include "audio/wave_format.h"
#include "base/byte_order.h"

namespace wm {
namespace {

constexpr std::size_t kHeaderBytes = 24;
constexpr std::size_t kFileHeaderBytes = 40;
constexpr std::uint64_t kAlignment = 8;

class W64Scanner : LayoutScanner {
public:
    using LayoutScanner::LayoutScanner;

    Result<ContainerLayout> scan() {
        std::array<std::uint8_t, kFileHeaderBytes> header{};
        if (auto read = read_exactly(0, header.data(), header.size(), "the Wave64 header"); !read) {
            return tl::unexpected(read.error());
        }
        layout_.container = Container::kW64;
        file_size_ = load_little<std::uint64_t>(header.data() + 16);
        if (std::string(reinterpret_cast<const char*>(header.data()) + 24, 4) != "wave") {
            return fail(ErrorCode::kFormat,
                        fmt::format("{} is a Wave64 file, but holds no WAVE audio", source_.name()));
        }
        if (auto walked = walk(header.size()); !walked) {
            return tl::unexpected(walked.error());
        }
        if (auto found = check_found("fmt ", has_format_, "data", has_data_); !found) {
            return tl::unexpected(found.error());
        }
        return std::move(layout_);
    }

private:
    Result<void> walk(std::uint64_t offset) {
        std::array<std::uint8_t, kHeaderBytes> header{};
        while (layout_.chunks.size() < kMaxChunks && rest_after(offset) >= header.size()) {
            if (auto read = read_exactly(offset, header.data(), header.size(), "a chunk header"); !read) {
                return read;
            }
            const auto stated = load_little<std::uint64_t>(header.data() + 16);
            Chunk chunk{std::string(reinterpret_cast<const char*>(header.data()), 4), offset, offset + header.size(),
                        stated < kHeaderBytes ? 0 : stated - kHeaderBytes};
            const bool is_data = chunk.id == "data" && !has_data_;
            if (is_data && !has_format_) {
                return {};
            }
            if (is_data) {
                place_data(chunk);
            } else if (auto taken = take(chunk, stated); !taken) {
                return taken;
            }
            layout_.chunks.push_back(chunk);
            const std::uint64_t end = chunk.payload_offset + chunk.payload_size;
            offset = end + (kAlignment - end % kAlignment) % kAlignment;
        }
        return {};
    }

    Result<void> take(Chunk& chunk, std::uint64_t stated) {
        if (stated < kHeaderBytes && !has_data_) {
            return fail(ErrorCode::kFormat,
                        fmt::format("{}: the chunk at byte {} claims {} bytes, fewer than its own header",
                                    source_.name(), chunk.header_offset, stated));
        }
        if (auto fits = fit(chunk, has_data_); !fits) {
            return fits;
        }
        if (chunk.id != "fmt " || has_format_) {
            return {};
        }
        std::array<std::uint8_t, kWaveFormatBytes> bytes{};
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(chunk.payload_size, bytes.size()));
        if (auto read = read_exactly(chunk.payload_offset, bytes.data(), size, "the 'fmt ' chunk"); !read) {
            return read;
        }
        has_format_ = true;
        return read_wave_format(source_.name(), std::span(bytes).first(size), layout_);
    }

    void place_data(Chunk& chunk) {
        has_data_ = true;
        layout_.data_chunk = layout_.chunks.size();
        const std::uint64_t rest = rest_after(chunk.payload_offset);
        const bool is_left_zero = chunk.payload_size == 0 && rest != 0 && file_size_ <= chunk.payload_offset;
        layout_.sizes_are_open = chunk.payload_size > rest || is_left_zero;
        if (layout_.sizes_are_open) {
            chunk.payload_size = rest;
        }
        set_data(chunk.payload_offset, chunk.payload_size);
    }

    std::uint64_t file_size_ = 0;
    bool has_format_ = false;
    bool has_data_ = false;
};

} // namespace

Result<ContainerLayout> scan_w64(const ByteSource& source) {
    return W64Scanner(source).scan();
}

} // namespace wm
