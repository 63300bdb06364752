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
constexpr std::uint64_t kRiffSizeStart = 8;    ///< RIFF and FORM sizes count from here
constexpr std::uint32_t kSeeDs64 = 0xFFFFFFFF; ///< in a 32-bit size field

class SameContainerPlanner {
public:
    explicit SameContainerPlanner(const PlanRequest& request)
        : layout_(request.layout), source_size_(request.source.size()) {}

    /// Makes the 'bext' chunk that replaces the source's.
    Result<std::string> take_history(const PlanRequest& request) {
        const Chunk* chunk = find_chunk(layout_, "bext");
        if (chunk == nullptr || chunk->payload_size < kBextFixedBytes || chunk->payload_size > kMaxBextBytes) {
            return "the coding history was not written: the source has no usable 'bext' chunk";
        }
        std::string payload(static_cast<std::size_t>(chunk->payload_size), '\0');
        auto count = request.source.read_at(chunk->payload_offset, payload.data(), payload.size());
        if (!count) {
            return tl::unexpected(count.error());
        }
        bext_ = *chunk;
        bext_end_ = chunk->payload_offset + chunk->payload_size + padding(*chunk, chunk->payload_size);
        std::string grown = append_coding_history(std::move(payload), request.coding_history);
        const bool is_w64 = layout_.container == Container::kW64;
        const std::uint64_t size = grown.size();
        new_bext_ = is_w64 ? little_bytes(size + kW64HeaderBytes) : little_bytes(saturate(size));
        new_bext_ += grown + std::string(static_cast<std::size_t>(padding(*chunk, size)), '\0');
        return std::string();
    }

    std::vector<OutputPart> before() const { return keep(0, layout_.data_offset); }

    PlanEnd end(std::uint64_t data_size) const {
        const Chunk& chunk = layout_.chunks[layout_.data_chunk];
        Outcome outcome{.data_size = data_size, .is_resized = layout_.sizes_are_open || data_size != layout_.data_size};
        std::uint64_t tail_begin = layout_.data_offset + data_size;
        std::uint64_t pad = 0;
        if (outcome.is_resized) {
            tail_begin = chunk.payload_offset + chunk.payload_size + padding(chunk, chunk.payload_size);
            const bool is_padded =
                layout_.container != Container::kW64 || tail_begin < source_size_; // see new_w64_plan.cpp
            pad = is_padded ? padding(chunk, data_size + (layout_.data_offset - chunk.payload_offset)) : 0;
        }
        PlanEnd end;
        if (pad != 0) {
            end.segments.push_back({std::string(static_cast<std::size_t>(pad), '\0')});
        }
        append(end.segments, keep(tail_begin, source_size_));
        outcome.total = total_bytes(before()) + data_size + total_bytes(end.segments);
        outcome.tail_begin = tail_begin;
        outcome.tail_output = total_bytes(before()) + data_size + pad;
        if (outcome.is_resized || !new_bext_.empty()) {
            patch_sizes(outcome, end.patches);
        }
        return end;
    }

private:
    /// What the output came to.
    struct Outcome {
        std::uint64_t data_size = 0;
        bool is_resized = false;
        std::uint64_t total = 0;       ///< bytes of the output
        std::uint64_t tail_begin = 0;  ///< where what follows the samples stood in the source
        std::uint64_t tail_output = 0; ///< and where it stands in the output
    };

    static void append(std::vector<OutputPart>& to, std::vector<OutputPart> from) {
        to.insert(to.end(), from.begin(), from.end());
    }

    std::uint64_t padding(const Chunk& chunk, std::uint64_t payload_size) const {
        if (layout_.container != Container::kW64) {
            return payload_size & 1;
        }
        const std::uint64_t end = chunk.payload_offset + payload_size;
        return (kW64Alignment - end % kW64Alignment) % kW64Alignment;
    }

    /// The source's bytes [begin, end), with the new 'bext' in its place.
    std::vector<OutputPart> keep(std::uint64_t begin, std::uint64_t end) const {
        if (begin >= end) {
            return {};
        }
        const std::uint64_t size_field = size_field_of(bext_);
        if (new_bext_.empty() || size_field < begin || size_field >= end) {
            return {{"", begin, end - begin}};
        }
        std::vector<OutputPart> segments{{"", begin, size_field - begin}, {new_bext_}};
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

    void patch_sizes(const Outcome& outcome, std::vector<Patch>& patches) const {
        switch (layout_.container) {
        case Container::kAiff:
        case Container::kAifc:
            return patch_aiff(outcome, patches);
        case Container::kW64:
            return patch_w64(outcome, patches);
        default:
            return patch_riff(outcome, patches);
        }
    }

    void patch_riff(const Outcome& outcome, std::vector<Patch>& patches) const {
        const std::uint64_t num_moments = outcome.data_size / layout_.format.bytes_per_moment();
        const std::uint64_t data_size_field = moved(size_field_of(layout_.chunks[layout_.data_chunk]));
        const std::uint64_t riff_size = outcome.total - kRiffSizeStart;
        const Chunk* ds64 = layout_.container == Container::kWav ? nullptr : find_chunk(layout_, "ds64");
        if (ds64 != nullptr) {
            const std::uint64_t sizes = moved(ds64->payload_offset);
            patches.push_back({4, little_bytes(kSeeDs64)});
            patches.push_back({sizes, little_bytes(riff_size)});
            if (!outcome.is_resized) {
                return;
            }
            patches.push_back({sizes + 8, little_bytes(outcome.data_size) + little_bytes(num_moments)});
            patches.push_back({data_size_field, little_bytes(kSeeDs64)});
            return;
        }
        patches.push_back({4, little_bytes(saturate(riff_size))});
        if (!outcome.is_resized) {
            return;
        }
        patches.push_back({data_size_field, little_bytes(saturate(outcome.data_size))});
        const Chunk* fact = find_chunk(layout_, "fact");
        if (fact != nullptr && fact->payload_size >= 4 && fact->payload_offset < layout_.data_offset) {
            patches.push_back({moved(fact->payload_offset), little_bytes(saturate(num_moments))});
        }
    }

    void patch_w64(const Outcome& outcome, std::vector<Patch>& patches) const {
        constexpr std::uint64_t kFileSizeOffset = 16;
        patches.push_back({kFileSizeOffset, little_bytes(outcome.total)});
        if (outcome.is_resized) {
            patches.push_back({moved(size_field_of(layout_.chunks[layout_.data_chunk])),
                               little_bytes(outcome.data_size + kW64HeaderBytes)});
        }
    }

    /// Only for resized files: AIFF has no 'bext' to grow.
    void patch_aiff(const Outcome& outcome, std::vector<Patch>& patches) const {
        const Chunk& data = layout_.chunks[layout_.data_chunk];
        const std::uint64_t payload = outcome.data_size + (layout_.data_offset - data.payload_offset);
        const std::uint64_t num_moments = outcome.data_size / layout_.format.bytes_per_moment();
        const std::uint64_t comm = find_chunk(layout_, "COMM")->payload_offset;
        const bool is_in_tail = comm > layout_.data_offset;
        patches.push_back({4, big_bytes(saturate(outcome.total - kRiffSizeStart))});
        patches.push_back({size_field_of(data), big_bytes(saturate(payload))});
        patches.push_back({(is_in_tail ? comm - outcome.tail_begin + outcome.tail_output : comm) + 2,
                           big_bytes(saturate(num_moments))});
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
        if (!warning) {
            return tl::unexpected(warning.error());
        }
        if (!warning->empty()) {
            plan.warnings.push_back(*warning);
        }
    }
    plan.before = planner.before();
    plan.end = [planner = std::move(planner)](std::uint64_t data_size) -> Result<PlanEnd> {
        return planner.end(data_size);
    };
    return plan;
}

} // namespace wm
