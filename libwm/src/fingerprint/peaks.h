#pragma once

#include <cstddef>
#include <vector>

#include "fingerprint/level_map.h"
#include "wm/fingerprint.h"

namespace wm {

inline constexpr std::size_t kTimeSteps = 2;     ///< a frame
inline constexpr std::size_t kBandSteps = 7;     ///< a band
inline constexpr std::uint32_t kCellFrames = 32; ///< a cell is this long and an octave wide
inline constexpr std::size_t kCellPeaks = 5;     ///< at most, of a fingerprint

/// Which peaks are taken.
struct PeakSelection {
    std::size_t num_frames = 5; ///< a peak is the maximum of so many frames before and after it
    std::size_t num_bands = 4;  ///< and of so many bands below and above
    std::size_t cell_peaks = kCellPeaks;
};
/// What fingerprints are made of.
inline constexpr PeakSelection kStoredPeaks = {};

/// Finds the peaks of a stream of level rows: local maxima that stand 0.9 dB above their surroundings, and of these the strongest
/// few of each cell.
///
/// Peaks come ordered by cell: by 32 frames, then by octave, then by rank.
/// threads  one at a time
class PeakFinder {
public:
    explicit PeakFinder(const PeakSelection& selection = kStoredPeaks) : selection_(selection) {}

    /// Takes rows[num_rows][kLevelStride] and appends the peaks of cells that are complete.
    void push(const float* rows, std::size_t num_rows, std::vector<SpectralPeak>& peaks);

    /// Appends the rest.
    void finish(std::vector<SpectralPeak>& peaks);

    std::size_t num_frames() const { return num_frames_; }

private:
    struct Candidate {
        float strength;
        float time; ///< in frames from the cell's start
        float band; ///< in bands from the octave's lowest
    };

    void find_in_block(std::vector<SpectralPeak>& peaks);
    void find_in_row(std::size_t row, const float* means);
    bool is_local_maximum(std::size_t row, std::size_t band) const;
    void add_candidate(std::size_t row, std::size_t band, float mean);
    void append_cells(std::vector<SpectralPeak>& peaks);
    std::size_t num_kept_rows() const { return levels_.size() / kLevelStride; }
    const float* level_row(std::size_t row) const { return levels_.data() + row * kLevelStride; }

    PeakSelection selection_;
    std::vector<float> levels_;       ///< the rows of the next block and of its neighbourhood
    std::vector<float> band_means_;   ///< of the same rows, over neighbouring bands
    std::vector<float> context_sums_; ///< [kLevelStride], sliding over rows
    std::vector<Candidate> candidates_[kNumOctaves];
    std::size_t first_row_ = 0;   ///< the frame that levels_ begins with
    std::size_t block_start_ = 0; ///< the frame that the next block begins with
    std::size_t num_frames_ = 0;
};

} // namespace wm
