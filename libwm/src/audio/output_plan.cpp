#include "audio/output_plan.h"

#include <algorithm>
#include <limits>

namespace wm {
namespace {

constexpr int kLossyBits = 24; ///< finer than any lossy codec's own noise, and half the size of floats

int integer_bytes(Encoding encoding) {
    switch (encoding) {
    case Encoding::kPcmU8:
    case Encoding::kPcm8:
        return 1;
    case Encoding::kPcm16:
        return 2;
    case Encoding::kPcm32:
        return 4;
    default:
        return kLossyBits / 8;
    }
}

} // namespace

PcmFormat output_format(Container target, const AudioSpec& spec) {
    const bool is_aiff = target == Container::kAiff || target == Container::kAifc;
    PcmFormat format;
    format.sample_rate_hz = spec.sample_rate_hz;
    format.num_channels = spec.num_channels;
    format.is_big_endian = is_aiff;
    const bool is_float = spec.encoding == Encoding::kFloat32 || spec.encoding == Encoding::kFloat64;
    if (is_float && target != Container::kFlac) {
        format.encoding = spec.encoding;
        format.bytes_per_sample = spec.encoding == Encoding::kFloat32 ? 4 : 8;
    } else {
        const int bytes = is_float ? kLossyBits / 8 : integer_bytes(spec.encoding);
        format.bytes_per_sample = target == Container::kFlac && bytes > 3 ? 3 : bytes;
        format.encoding = integer_encoding(format.bytes_per_sample * 8, !is_aiff && target != Container::kFlac);
    }
    format.valid_bits = format.bytes_per_sample * 8;
    return format;
}

std::uint64_t total_bytes(const std::vector<Segment>& segments) {
    std::uint64_t total = 0;
    for (const Segment& segment : segments)
        total += segment.num_bytes();
    return total;
}

const Chunk* find_chunk(const ContainerLayout& layout, std::string_view id) {
    const auto& chunks = layout.chunks;
    const auto found = std::find_if(chunks.begin(), chunks.end(), [&](const Chunk& chunk) { return chunk.id == id; });
    return found == chunks.end() ? nullptr : &*found;
}

std::uint32_t saturate(std::uint64_t value) {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(value, std::numeric_limits<std::uint32_t>::max()));
}

} // namespace wm
