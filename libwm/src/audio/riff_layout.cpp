/// RIFF/WAVE (Microsoft and IBM, 1991), RF64 (EBU Tech 3306), BW64 (ITU-R BS.2088-1).

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "audio/layout_scanner.h"
#include "audio/wave_format.h"
#include "base/byte_order.h"

namespace wm {
namespace {

constexpr std::uint32_t kUnknownSize = 0xFFFFFFFF;
constexpr std::size_t kDs64Bytes = 28;
constexpr std::size_t kDs64EntryBytes = 12;

std::string id_at(const std::uint8_t* bytes) {
    return {reinterpret_cast<const char*>(bytes), 4};
}

class RiffScanner : LayoutScanner {
public:
    using LayoutScanner::LayoutScanner;

    Result<ContainerLayout> scan() {
        std::array<std::uint8_t, 12> header{};
        if (auto read = read_exactly(0, header.data(), header.size(), "the RIFF header"); !read) {
            return tl::unexpected(read.error());
        }
        const std::string id = id_at(header.data());
        layout_.container = id == "RF64" ? Container::kRf64 : id == "BW64" ? Container::kBw64 : Container::kWav;
        riff_size_ = load_little<std::uint32_t>(header.data() + 4);
        if (id_at(header.data() + 8) != "WAVE") {
            return fail(ErrorCode::kFormat, fmt::format("{} is a RIFF file, but holds no WAVE audio", source_.name()));
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
        std::array<std::uint8_t, 8> header{};
        while (layout_.chunks.size() < kMaxChunks && rest_after(offset) >= header.size()) {
            if (auto read = read_exactly(offset, header.data(), header.size(), "a chunk header"); !read) {
                return read;
            }
            const std::string id = id_at(header.data());
            const std::uint64_t size = chunk_size(id, load_little<std::uint32_t>(header.data() + 4));
            Chunk chunk{id, offset, offset + header.size(), size};
            const bool is_data = id == "data" && !has_data_;
            if (is_data && !has_format_) {
                return {};
            }
            if (is_data) {
                place_data(chunk);
            } else if (auto taken = take(chunk); !taken) {
                return taken;
            }
            layout_.chunks.push_back(chunk);
            offset = chunk.payload_offset + chunk.payload_size + (chunk.payload_size & 1);
        }
        return {};
    }

    /// A chunk's size as the file states it, through ds64 where the header says so.
    std::uint64_t chunk_size(const std::string& id, std::uint32_t stated) const {
        const auto found = stated == kUnknownSize ? long_sizes_.find(id) : long_sizes_.end();
        return found == long_sizes_.end() ? stated : found->second;
    }

    /// Reads what the tool needs from a chunk other than the samples.
    Result<void> take(Chunk& chunk) {
        if (auto fits = fit(chunk, has_data_); !fits) {
            return fits;
        }
        if (chunk.id == "fmt " && !has_format_) {
            return take_format(chunk);
        }
        if (chunk.id == "ds64" && long_sizes_.empty() && layout_.container != Container::kWav) {
            return take_ds64(chunk);
        }
        return {};
    }

    Result<void> take_format(const Chunk& chunk) {
        std::array<std::uint8_t, kWaveFormatBytes> bytes{};
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(chunk.payload_size, bytes.size()));
        if (auto read = read_exactly(chunk.payload_offset, bytes.data(), size, "the 'fmt ' chunk"); !read) {
            return read;
        }
        has_format_ = true;
        return read_wave_format(source_.name(), std::span(bytes).first(size), layout_);
    }

    /// The 64-bit sizes of the file, of the samples, and of any further long chunk (a table).
    Result<void> take_ds64(const Chunk& chunk) {
        std::array<std::uint8_t, kDs64Bytes> bytes{};
        if (chunk.payload_size < bytes.size()) {
            return fail(ErrorCode::kFormat, fmt::format("{}: its 'ds64' chunk has {} bytes instead of {}",
                                                        source_.name(), chunk.payload_size, bytes.size()));
        }
        if (auto read = read_exactly(chunk.payload_offset, bytes.data(), bytes.size(), "the 'ds64' chunk"); !read) {
            return read;
        }
        if (riff_size_ == kUnknownSize) {
            riff_size_ = load_little<std::uint64_t>(bytes.data());
        }
        long_sizes_["data"] = load_little<std::uint64_t>(bytes.data() + 8);
        const std::uint64_t fitting = (chunk.payload_size - bytes.size()) / kDs64EntryBytes;
        const std::uint64_t length = std::min<std::uint64_t>(load_little<std::uint32_t>(bytes.data() + 24), fitting);
        std::array<std::uint8_t, kDs64EntryBytes> entry{};
        for (std::uint64_t i = 0; i < std::min<std::uint64_t>(length, kMaxChunks); ++i) {
            const std::uint64_t offset = chunk.payload_offset + bytes.size() + i * entry.size();
            if (auto read = read_exactly(offset, entry.data(), entry.size(), "the 'ds64' chunk"); !read) {
                return read;
            }
            long_sizes_.emplace(id_at(entry.data()), load_little<std::uint64_t>(entry.data() + 4));
        }
        return {};
    }

    /// Finds the end of the samples. A pipe writes 0, 0xFFFFFFFF or any large number, and a cut file has fewer bytes than it
    /// says: then all that follows is samples.
    void place_data(Chunk& chunk) {
        has_data_ = true;
        layout_.data_chunk = layout_.chunks.size();
        const std::uint64_t rest = rest_after(chunk.payload_offset);
        const bool riff_ends_before =
            riff_size_ == 0 || riff_size_ == kUnknownSize || riff_size_ <= chunk.payload_offset - kRiffSizeStart;
        const bool is_left_zero = chunk.payload_size == 0 && rest != 0 && riff_ends_before;
        const bool is_unknown = chunk.payload_size == kUnknownSize && long_sizes_.empty();
        layout_.sizes_are_open = chunk.payload_size > rest || is_left_zero || is_unknown;
        if (layout_.sizes_are_open) {
            chunk.payload_size = rest;
        }
        set_data(chunk.payload_offset, chunk.payload_size);
    }

    static constexpr std::uint64_t kRiffSizeStart = 8; ///< the RIFF size counts from here

    std::map<std::string, std::uint64_t> long_sizes_;
    std::uint64_t riff_size_ = 0;
    bool has_format_ = false;
    bool has_data_ = false;
};

} // namespace

Result<ContainerLayout> scan_riff(const ByteSource& source) {
    return RiffScanner(source).scan();
}

} // namespace wm
