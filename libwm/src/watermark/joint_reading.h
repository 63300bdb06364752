#pragma once

#include <cstddef>
#include <optional>

#include "watermark/desync_search.h"

namespace wm {

/// Reads a mark out of several windows of one recording that all show its pattern at the same geometry, each at a place of its own:
/// cuts between them, and a tempo known too coarsely to count rows from one to the next, do no harm.
class JointReading {
public:
    static constexpr std::size_t kMostWindows = 5;

    /// layout  must outlive the reading
    explicit JointReading(const ChipLayout& layout) : layout_(layout), folded_(kBlockTiles) {}

    /// Takes what a window shows, if that helps; at most kMostWindows.
    void add(const Sighting& sighting);

    /// The mark, if it passes the bound.
    /// log_bound  natural logarithm of the accepted chance of any false finding
    std::optional<Finding> read(std::size_t key_index, const LatticeGeometry& lattice, double log_bound,
                                std::size_t num_keys) const;

    /// Natural logarithm of the number of geometries, of places in each window, of choices of windows and of keys that the bound
    /// unites over.
    static double log_hypotheses(std::size_t num_keys);

private:
    const ChipLayout& layout_;
    TileMap folded_;
    std::size_t num_windows_ = 0;
    double start_s_ = 0;
    double end_s_ = 0;
};

} // namespace wm
