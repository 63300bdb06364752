#include "audio/container_layout.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

namespace wm {
namespace {

constexpr int kMinRateHz = 8000;
constexpr int kMaxRateHz = 192000;
constexpr int kMaxChannels = 8;

} // namespace

Result<void> check_rate_and_channels(const std::string& name, double sample_rate_hz, std::int64_t num_channels) {
    if (num_channels < 1 || num_channels > kMaxChannels) {
        return fail(ErrorCode::kUnsupported, fmt::format("{} has {} channels; wm takes 1 to {}: mix or split it first",
                                                         name, num_channels, kMaxChannels));
    }
    if (!(sample_rate_hz >= kMinRateHz && sample_rate_hz <= kMaxRateHz)) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("{} has a sample rate of {} Hz; wm takes {} to {} Hz: resample it first", name,
                                sample_rate_hz, kMinRateHz, kMaxRateHz));
    }
    return {};
}

Result<ContainerLayout> scan_container(const ByteSource& source) {
    std::array<char, 12> head{};
    if (auto count = source.read_at(0, head.data(), head.size()); !count) {
        return tl::unexpected(count.error());
    }
    const std::string_view id(head.data(), 4);
    const std::string_view form(head.data() + 8, 4);
    if (id == "RIFF" || id == "RF64" || id == "BW64") {
        return scan_riff(source);
    }
    if (id == "riff") {
        return scan_w64(source);
    }
    if (id == "FORM" && (form == "AIFF" || form == "AIFC")) {
        return scan_aiff(source);
    }
    return ContainerLayout{};
}

Encoding integer_encoding(int valid_bits, bool is_unsigned) {
    if (valid_bits <= 8) {
        return is_unsigned ? Encoding::kPcmU8 : Encoding::kPcm8;
    }
    if (valid_bits <= 16) {
        return Encoding::kPcm16;
    }
    return valid_bits <= 24 ? Encoding::kPcm24 : Encoding::kPcm32;
}

std::string describe(const PcmFormat& format) {
    if (format.is_float()) {
        return fmt::format("float {}-bit", format.bytes_per_sample * 8);
    }
    return fmt::format("PCM {}-bit", format.valid_bits);
}

} // namespace wm
