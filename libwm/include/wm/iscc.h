#pragma once

/// ISCC Audio-Codes, ISO 24138: short codes by which others compare recordings. Made from Chromaprint's features; for finding
/// recordings use an index, which sees far more.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "wm/progress.h"
#include "wm/result.h"

namespace wm {

/// The code of the audio of `path`, "ISCC:" and base32, of the length that ISO 24138 calls its default (64 bits).
///
/// errors   kIo, kFormat, kUnsupported (also: built without Chromaprint), kCancelled
/// cost     that of Chromaprint's fingerprint of the whole recording
/// threads  reentrant
Result<std::string> iscc_audio_code(const std::string& path, const Progress& progress = {});

/// The code of Chromaprint features (`fpcalc -raw -signed -length 0`).
/// num_bits  64, 128, 192 or 256
std::string iscc_audio_code_of_features(std::span<const std::int32_t> features, std::size_t num_bits = 64);

} // namespace wm
