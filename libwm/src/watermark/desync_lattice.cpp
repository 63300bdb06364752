#include "watermark/desync_lattice.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace wm {
namespace {

constexpr double kTempoUnit = 1e-4;
constexpr double kPitchUnit_octaves = 2.0 / 1200.0;

/// The grid of the scan: at these distances a mark keeps most of its pilot over a window of 12 s.
constexpr int kTempoGrid = 30;
constexpr int kPitchGrid = 10;
constexpr int kMostSpeed = 2550; ///< +29 %, -22.5 %
constexpr int kMostTempo = 1200; ///< +-12 %
constexpr int kMostPitch = 150;  ///< +-3 semitones
/// Reach of refinement, for the bound.
constexpr int kLargestTempo = 2700;
constexpr int kLargestPitch = 260;

} // namespace

Geometry LatticeGeometry::geometry() const {
    return {std::exp(tempo_step * kTempoUnit), std::exp2(pitch_step * kPitchUnit_octaves)};
}

LatticeGeometry LatticeGeometry::nearest(const Geometry& geometry) {
    return {static_cast<int>(std::lround(std::log(geometry.tempo) / kTempoUnit)),
            static_cast<int>(std::lround(std::log2(geometry.pitch) / kPitchUnit_octaves))};
}

std::vector<LatticeGeometry> desync_lines() {
    std::vector<LatticeGeometry> lines;
    for (int tempo = -kMostSpeed; tempo <= kMostSpeed; tempo += kTempoGrid) {
        if (tempo == 0) {
            continue;
        }
        const double octaves = tempo * kTempoUnit / std::log(2.0);
        lines.push_back({tempo, static_cast<int>(std::lround(octaves / kPitchUnit_octaves))});
        if (std::abs(tempo) <= kMostTempo) {
            lines.push_back({tempo, 0});
        }
    }
    for (int pitch = -kMostPitch; pitch <= kMostPitch; pitch += kPitchGrid) {
        if (pitch != 0) {
            lines.push_back({0, pitch});
        }
    }
    return lines;
}

std::vector<LatticeGeometry> desync_plane() {
    std::vector<LatticeGeometry> plane;
    for (int pitch = -kMostPitch; pitch <= kMostPitch; pitch += kPitchGrid) {
        for (int tempo = -kMostTempo; tempo <= kMostTempo; tempo += kTempoGrid) {
            if (tempo != 0 && pitch != 0) {
                plane.push_back({tempo, pitch});
            }
        }
    }
    return plane;
}

LatticeGeometry LatticeGeometry::moved(int tempo_steps, int pitch_steps) const {
    return {std::clamp(tempo_step + tempo_steps, -kLargestTempo, kLargestTempo),
            std::clamp(pitch_step + pitch_steps, -kLargestPitch, kLargestPitch)};
}

double LatticeGeometry::log_num_points() {
    return std::log((2.0 * kLargestTempo + 1.0) * (2.0 * kLargestPitch + 1.0));
}

double LatticeGeometry::fastest_tempo() {
    return std::exp(kLargestTempo * kTempoUnit);
}

int nearest_grid_pitch(int pitch_step) {
    return static_cast<int>(std::lround(static_cast<double>(pitch_step) / kPitchGrid)) * kPitchGrid;
}

} // namespace wm
