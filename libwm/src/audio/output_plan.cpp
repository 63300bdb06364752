#include "audio/output_plan.h"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "audio/wave_format.h"

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
    const bool has_unsigned_bytes = !is_aiff(target) && target != Container::kFlac;
    PcmFormat format;
    format.sample_rate_hz = spec.sample_rate_hz;
    format.num_channels = spec.num_channels;
    format.is_big_endian = is_aiff(target);
    const bool is_float = spec.encoding == Encoding::kFloat32 || spec.encoding == Encoding::kFloat64;
    if (is_float && target != Container::kFlac) {
        format.encoding = spec.encoding;
        format.bytes_per_sample = spec.encoding == Encoding::kFloat32 ? 4 : 8;
    } else {
        const int bytes = is_float ? kLossyBits / 8 : integer_bytes(spec.encoding);
        format.bytes_per_sample = target == Container::kFlac && bytes > 3 ? 3 : bytes;
        format.encoding = integer_encoding(format.bytes_per_sample * 8, has_unsigned_bytes);
    }
    format.valid_bits = format.bytes_per_sample * 8;
    return format;
}

void warn_of_chunk(const ContainerLayout& layout, std::size_t index, std::vector<std::string>& warnings) {
    constexpr std::array<std::string_view, 7> kOfNoConsequence{"fmt ", "ds64", "fact", "COMM", "FVER", "JUNK", "PAD "};
    const Chunk& chunk = layout.chunks[index];
    const auto found = std::find(kOfNoConsequence.begin(), kOfNoConsequence.end(), chunk.id);
    if (index == layout.data_chunk || found != kOfNoConsequence.end()) {
        return;
    }
    const std::string id = printable_id(reinterpret_cast<const std::uint8_t*>(chunk.id.data()));
    warnings.push_back(fmt::format("not carried over: chunk '{}' ({} bytes)", id, chunk.payload_size));
}

std::uint64_t total_bytes(const std::vector<OutputPart>& segments) {
    std::uint64_t total = 0;
    for (const OutputPart& segment : segments) {
        total += segment.num_bytes();
    }
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
