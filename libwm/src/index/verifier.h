#pragma once

#include <map>
#include <vector>

#include "fingerprint/contrast_map.h"
#include "index/alignment.h"
#include "index/catalogue.h"

namespace wm {

/// Stored peaks, ready to be laid upon a query.
struct PlacedPeak {
    float time; ///< frames
    float band; ///< bands
};

/// Peaks that a search has read already.
/// threads  one at a time
class PeakCache {
public:
    explicit PeakCache(const Catalogue& catalogue) : catalogue_(catalogue) {}

    /// The peaks of a track from `first_frame` to `last_frame` (and some around), by time. Damaged chunks count as empty.
    /// errors   kIo
    Result<std::vector<PlacedPeak>> peaks(std::int64_t track, std::uint32_t num_frames, double first_frame,
                                          double last_frame);

private:
    const Catalogue& catalogue_;
    std::map<std::pair<std::int64_t, std::uint32_t>, std::vector<PlacedPeak>> chunks_;
};

/// Where a recording is heard in a query.
struct HeardSpan {
    double first_frame = 0; ///< of the query
    double last_frame = 0;
};

/// Lays the peaks of candidates upon one query.
class Verifier {
public:
    /// least_score  what a candidate must have to be wanted: those that cannot reach it are not looked at to the end
    Verifier(const ContrastMap& map, PeakCache& cache, double least_score)
        : map_(map), cache_(cache), least_score_(least_score) {}

    /// Scores the places around the candidate's, and moves it to the best. errors: kIo
    Result<void> score_roughly(Candidate& candidate);

    /// Refines place, tempo and shift, and calibrates the score against decoys: the same peaks at wrong shifts and times.
    Result<void> score_finely(Candidate& candidate);

    /// The place in the whole recording that the query fits best at the candidate's tempo and shift, as finely scored: music that
    /// repeats itself has many that are nearly right. Recordings of more than an hour are left as they are.
    Result<Candidate> best_place(const Candidate& candidate);

    /// The stretch of the query that supports the candidate, empty when none does.
    Result<HeardSpan> heard_span(const Candidate& candidate);

    /// The peaks of the query that the candidate does not have: what another sound may have put there.
    Result<std::vector<SpectralPeak>> unexplained_peaks(const Candidate& candidate,
                                                        const std::vector<SpectralPeak>& query_peaks);

    /// Query and recording frames of the peaks that are there.
    Result<std::vector<std::pair<float, float>>> hits(const Candidate& candidate, const HeardSpan& span);

private:
    Result<std::vector<PlacedPeak>> peaks_of(const Candidate& candidate, double margin_frames);
    double raw_score(const std::vector<PlacedPeak>& peaks, const Alignment& alignment) const;
    void refine(const std::vector<PlacedPeak>& peaks, Candidate& candidate) const;
    bool is_hopeless(const Candidate& candidate) const;
    void calibrate(const std::vector<PlacedPeak>& peaks, Candidate& candidate) const;

    /// Calls use(peak, query frame, band) for the peaks that fall inside the map.
    template <class Use>
    void for_each_peak(const std::vector<PlacedPeak>& peaks, const Alignment& alignment, Use use) const;

    const ContrastMap& map_;
    PeakCache& cache_;
    double least_score_;
};

} // namespace wm
