#pragma once

#include <vector>

#include "index/catalogue.h"
#include "index/verifier.h"

namespace wm {

/// A stretch of a query, as a search sees it.
struct QueryWindow {
    const float* levels = nullptr; ///< [num_frames][kLevelStride]
    std::size_t num_frames = 0;
    std::vector<SpectralPeak> peaks; ///< times from the window's first frame
};

/// A recording found in a window.
struct Found {
    Candidate candidate;
    HeardSpan span;
    std::vector<std::pair<float, float>> hits;
};

struct SearchStep;

/// Searches windows in an index.
/// threads  one at a time
class WindowSearch {
public:
    struct Options {
        double least_score = 0; ///< what a candidate must reach
        bool search_changes = true;
        bool want_hits = false;
        bool is_whole_query = false; ///< no other window will tell a place from its repeats: look along all of the recording
        std::int64_t excluded_track = kNoTrack;
    };

    static Result<WindowSearch> open(const Catalogue& catalogue);

    /// The recordings in the window, best first. `expected` are places that an earlier window makes likely: they are looked at
    /// first, and a search ends as soon as what was found explains the whole window.
    Result<std::vector<Found>> search(const QueryWindow& window, const std::vector<Candidate>& expected,
                                      const Options& options);

    const Coverage& coverage() const { return coverage_; }

    /// Of all tracks that were searched; those that were removed count until the index is compacted.
    std::uint64_t num_frames() const;

private:
    WindowSearch(const Catalogue& catalogue, std::vector<Segment> segments)
        : catalogue_(catalogue), segments_(std::move(segments)) {}

    Result<std::vector<Candidate>> retrieve(const SearchStep& step, const std::vector<SpectralPeak>& peaks,
                                            std::size_t num_frames, std::int64_t excluded_track);
    Result<void> verify(Verifier& verifier, std::vector<Candidate>& candidates, std::size_t num_fine);
    Result<std::vector<Found>> accept(Verifier& verifier, std::vector<Candidate>& candidates, const Options& options);
    static Result<Found> found_at(Verifier& verifier, const Candidate& candidate, const Options& options);
    static Result<std::vector<Found>> at_best_places(Verifier& verifier, std::vector<Found> found, const Options& options);

    const Catalogue& catalogue_;
    std::vector<Segment> segments_;
    Coverage coverage_;
};

} // namespace wm
