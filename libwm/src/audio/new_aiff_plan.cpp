/// Plans for new AIFF and AIFF-C files.

#include <array>

#include "audio/aiff_rate.h"
#include "audio/output_plan.h"

namespace wm {
namespace {

constexpr std::uint64_t kMaxAiffBytes = 0xFFFFFFFF;
constexpr std::uint32_t kAifcVersion = 0xA2805140; ///< the only one there is
constexpr std::size_t kSsndHeaderBytes = 8;

std::string chunk(std::string_view id, const std::string& payload) {
    return std::string(id) + big_bytes(saturate(payload.size())) + payload + std::string(payload.size() & 1, '\0');
}

/// The number of samples is left 0, at byte 2.
std::string comm_payload(const PcmFormat& format) {
    std::array<std::uint8_t, 10> rate{};
    store_extended(rate.data(), static_cast<std::uint32_t>(format.sample_rate_hz));
    std::string comm = big_bytes(static_cast<std::uint16_t>(format.num_channels)) + std::string(4, '\0') +
                       big_bytes(static_cast<std::uint16_t>(format.valid_bits)) +
                       std::string(reinterpret_cast<const char*>(rate.data()), rate.size());
    constexpr std::size_t kEmptyNameBytes = 2;
    if (format.is_float()) {
        comm += (format.bytes_per_sample == 4 ? "fl32" : "fl64") + std::string(kEmptyNameBytes, '\0');
    }
    return comm;
}

bool is_carried(const PlanRequest& request, const Chunk& source) {
    return is_riff(request.layout.container) && source.id == "id3 ";
}

} // namespace

OutputPlan plan_new_aiff(const PlanRequest& request) {
    OutputPlan plan;
    plan.format = output_format(Container::kAiff, request.spec);
    std::string head = std::string("FORM\0\0\0\0", 8) + (plan.format.is_float() ? "AIFC" : "AIFF");
    if (plan.format.is_float()) {
        head += chunk("FVER", big_bytes(kAifcVersion));
    }
    const std::uint64_t num_moments_offset = head.size() + 8 + 2;
    head += chunk("COMM", comm_payload(plan.format));
    plan.before = {{head}};
    for (std::size_t i = 0; i < request.layout.chunks.size(); ++i) {
        const Chunk& source = request.layout.chunks[i];
        if (!is_carried(request, source)) {
            warn_of_chunk(request.layout, i, plan.warnings);
            continue;
        }
        plan.before.push_back({"ID3 " + big_bytes(saturate(source.payload_size))});
        if (source.payload_size != 0) {
            plan.before.push_back({"", source.payload_offset, source.payload_size});
        }
        if ((source.payload_size & 1) != 0) {
            plan.before.push_back({std::string(1, '\0')});
        }
    }
    plan.before.push_back({"SSND" + std::string(4 + kSsndHeaderBytes, '\0')});
    const std::uint64_t data_offset = total_bytes(plan.before);
    plan.end = [=, moment_bytes = plan.format.bytes_per_moment()](std::uint64_t data_size) -> Result<PlanEnd> {
        PlanEnd end;
        if ((data_size & 1) != 0) {
            end.segments.push_back({std::string(1, '\0')});
        }
        const std::uint64_t total = data_offset + data_size + total_bytes(end.segments);
        if (total > kMaxAiffBytes) {
            return fail(ErrorCode::kUnsupported, "AIFF files end at 4 GiB: write a .wav, .rf64, .w64 or .flac instead");
        }
        end.patches.push_back({4, big_bytes(saturate(total - 8))});
        end.patches.push_back({num_moments_offset, big_bytes(saturate(data_size / moment_bytes))});
        end.patches.push_back({data_offset - kSsndHeaderBytes - 4, big_bytes(saturate(kSsndHeaderBytes + data_size))});
        return end;
    };
    return plan;
}

} // namespace wm
