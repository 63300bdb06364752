#include "audio/flac_metadata_plan.h"

#include <algorithm>
#include <utility>

namespace wm {
namespace {

constexpr std::uint64_t kMaxBlockBytes = (1U << 24) - 1;
constexpr std::uint64_t kRiffHeaderBytes = 12; ///< the same for AIFF
constexpr std::uint64_t kW64HeaderBytes = 40;

Result<FlacMetadataPlan> keep_blocks(const ByteSource& source) {
    auto layout = scan_flac(source);
    if (!layout) {
        return tl::unexpected(layout.error());
    }
    FlacMetadataPlan plan{layout->stream_offset, {}, false};
    for (const FlacBlock& block : layout->blocks) {
        if (block.type == FlacBlockType::kStreamInfo || block.type == FlacBlockType::kSeekTable) {
            continue;
        }
        FlacOutputBlock kept{block.type, {}};
        if (block.payload_size != 0) {
            kept.payload.push_back({"", block.payload_offset, block.payload_size});
        }
        plan.blocks.push_back(std::move(kept));
    }
    return plan;
}

std::string application_id(Container container) {
    if (container == Container::kW64) {
        return "w64 ";
    }
    return is_aiff(container) ? "aiff" : "riff";
}

/// A range of the source as one APPLICATION block.
FlacOutputBlock foreign_block(Container container, std::uint64_t begin, std::uint64_t end) {
    return {FlacBlockType::kApplication, {{application_id(container)}, {"", begin, end - begin}}};
}

/// The restored file is to equal the source, so its sizes must be true, and FLAC must hold its samples as they are.
bool is_restorable(const PlanRequest& request, const std::vector<FlacOutputBlock>& blocks) {
    const ContainerLayout& layout = request.layout;
    const Chunk& data = layout.chunks[layout.data_chunk];
    const bool has_whole_moments = layout.data_offset + layout.data_size == data.payload_offset + data.payload_size;
    const bool fits_blocks = std::all_of(blocks.begin(), blocks.end(), [](const FlacOutputBlock& block) {
        return total_bytes(block.payload) <= kMaxBlockBytes;
    });
    return !layout.format.is_float() && layout.format.bytes_per_sample <= 3 && !layout.sizes_are_open &&
           has_whole_moments && fits_blocks && layout.chunks.size() < kMaxChunks;
}

std::vector<FlacOutputBlock> foreign_blocks(const PlanRequest& request) {
    const ContainerLayout& layout = request.layout;
    const std::uint64_t header = layout.container == Container::kW64 ? kW64HeaderBytes : kRiffHeaderBytes;
    std::vector<FlacOutputBlock> blocks{foreign_block(layout.container, 0, header)};
    for (std::size_t i = 0; i < layout.chunks.size(); ++i) {
        const std::uint64_t next =
            i + 1 < layout.chunks.size() ? layout.chunks[i + 1].header_offset : request.source.size();
        const std::uint64_t end = i == layout.data_chunk ? layout.data_offset : next;
        blocks.push_back(foreign_block(layout.container, layout.chunks[i].header_offset, end));
    }
    return blocks;
}

} // namespace

Result<FlacMetadataPlan> plan_flac_metadata(const PlanRequest& request, std::vector<std::string>& warnings) {
    if (request.spec.container == Container::kFlac) {
        return keep_blocks(request.source);
    }
    FlacMetadataPlan plan;
    if (!request.layout.is_linear) {
        return plan;
    }
    plan.blocks = foreign_blocks(request);
    if (is_restorable(request, plan.blocks)) {
        return plan;
    }
    plan.blocks.clear();
    for (std::size_t i = 0; i < request.layout.chunks.size(); ++i) {
        warn_of_chunk(request.layout, i, warnings);
    }
    return plan;
}

} // namespace wm
