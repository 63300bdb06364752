#pragma once

/// Between stored samples and what an AudioBlock holds: integers left-justified in 32 bits, floats as doubles. Exact.

#include <cstddef>
#include <cstdint>

#include "audio/container_layout.h"

namespace wm {

/// Bytes that the codec may touch after the last sample of a buffer.
inline constexpr std::size_t kPcmSlackBytes = 4;

/// bytes    `count` samples of an integer `format`, readable for kPcmSlackBytes more
void decode_integers(const PcmFormat& format, const std::uint8_t* bytes, std::size_t count, std::int32_t* out);

/// bytes    `count` samples of a float `format`
void decode_reals(const PcmFormat& format, const std::uint8_t* bytes, std::size_t count, double* out);

/// bytes    room for `count` samples of an integer `format` and kPcmSlackBytes more
void encode_integers(const PcmFormat& format, const std::int32_t* samples, std::size_t count, std::uint8_t* bytes);

/// bytes    room for `count` samples of a float `format`
void encode_reals(const PcmFormat& format, const double* samples, std::size_t count, std::uint8_t* bytes);

} // namespace wm
