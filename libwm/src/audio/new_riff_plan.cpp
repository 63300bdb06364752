/// Plans for new RIFF, RF64 and BW64 files.

#include <utility>

#include "audio/output_plan.h"
#include "audio/wave_format.h"

namespace wm {
namespace {

constexpr std::uint64_t kMaxRiffBytes = 0xFFFFFFFF;
constexpr std::uint32_t kSeeDs64 = 0xFFFFFFFF; ///< in a 32-bit size field
constexpr std::size_t kDs64Bytes = 28;
constexpr std::uint64_t kDs64Offset = 12;

std::string chunk(std::string_view id, const std::string& payload) {
    return std::string(id) + little_bytes(saturate(payload.size())) + payload + std::string(payload.size() & 1, '\0');
}

/// The id that a chunk of the source has in a RIFF file; empty when it stays behind.
std::string riff_id(const ContainerLayout& layout, std::size_t index) {
    const Chunk& chunk = layout.chunks[index];
    if (is_aiff(layout.container)) {
        return chunk.id == "ID3 " ? "id3 " : "";
    }
    const bool is_own = index == layout.data_chunk || chunk.id == "ds64" || chunk.id == "fmt " || chunk.id == "fact";
    return is_riff(layout.container) && !is_own ? chunk.id : "";
}

class NewRiffPlanner {
public:
    NewRiffPlanner(const PlanRequest& request, const PcmFormat& format) : target_(request.target), format_(format) {
        std::string head = std::string("RIFF\0\0\0\0WAVE", 12);
        has_ds64_room_ = target_ != Container::kWav || may_exceed_riff(request);
        if (has_ds64_room_) {
            head += chunk("JUNK", std::string(kDs64Bytes, '\0'));
        }
        head += chunk("fmt ", make_wave_format(format_));
        fact_offset_ = head.size() + 8;
        if (format_.is_float()) {
            head += chunk("fact", std::string(4, '\0'));
        }
        before_.push_back({head});
        for (std::size_t i = 0; i < request.layout.chunks.size(); ++i) {
            carry(request.layout, i, i < request.layout.data_chunk ? before_ : after_);
        }
        before_.push_back({std::string("data\0\0\0\0", 8)});
        data_offset_ = total_bytes(before_);
    }

    const std::vector<OutputPart>& before() const { return before_; }

    PlanEnd end(std::uint64_t data_size) const {
        PlanEnd end{after_, {}};
        if ((data_size & 1) != 0) {
            end.segments.insert(end.segments.begin(), {std::string(1, '\0')});
        }
        const std::uint64_t riff_size = data_offset_ + data_size + total_bytes(end.segments) - 8;
        const std::uint64_t num_moments = data_size / format_.bytes_per_moment();
        if (target_ != Container::kWav || (has_ds64_room_ && riff_size > kMaxRiffBytes)) {
            const std::string id = target_ == Container::kBw64 ? "BW64" : "RF64";
            const std::string sizes = little_bytes(riff_size) + little_bytes(data_size) + little_bytes(num_moments);
            end.patches.push_back({0, id + little_bytes(kSeeDs64)});
            end.patches.push_back({kDs64Offset, chunk("ds64", sizes + std::string(kDs64Bytes - sizes.size(), '\0'))});
            end.patches.push_back({data_offset_ - 4, little_bytes(kSeeDs64)});
        } else {
            end.patches.push_back({4, little_bytes(saturate(riff_size))});
            end.patches.push_back({data_offset_ - 4, little_bytes(saturate(data_size))});
        }
        if (format_.is_float()) {
            end.patches.push_back({fact_offset_, little_bytes(saturate(num_moments))});
        }
        return end;
    }

private:
    /// Whether the file may pass 4 GiB: a JUNK chunk then keeps room for the sizes of RF64 (EBU Tech 3306, section 3.5).
    bool may_exceed_riff(const PlanRequest& request) const {
        if (request.spec.num_samples < 0) {
            return true;
        }
        const auto num_moments = static_cast<std::uint64_t>(request.spec.num_samples);
        return num_moments * format_.bytes_per_moment() + request.source.size() > kMaxRiffBytes;
    }

    void carry(const ContainerLayout& layout, std::size_t index, std::vector<OutputPart>& segments) const {
        const std::string id = riff_id(layout, index);
        const Chunk& source = layout.chunks[index];
        if (id.empty()) {
            return;
        }
        segments.push_back({id + little_bytes(saturate(source.payload_size))});
        if (source.payload_size != 0) {
            segments.push_back({"", source.payload_offset, source.payload_size});
        }
        if ((source.payload_size & 1) != 0) {
            segments.push_back({std::string(1, '\0')});
        }
    }

    Container target_;
    PcmFormat format_;
    bool has_ds64_room_ = false;
    std::uint64_t fact_offset_ = 0;
    std::uint64_t data_offset_ = 0;
    std::vector<OutputPart> before_;
    std::vector<OutputPart> after_;
};

} // namespace

OutputPlan plan_new_riff(const PlanRequest& request) {
    OutputPlan plan;
    plan.format = output_format(request.target, request.spec);
    NewRiffPlanner planner(request, plan.format);
    plan.before = planner.before();
    plan.end = [planner = std::move(planner)](std::uint64_t data_size) -> Result<PlanEnd> {
        return planner.end(data_size);
    };
    for (std::size_t i = 0; i < request.layout.chunks.size(); ++i) {
        if (riff_id(request.layout, i).empty()) {
            warn_of_chunk(request.layout, i, plan.warnings);
        }
    }
    return plan;
}

} // namespace wm
