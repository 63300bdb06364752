#include "audio/wave_format.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "base/byte_order.h"

namespace wm {
namespace {

constexpr std::size_t kMinBytes = 14;
constexpr std::size_t kShortBytes = 16;
constexpr std::uint16_t kTagPcm = 1;
constexpr std::uint16_t kTagFloat = 3;
constexpr std::uint16_t kTagExtensible = 0xFFFE;

/// The tail that every KSDATAFORMAT_SUBTYPE_* GUID shares; the two bytes before it are the format tag.
constexpr std::array<std::uint8_t, 14> kSubformatTail{0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71};

struct WaveFormat {
    int tag = 0;
    int block_align = 0;
    int bits = 0;
};

Result<void> set_sample_type(const std::string& name, const WaveFormat& wave, PcmFormat& format) {
    const bool is_float = wave.tag == kTagFloat;
    const int bytes = format.bytes_per_sample;
    const bool is_float_width = (bytes == 4 || bytes == 8) && wave.bits == bytes * 8;
    const bool is_integer_width = bytes <= 4 && wave.bits >= 1 && wave.bits <= bytes * 8;
    const bool is_whole = wave.block_align == bytes * format.num_channels;
    if (!is_whole || !(is_float ? is_float_width : is_integer_width)) {
        return fail(
            ErrorCode::kUnsupported,
            fmt::format(
                "{}: its 'fmt ' chunk describes {}-bit {} samples in {} bytes for {} channels; wm takes integers "
                "of 8 to 32 bits and floats of 32 or 64",
                name, wave.bits, is_float ? "float" : "integer", wave.block_align, format.num_channels));
    }
    format.valid_bits = wave.bits;
    if (is_float) {
        format.encoding = bytes == 4 ? Encoding::kFloat32 : Encoding::kFloat64;
    } else {
        format.encoding = integer_encoding(wave.bits, bytes == 1);
    }
    return {};
}

/// Speaker positions for the usual layouts of 1 to 8 channels (mono, stereo, 3.0, quad, 5.0, 5.1, 6.1, 7.1).
std::uint32_t channel_mask(int num_channels) {
    constexpr std::array<std::uint32_t, 9> kMasks{0, 0x4, 0x3, 0x7, 0x33, 0x37, 0x3F, 0x13F, 0x63F};
    return kMasks[static_cast<std::size_t>(num_channels)];
}

} // namespace

Result<void> read_wave_format(const std::string& name, std::span<const std::uint8_t> bytes, ContainerLayout& layout) {
    if (bytes.size() < kMinBytes) {
        return fail(ErrorCode::kFormat, fmt::format("{}: its 'fmt ' chunk has only {} bytes", name, bytes.size()));
    }
    const std::uint8_t* fields = bytes.data();
    const int num_channels = load_little<std::uint16_t>(fields + 2);
    const auto rate_hz = load_little<std::uint32_t>(fields + 4);
    if (auto checked = check_rate_and_channels(name, rate_hz, num_channels); !checked) {
        return checked;
    }
    WaveFormat wave{.tag = load_little<std::uint16_t>(fields), .block_align = load_little<std::uint16_t>(fields + 12)};
    if (bytes.size() >= kShortBytes) {
        wave.bits = load_little<std::uint16_t>(fields + 14);
    }
    if (wave.tag == kTagExtensible && bytes.size() >= kWaveFormatBytes &&
        std::equal(kSubformatTail.begin(), kSubformatTail.end(), fields + 26)) {
        wave.tag = load_little<std::uint16_t>(fields + 24);
        if (const int valid = load_little<std::uint16_t>(fields + 18); valid != 0 && valid < wave.bits) {
            wave.bits = valid;
        }
    }
    PcmFormat& format = layout.format;
    format.sample_rate_hz = static_cast<int>(rate_hz);
    format.num_channels = num_channels;
    format.bytes_per_sample = std::max(1, wave.block_align / num_channels);
    layout.is_linear = wave.tag == kTagPcm || wave.tag == kTagFloat;
    return layout.is_linear ? set_sample_type(name, wave, format) : Result<void>{};
}

std::string make_wave_format(const PcmFormat& format) {
    const int bits = format.bytes_per_sample * 8;
    const bool is_extensible = format.num_channels > 2 || format.valid_bits != bits;
    const std::uint16_t tag = format.is_float() ? kTagFloat : kTagPcm;
    std::string bytes(is_extensible ? kWaveFormatBytes : kShortBytes, '\0');
    char* fields = bytes.data();
    const auto block_align = static_cast<std::uint16_t>(format.bytes_per_moment());
    const auto rate_hz = static_cast<std::uint32_t>(format.sample_rate_hz);
    store_little<std::uint16_t>(fields, is_extensible ? kTagExtensible : tag);
    store_little(fields + 2, static_cast<std::uint16_t>(format.num_channels));
    store_little(fields + 4, rate_hz);
    store_little(fields + 8, rate_hz * block_align);
    store_little(fields + 12, block_align);
    store_little(fields + 14, static_cast<std::uint16_t>(bits));
    if (!is_extensible) {
        return bytes;
    }
    store_little<std::uint16_t>(fields + 16, 22);
    store_little(fields + 18, static_cast<std::uint16_t>(format.valid_bits));
    store_little(fields + 20, channel_mask(format.num_channels));
    store_little(fields + 24, tag);
    std::memcpy(fields + 26, kSubformatTail.data(), kSubformatTail.size());
    return bytes;
}

std::string printable_id(const std::uint8_t* bytes) {
    std::string id(reinterpret_cast<const char*>(bytes), 4);
    std::replace_if(
        id.begin(), id.end(), [](char letter) { return letter < ' ' || letter > '~'; }, '?');
    return id;
}

} // namespace wm
