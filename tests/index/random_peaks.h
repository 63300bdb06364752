#pragma once

#include <cstdint>
#include <random>

#include "wm/fingerprint.h"

namespace wm::test {

/// A fingerprint of random peaks, three of each cell: recordings that have nothing in common.
inline Fingerprint random_recording(std::uint32_t seed, std::uint32_t num_frames = 2000) {
    std::mt19937 draw(seed);
    Fingerprint fingerprint;
    fingerprint.num_frames = num_frames;
    for (std::uint32_t row = 0; row * 32 < num_frames; ++row) {
        for (std::uint32_t octave = 0; octave < 5; ++octave) {
            for (std::uint8_t rank = 0; rank < 3; ++rank) {
                fingerprint.peaks.push_back({row * 64 + static_cast<std::uint32_t>(draw() % 64),
                                             static_cast<std::uint16_t>(octave * 252 + draw() % 252), rank});
            }
        }
    }
    return fingerprint;
}

} // namespace wm::test
