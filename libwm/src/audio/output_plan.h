#pragma once

/// What a linear output consists of: bytes of the source, bytes made anew, and the samples between them.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "audio/audio_file.h"
#include "audio/byte_source.h"
#include "audio/container_layout.h"
#include "base/byte_order.h"

namespace wm {

/// Bytes made here, or (when `literal` is empty) `size` bytes of the source from `offset`.
struct OutputPart {
    std::string literal;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;

    std::uint64_t num_bytes() const { return literal.empty() ? size : literal.size(); }
};

struct Patch {
    std::uint64_t offset = 0; ///< in the output
    std::string bytes;
};

/// What follows the samples, and what earlier bytes must become, once the number of sample bytes is known.
struct PlanEnd {
    std::vector<OutputPart> segments;
    std::vector<Patch> patches;
};

struct OutputPlan {
    PcmFormat format;
    std::vector<OutputPart> before;
    std::function<Result<PlanEnd>(std::uint64_t data_size)> end;
    std::vector<std::string> warnings;
};

struct PlanRequest {
    const ByteSource& source;
    const ContainerLayout& layout; ///< of the source; no chunks when it is none of the chunked containers
    const AudioSpec& spec;         ///< of the source
    Container target = Container::kWav;
    std::string coding_history;
};

/// How `target` stores the samples of `spec`: at the source's depth where it can; lossy codecs at 24 bits.
PcmFormat output_format(Container target, const AudioSpec& spec);

/// The same container and format as the source: all its bytes, in order, but the samples. Sizes are recomputed only where the
/// source's are open (see ContainerLayout) or a 'bext' chunk grows.
/// errors   kIo
Result<OutputPlan> plan_same_container(const PlanRequest& request);

/// A new RIFF, RF64 or BW64 file. It takes over every chunk of a RIFF source that describes no samples, and an AIFF source's
/// ID3 tag. A .wav file that passes 4 GiB becomes RF64.
OutputPlan plan_new_riff(const PlanRequest& request);

/// A new Wave64 file.
OutputPlan plan_new_w64(const PlanRequest& request);

/// A new AIFF file, or AIFF-C for floats. It takes over a RIFF source's ID3 tag. At the end kUnsupported when it exceeds 4 GiB.
OutputPlan plan_new_aiff(const PlanRequest& request);

/// Says that chunk `index` of the source stays behind, unless it only describes or pads the samples.
void warn_of_chunk(const ContainerLayout& layout, std::size_t index, std::vector<std::string>& warnings);

/// The ending of a file's name without its dot, in lower case; empty when it has none.
std::string extension_of(const std::string& path);

/// Total bytes of `segments`.
std::uint64_t total_bytes(const std::vector<OutputPart>& segments);

/// The first chunk with this id, or null.
const Chunk* find_chunk(const ContainerLayout& layout, std::string_view id);

/// An integer's bytes, in the order of RIFF and W64, and in that of AIFF.
template <class Integer>
std::string little_bytes(Integer value) {
    std::string bytes(sizeof value, '\0');
    store_little(bytes.data(), value);
    return bytes;
}
template <class Integer>
std::string big_bytes(Integer value) {
    std::string bytes(sizeof value, '\0');
    store_big(bytes.data(), value);
    return bytes;
}

/// For 32-bit size fields: what does not fit becomes 0xFFFFFFFF.
std::uint32_t saturate(std::uint64_t value);

} // namespace wm
