#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wm {

/// Adds up over a recording's windows how clearly geometries show the keys' pilots, wherever in each window that is: a mark too
/// weak for any one window stands out in the sum, for all windows were changed alike.
/// cost     16 bytes a key and geometry
class GeometryTally {
public:
    GeometryTally(std::size_t num_keys, std::size_t num_geometries);

    /// A score of the present window; of several the highest counts.
    void note(std::size_t key, std::size_t geometry, float score);
    void end_window();

    /// A geometry at which a key's pilot stands out.
    struct Lead {
        std::size_t geometry = 0;
        std::size_t window = 0; ///< that shows it best
    };

    /// The clearest first, few or none.
    std::vector<Lead> leads(std::size_t key) const;

private:
    struct Entry {
        float sum = 0;
        float best = 0;
        float now = 0;
        std::uint32_t best_window = 0;
    };

    std::vector<std::vector<Entry>> entries_; ///< [key][geometry]
    std::uint32_t num_windows_ = 0;
};

} // namespace wm
