/// Any bytes as a RIFF, RF64, BW64, W64 or AIFF file. What the scanner believes must lie inside the file; a plan for the same
/// container must give back every byte; and an output whose sizes were repaired must be read as the same samples.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "audio/container_layout.h"
#include "audio/output_plan.h"

namespace {

using namespace wm;

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

void check_layout(const ContainerLayout& layout, std::uint64_t file_size) {
    for (const Chunk& chunk : layout.chunks) {
        require(chunk.header_offset < chunk.payload_offset && chunk.payload_offset <= file_size);
        require(chunk.payload_size <= file_size - chunk.payload_offset);
    }
    if (layout.chunks.empty()) {
        return;
    }
    require(layout.data_chunk < layout.chunks.size());
    require(layout.data_offset <= file_size && layout.data_size <= file_size - layout.data_offset);
    require(!layout.is_linear || layout.data_size % layout.format.bytes_per_moment() == 0);
}

void append(const std::vector<OutputPart>& segments, const std::string& source, std::string& output) {
    for (const OutputPart& segment : segments) {
        require(!segment.literal.empty() || segment.size <= source.size() - segment.offset);
        output += segment.literal.empty() ? source.substr(segment.offset, segment.size) : segment.literal;
    }
}

/// What a writer makes of a plan when no sample changes.
std::string carry_out(const OutputPlan& plan, const ContainerLayout& layout, const std::string& source) {
    std::string output;
    append(plan.before, source, output);
    output += source.substr(layout.data_offset, layout.data_size);
    auto end = plan.end(layout.data_size);
    require(end.has_value());
    append(end->segments, source, output);
    for (const Patch& patch : end->patches) {
        require(patch.offset + patch.bytes.size() <= output.size());
        output.replace(patch.offset, patch.bytes.size(), patch.bytes);
    }
    return output;
}

std::string samples_of(const std::string& bytes) {
    const MemorySource source({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    auto layout = scan_container(source);
    require(layout.has_value() && layout->is_linear && !layout->sizes_are_open);
    return bytes.substr(layout->data_offset, layout->data_size);
}

void check_plans(const MemorySource& source, const ContainerLayout& layout, const std::string& bytes) {
    AudioSpec spec;
    spec.sample_rate_hz = layout.format.sample_rate_hz;
    spec.num_channels = layout.format.num_channels;
    spec.num_samples = static_cast<std::int64_t>(layout.data_size / layout.format.bytes_per_moment());
    spec.container = layout.container;
    spec.encoding = layout.format.encoding;
    const std::string samples = bytes.substr(layout.data_offset, layout.data_size);
    auto same = plan_same_container({source, layout, spec, layout.container, ""});
    require(same.has_value());
    const std::string copy = carry_out(*same, layout, bytes);
    require(layout.sizes_are_open ? samples_of(copy) == samples : copy == bytes);
    if (auto grown = plan_same_container({source, layout, spec, layout.container, "history"});
        grown && !is_aiff(layout.container))
        require(carry_out(*grown, layout, bytes).find(samples) != std::string::npos);
    if (layout.format.is_big_endian || layout.format.valid_bits != layout.format.bytes_per_sample * 8 ||
        layout.format.encoding == Encoding::kPcm8)
        return; // a new container would store its samples in another form
    for (const Container target : {Container::kWav, Container::kRf64, Container::kW64}) {
        const PlanRequest request{source, layout, spec, target, ""};
        const OutputPlan plan = target == Container::kW64 ? plan_new_w64(request) : plan_new_riff(request);
        require(samples_of(carry_out(plan, layout, bytes)) == samples);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const MemorySource source({data, size});
    const auto layout = scan_container(source);
    if (!layout) {
        require(!layout.error().message.empty() && layout.error().code != ErrorCode::kInternal);
        return 0;
    }
    check_layout(*layout, size);
    if (layout->is_linear) {
        check_plans(source, *layout, std::string(reinterpret_cast<const char*>(data), size));
    }
    return 0;
}
