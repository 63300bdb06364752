/// Plans for outputs in another container than the source's.

#include <array>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "audio/aiff_rate.h"
#include "audio/output_plan.h"
#include "audio/wave_format.h"

namespace wm {
namespace {

constexpr std::uint64_t kMaxRiffBytes = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kHeaderRoom = std::uint64_t{1} << 20; ///< for a new file's own chunks
constexpr std::size_t kDs64Bytes = 28;

bool is_riff(Container container) {
    return container == Container::kWav || container == Container::kRf64 || container == Container::kBw64;
}

std::string riff_chunk(std::string_view id, const std::string& payload) {
    return std::string(id) + little_bytes(saturate(payload.size())) + payload + std::string(payload.size() & 1, '\0');
}

std::string aiff_chunk(std::string_view id, const std::string& payload) {
    return std::string(id) + big_bytes(saturate(payload.size())) + payload + std::string(payload.size() & 1, '\0');
}

/// Chunks of a RIFF source that a new RIFF file takes over as they are: all but those it makes itself.
void carry_riff_chunks(const PlanRequest& request, bool is_before_data, std::vector<Segment>& segments) {
    const ContainerLayout& layout = request.layout;
    if (!is_riff(layout.container))
        return;
    for (std::size_t i = 0; i < layout.chunks.size(); ++i) {
        const Chunk& chunk = layout.chunks[i];
        const bool is_own = i == layout.data_chunk || chunk.id == "ds64" || chunk.id == "fmt " || chunk.id == "fact";
        if (is_own || (i < layout.data_chunk) != is_before_data)
            continue;
        segments.push_back({chunk.id + little_bytes(saturate(chunk.payload_size))});
        segments.push_back({"", chunk.payload_offset, chunk.payload_size});
        if ((chunk.payload_size & 1) != 0)
            segments.push_back({std::string(1, '\0')});
    }
}

/// Says which chunks of the source stay behind.
void warn_of_chunks(const PlanRequest& request, std::string_view own_ids, std::vector<std::string>& warnings) {
    for (const Chunk& chunk : request.layout.chunks) {
        const std::string id = printable_id(reinterpret_cast<const std::uint8_t*>(chunk.id.data()));
        if (own_ids.find(chunk.id) == std::string_view::npos)
            warnings.push_back(fmt::format("not carried over: chunk '{}' ({} bytes)", id, chunk.payload_size));
    }
}

/// Segments are in the order written; an empty source range would read as an empty literal.
void drop_empty(std::vector<Segment>& segments) {
    std::erase_if(segments, [](const Segment& segment) { return segment.num_bytes() == 0; });
}

} // namespace

Result<OutputPlan> plan_new_riff(const PlanRequest& request) {
    OutputPlan plan;
    plan.format = output_format(request.target, request.spec);
    std::vector<Segment> after;
    carry_riff_chunks(request, false, after);
    drop_empty(after);
    const std::string fmt_payload = make_wave_format(plan.format);
    plan.before = {{std::string("RIFF\0\0\0\0WAVE", 12) + riff_chunk("JUNK", std::string(kDs64Bytes, '\0')) +
                    riff_chunk("fmt ", fmt_payload)}};
    const std::uint64_t fact_offset = plan.before.front().literal.size() + 8;
    if (plan.format.is_float())
        plan.before.front().literal += riff_chunk("fact", std::string(4, '\0'));
    carry_riff_chunks(request, true, plan.before);
    drop_empty(plan.before);
    plan.before.push_back({std::string("data\0\0\0\0", 8)});
    if (!is_riff(request.layout.container))
        warn_of_chunks(request, "fmt data COMM SSND FVER", plan.warnings);
    const std::uint64_t data_offset = total_bytes(plan.before);
    const Container target = request.target;
    plan.end = [=, format = plan.format](std::uint64_t data_size) -> Result<PlanEnd> {
        PlanEnd end{after, {}};
        if ((data_size & 1) != 0)
            end.segments.insert(end.segments.begin(), {std::string(1, '\0')});
        const std::uint64_t riff_size = data_offset + data_size + total_bytes(end.segments) - 8;
        const std::uint64_t num_moments = data_size / format.bytes_per_moment();
        if (target != Container::kWav || riff_size > kMaxRiffBytes) {
            const std::string id = target == Container::kBw64 ? "BW64" : "RF64";
            end.patches.push_back({0, id + little_bytes(std::uint32_t{0xFFFFFFFF})});
            end.patches.push_back({12, riff_chunk("ds64", little_bytes(riff_size) + little_bytes(data_size) +
                                                              little_bytes(num_moments) + std::string(4, '\0'))});
            end.patches.push_back({data_offset - 4, little_bytes(std::uint32_t{0xFFFFFFFF})});
        } else {
            end.patches.push_back({4, little_bytes(saturate(riff_size))});
            end.patches.push_back({data_offset - 4, little_bytes(saturate(data_size))});
        }
        if (format.is_float())
            end.patches.push_back({fact_offset, little_bytes(saturate(num_moments))});
        return end;
    };
    return plan;
}

Result<OutputPlan> plan_new_w64(const PlanRequest& request) {
    static constexpr std::uint64_t kHeaderBytes = 24;
    const auto guid = [](std::string_view id) {
        return std::string(id) + std::string("\xF3\xAC\xD3\x11\x8C\xD1\x00\xC0\x4F\x8E\xDB\x8A", 12);
    };
    OutputPlan plan;
    plan.format = output_format(Container::kW64, request.spec);
    const std::string fmt_payload = make_wave_format(plan.format);
    plan.before = {{"riff" + std::string("\x2E\x91\xCF\x11\xA5\xD6\x28\xDB\x04\xC1\x00\x00", 12) +
                    std::string(8, '\0') + guid("wave") + guid("fmt ") +
                    little_bytes(fmt_payload.size() + kHeaderBytes) + fmt_payload + guid("data") +
                    std::string(8, '\0')}};
    warn_of_chunks(request, "fmt data COMM SSND FVER ds64 fact", plan.warnings);
    const std::uint64_t data_offset = total_bytes(plan.before);
    plan.end = [data_offset](std::uint64_t data_size) -> Result<PlanEnd> {
        PlanEnd end;
        if (const std::uint64_t pad = (8 - data_size % 8) % 8; pad != 0)
            end.segments.push_back({std::string(static_cast<std::size_t>(pad), '\0')});
        end.patches.push_back({16, little_bytes(data_offset + data_size + total_bytes(end.segments))});
        end.patches.push_back({data_offset - 8, little_bytes(data_size + kHeaderBytes)});
        return end;
    };
    return plan;
}

Result<OutputPlan> plan_new_aiff(const PlanRequest& request) {
    OutputPlan plan;
    plan.format = output_format(Container::kAiff, request.spec);
    const bool is_float = plan.format.is_float();
    std::array<std::uint8_t, 10> rate{};
    store_extended(rate.data(), static_cast<std::uint32_t>(plan.format.sample_rate_hz));
    std::string comm = big_bytes(static_cast<std::uint16_t>(plan.format.num_channels)) + std::string(4, '\0') +
                       big_bytes(static_cast<std::uint16_t>(plan.format.valid_bits)) +
                       std::string(reinterpret_cast<const char*>(rate.data()), rate.size());
    std::string head = std::string("FORM\0\0\0\0", 8) + (is_float ? "AIFC" : "AIFF");
    if (is_float) {
        constexpr std::uint32_t kAifcVersion = 0xA2805140; // the only one there is
        head += aiff_chunk("FVER", big_bytes(kAifcVersion));
        comm += plan.format.bytes_per_sample == 4 ? "fl32" : "fl64";
        comm += std::string(2, '\0'); // an empty name
    }
    const std::uint64_t num_moments_offset = head.size() + 10;
    plan.before = {{head + aiff_chunk("COMM", comm) + std::string("SSND\0\0\0\0", 8) + std::string(8, '\0')}};
    warn_of_chunks(request, "fmt data ds64 fact", plan.warnings);
    const std::uint64_t data_offset = total_bytes(plan.before);
    plan.end = [=, format = plan.format](std::uint64_t data_size) -> Result<PlanEnd> {
        PlanEnd end;
        if ((data_size & 1) != 0)
            end.segments.push_back({std::string(1, '\0')});
        const std::uint64_t total = data_offset + data_size + total_bytes(end.segments);
        if (total > kMaxRiffBytes)
            return fail(ErrorCode::kUnsupported, "AIFF files end at 4 GiB: write a .wav, .rf64, .w64 or .flac instead");
        end.patches.push_back({4, big_bytes(saturate(total - 8))});
        end.patches.push_back({num_moments_offset, big_bytes(saturate(data_size / format.bytes_per_moment()))});
        end.patches.push_back({data_offset - 12, big_bytes(saturate(data_size + 8))});
        return end;
    };
    return plan;
}

} // namespace wm
