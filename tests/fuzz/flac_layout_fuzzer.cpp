/// Any bytes as a FLAC file: the blocks that the scanner believes lie inside the file, one after the other.

#include <cstdint>
#include <cstdlib>

#include "audio/flac_layout.h"
#include "audio/flac_metadata_plan.h"

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace wm;
    const MemorySource source({data, size});
    const auto layout = scan_flac(source);
    if (!layout) {
        require(!layout.error().message.empty());
        return 0;
    }
    std::uint64_t offset = layout->stream_offset + 4;
    for (const FlacBlock& block : layout->blocks) {
        require(block.payload_offset == offset + kFlacBlockHeaderBytes);
        offset = block.payload_offset + block.payload_size;
    }
    require(offset == layout->audio_offset && offset <= size);
    require(warnings_of_flac_blocks(source).has_value());
    AudioSpec spec;
    spec.container = Container::kFlac;
    std::vector<std::string> warnings;
    const auto plan = plan_flac_metadata({source, {}, spec, Container::kFlac, ""}, warnings);
    require(plan.has_value() && plan->num_leading_bytes == layout->stream_offset &&
            plan->blocks.size() < layout->blocks.size());
    return 0;
}
