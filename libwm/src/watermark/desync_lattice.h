#pragma once

#include <vector>

#include "watermark/finding.h"

namespace wm {

/// A tempo and a pitch on the lattice over which the bound unites.
struct LatticeGeometry {
    int tempo_step = 0; ///< ln tempo in units of 1e-4
    int pitch_step = 0; ///< in units of 2 cents

    Geometry geometry() const;
    static LatticeGeometry nearest(const Geometry& geometry);

    /// Moved by so many steps, and kept on the lattice.
    LatticeGeometry moved(int tempo_steps, int pitch_steps) const;

    /// Of the lattice: natural logarithm of the number of its points, and its fastest tempo.
    static double log_num_points();
    static double fastest_tempo();
};

/// Three lines: speed (tempo and pitch together), tempo alone, pitch alone. Without the identity.
std::vector<LatticeGeometry> desync_lines();

/// Tempo and pitch changed independently of each other, within the ranges of their lines. Without the lines.
std::vector<LatticeGeometry> desync_plane();

/// Levels move with pitch; the scan measures them on a grid of 20 cents.
int nearest_grid_pitch(int pitch_step);

} // namespace wm
