#pragma once

#include <cstdint>

#include "wm/audio.h"

namespace wm {

/// By how many samples `test` is later than `reference` (negative: earlier), up to a quarter of a second.
///
/// 0 unless shifting takes away three quarters of the difference that is there without, over the ten seconds after the
/// reference's first sound: two recordings that differ in other ways, or repeat themselves, stay where they are.
/// cost     two transforms of ten seconds and some
std::int64_t find_delay(const Audio& reference, const Audio& test);

} // namespace wm
