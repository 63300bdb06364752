/// Plans for new Wave64 files. The samples end the file, without padding: libsndfile would read it as samples.

#include "audio/output_plan.h"
#include "audio/wave_format.h"

namespace wm {
namespace {

constexpr std::uint64_t kHeaderBytes = 24;
constexpr std::uint64_t kFileSizeOffset = 16;
constexpr std::string_view kRiffGuidTail("\x2E\x91\xCF\x11\xA5\xD6\x28\xDB\x04\xC1\x00\x00", 12);
constexpr std::string_view kGuidTail("\xF3\xAC\xD3\x11\x8C\xD1\x00\xC0\x4F\x8E\xDB\x8A", 12);

std::string guid(std::string_view id, std::string_view tail) {
    return std::string(id) + std::string(tail);
}

} // namespace

OutputPlan plan_new_w64(const PlanRequest& request) {
    OutputPlan plan;
    plan.format = output_format(Container::kW64, request.spec);
    const std::string fmt_payload = make_wave_format(plan.format); // 16 or 40 bytes: aligned
    const std::string no_size_yet(8, '\0');
    plan.before = {{guid("riff", kRiffGuidTail) + no_size_yet + guid("wave", kGuidTail) + guid("fmt ", kGuidTail) +
                    little_bytes(kHeaderBytes + fmt_payload.size()) + fmt_payload + guid("data", kGuidTail) +
                    no_size_yet}};
    const std::uint64_t data_offset = total_bytes(plan.before);
    plan.end = [data_offset](std::uint64_t data_size) -> Result<PlanEnd> {
        PlanEnd end;
        end.patches.push_back({kFileSizeOffset, little_bytes(data_offset + data_size)});
        end.patches.push_back({data_offset - 8, little_bytes(kHeaderBytes + data_size)});
        return end;
    };
    for (std::size_t i = 0; i < request.layout.chunks.size(); ++i) {
        warn_of_chunk(request.layout, i, plan.warnings);
    }
    return plan;
}

} // namespace wm
