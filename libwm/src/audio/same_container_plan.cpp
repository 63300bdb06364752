/// Plans for an output in its source's own container: every byte of the source stays but the samples.

#include <utility>

#include <fmt/format.h>

#include "audio/bext.h"
#include "audio/output_plan.h"

namespace wm {
namespace {

constexpr std::uint64_t kMaxBextBytes = std::uint64_t{1} << 20;
constexpr std::uint64_t kW64Alignment = 8;
constexpr std::uint64_t kW64HeaderBytes = 24;
constexpr std::uint64_t kRiffSizeStart = 8; ///< RIFF and FORM sizes count from here

class SameContainerPlanner {
public:
    explicit SameContainerPlanner(const PlanRequest& request)
        : layout_(request.layout), source_size_(request.source.size()) {}

    /// Makes the 'bext' chunk that replaces the source's.
    Result<std::string> take_history(const PlanRequest& request) {
        const Chunk* chunk = find_chunk(layout_, "bext");
        if (chunk == nullptr || chunk->payload_size < kBextFixedBytes || chunk->payload_size > kMaxBextBytes)
            return "the coding history was not written: the source has no usable 'bext' chunk";
        std::string payload(static_cast<std::size_t>(chunk->payload_size), '\0');
        auto count = request.source.read_at(chunk->payload_offset, payload.data(), payload.size());
        if (!count)
            return tl::unexpected(count.error());
        bext_ = *chunk;
        bext_end_ = chunk->payload_offset + chunk->payload_size + padding(*chunk, chunk->payload_size);
        std::string grown = append_coding_history(std::move(payload), request.coding_history);
        const bool is_w64 = layout_.container == Container::kW64;
        const std::uint64_t size = grown.size();
        new_bext_ = is_w64 ? little_bytes(size + kW64HeaderBytes) : little_bytes(saturate(size));
        new_bext_ += grown + std::string(static_cast<std::size_t>(padding(*chunk, size)), '\0');
        return std::string();
    }

    std::vector<Segment> before() const { return keep(0, layout_.data_offset); }

    PlanEnd end(std::uint64_t data_size) const {
        const Chunk& chunk = layout_.chunks[layout_.data_chunk];
        const bool is_resized = layout_.sizes_are_open || data_size != layout_.data_size;
        PlanEnd end;
        if (is_resized) {
            const std::uint64_t payload = data_size + (layout_.data_offset - chunk.payload_offset);
            const std::uint64_t old_end = chunk.payload_offset + chunk.payload_size;
            std::vector<Segment> rest = keep(old_end + padding(chunk, chunk.payload_size), source_size_);
            const std::uint64_t pad = padding(chunk, payload);
            const bool is_padded = layout_.container != Container::kW64 || !rest.empty(); // see new_w64_plan.cpp
            if (pad != 0 && is_padded)
                end.segments.push_back({std::string(static_cast<std::size_t>(pad), '\0')});
            append(end.segments, std::move(rest));
        } else {
            end.segments = keep(layout_.data_offset + data_size, source_size_);
        }
        if (is_resized || !new_bext_.empty()) {
            const std::uint64_t total = total_bytes(before()) + data_size + total_bytes(end.segments);
            patch_sizes(data_size, total, is_resized, end.patches);
        }
        return end;
    }

private:
    static void append(std::vector<Segment>& to, std::vector<Segment> from) {
        to.insert(to.end(), from.begin(), from.end());
    }

    std::uint64_t padding(const Chunk& chunk, std::uint64_t payload_size) const {
        if (layout_.container != Container::kW64)
            return payload_size & 1;
        const std::uint64_t end = chunk.payload_offset + payload_size;
        return (kW64Alignment - end % kW64Alignment) % kW64Alignment;
    }

    /// The source's bytes [begin, end), with the new 'bext' in its place.
    std::vector<Segment> keep(std::uint64_t begin, std::uint64_t end) const {
        if (begin >= end)
            return {};
        const std::uint64_t size_field = size_field_of(bext_);
        if (new_bext_.empty() || size_field < begin || size_field >= end)
            return {{"", begin, end - begin}};
        std::vector<Segment> segments{{"", begin, size_field - begin}, {new_bext_}};
        append(segments, keep(std::min(bext_end_, end), end));
        return segments;
    }

    std::uint64_t size_field_of(const Chunk& chunk) const {
        constexpr std::uint64_t kIdBytes = 4;
        constexpr std::uint64_t kGuidBytes = 16;
        return chunk.header_offset + (layout_.container == Container::kW64 ? kGuidBytes : kIdBytes);
    }

    /// Where a byte of the source before the samples ends up in the output.
    std::uint64_t moved(std::uint64_t offset) const {
        const bool is_after_bext = !new_bext_.empty() && offset >= bext_end_;
        return is_after_bext ? offset - bext_end_ + size_field_of(bext_) + new_bext_.size() : offset;
    }

    void patch_sizes(std::uint64_t data_size, std::uint64_t total, bool is_resized, std::vector<Patch>& patches) const {
        switch (layout_.container) {
        case Container::kAiff:
        case Container::kAifc:
            return patch_aiff(data_size, total, patches);
        case Container::kW64:
            return patch_w64(data_size, total, is_resized, patches);
        default:
            return patch_riff(data_size, total, is_resized, patches);
        }
    }

    void patch_riff(std::uint64_t data_size, std::uint64_t total, bool is_resized, std::vector<Patch>& patches) const {
        const std::uint64_t num_moments = data_size / layout_.format.bytes_per_moment();
        const Chunk& data = layout_.chunks[layout_.data_chunk];
        if (const Chunk* ds64 = find_chunk(layout_, "ds64"); ds64 != nullptr && layout_.container != Container::kWav) {
            patches.push_back({moved(ds64->payload_offset), little_bytes(total - kRiffSizeStart)});
            if (is_resized)
                patches.push_back(
                    {moved(ds64->payload_offset) + 8, little_bytes(data_size) + little_bytes(num_moments)});
            return;
        }
        patches.push_back({4, little_bytes(saturate(total - kRiffSizeStart))});
        if (!is_resized)
            return;
        patches.push_back({moved(size_field_of(data)), little_bytes(saturate(data_size))});
        const Chunk* fact = find_chunk(layout_, "fact");
        if (fact != nullptr && fact->payload_size >= 4 && fact->payload_offset < layout_.data_offset)
            patches.push_back({moved(fact->payload_offset), little_bytes(saturate(num_moments))});
    }

    void patch_w64(std::uint64_t data_size, std::uint64_t total, bool is_resized, std::vector<Patch>& patches) const {
        constexpr std::uint64_t kFileSizeOffset = 16;
        patches.push_back({kFileSizeOffset, little_bytes(total)});
        if (is_resized)
            patches.push_back(
                {moved(size_field_of(layout_.chunks[layout_.data_chunk])), little_bytes(data_size + kW64HeaderBytes)});
    }

    void patch_aiff(std::uint64_t data_size, std::uint64_t total, std::vector<Patch>& patches) const {
        const Chunk& data = layout_.chunks[layout_.data_chunk];
        const std::uint64_t payload = data_size + (layout_.data_offset - data.payload_offset);
        patches.push_back({4, big_bytes(saturate(total - kRiffSizeStart))});
        patches.push_back({size_field_of(data), big_bytes(saturate(payload))});
        const Chunk* comm = find_chunk(layout_, "COMM");
        if (comm->payload_offset < layout_.data_offset || payload == data.payload_size)
            patches.push_back(
                {comm->payload_offset + 2, big_bytes(saturate(data_size / layout_.format.bytes_per_moment()))});
    }

    ContainerLayout layout_;
    std::uint64_t source_size_;
    Chunk bext_;
    std::uint64_t bext_end_ = 0;
    std::string new_bext_; ///< from its size field on; empty: 'bext' stays
};

} // namespace

Result<OutputPlan> plan_same_container(const PlanRequest& request) {
    OutputPlan plan;
    plan.format = request.layout.format;
    SameContainerPlanner planner(request);
    if (!request.coding_history.empty()) {
        auto warning = planner.take_history(request);
        if (!warning)
            return tl::unexpected(warning.error());
        if (!warning->empty())
            plan.warnings.push_back(*warning);
    }
    plan.before = planner.before();
    plan.end = [planner = std::move(planner)](std::uint64_t data_size) -> Result<PlanEnd> {
        return planner.end(data_size);
    };
    return plan;
}

} // namespace wm
