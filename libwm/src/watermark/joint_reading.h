#pragma once

#include <cstddef>
#include <optional>

#include "watermark/desync_search.h"

namespace wm {

/// Reads a mark out of several windows of one recording that all show its pattern at the same geometry, each at a place of its own:
/// cuts between them, and a tempo known too coarsely to count rows from one to the next, do no harm.
class JointReading {
public:
    /// layout  must outlive the reading
    /// num_windows  that the recording has
    JointReading(const ChipLayout& layout, std::size_t num_windows)
        : layout_(layout), num_windows_(num_windows), folded_(kBlockTiles) {}

    /// Takes what one of the windows shows, if that helps.
    void add(const Sighting& sighting);

    /// The mark, if it passes the bound.
    /// log_bound  natural logarithm of the accepted chance of any false finding
    std::optional<Finding> read(std::size_t key_index, const LatticeGeometry& lattice, double log_bound,
                                std::size_t num_keys) const;

    /// Natural logarithm of the number of geometries, of places in each window, of choices of windows and of keys that the bound
    /// unites over.
    static double log_hypotheses(std::size_t num_windows, std::size_t num_keys);

private:
    const ChipLayout& layout_;
    std::size_t num_windows_;
    TileMap folded_;
    std::size_t num_added_ = 0;
    double start_s_ = 0;
    double end_s_ = 0;
};

} // namespace wm
