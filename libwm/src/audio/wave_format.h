#pragma once

/// The WAVEFORMATEX structure that RIFF and W64 files share (Microsoft, mmreg.h).

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "audio/container_layout.h"

namespace wm {

/// The longest part of a 'fmt ' chunk that matters: WAVEFORMATEXTENSIBLE.
inline constexpr std::size_t kWaveFormatBytes = 40;

/// Reads a 'fmt ' payload (14 bytes or more; what follows 40 is ignored) into `layout`: its format, and whether it is linear.
/// errors   kFormat (too short), kUnsupported (rate, channels, sample width)
Result<void> read_wave_format(const std::string& name, std::span<const std::uint8_t> bytes, ContainerLayout& layout);

/// The 'fmt ' payload for `format`: 16 bytes, or 40 (extensible) where channels or width need it.
std::string make_wave_format(const PcmFormat& format);

/// Four bytes as text, with what cannot be printed replaced.
std::string printable_id(const std::uint8_t* bytes);

} // namespace wm
