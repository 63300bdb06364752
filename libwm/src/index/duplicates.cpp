#include <algorithm>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include "fingerprint/peaks.h"
#include "index/index_state.h"
#include "index/verifier.h"
#include "index/votes.h"

namespace wm {
namespace {

/// What is asked of a recording: this much of every minute, by its stored peaks.
constexpr std::uint32_t kAskedFrames = 1250;
constexpr std::uint32_t kAskEveryFrames = 3750;
constexpr std::array<std::size_t, kNumChanges> kLimits = {20, 0, 0, 0, 0};
constexpr std::uint32_t kLeastVotes = 4;
/// Of the peaks of a stretch, the share that another recording has too, within a frame and a band. Unrelated ones have a tenth.
constexpr double kSharedPeaks = 0.35;
/// How much of a recording must be shared: so much, or half of the shorter one.
constexpr double kLeastCommon_s = 60;

/// Sets of recordings that were joined.
class Groups {
public:
    explicit Groups(std::size_t count) : parents_(count) { std::iota(parents_.begin(), parents_.end(), 0U); }

    std::size_t root(std::size_t member) {
        while (parents_[member] != member) {
            member = parents_[member] = parents_[parents_[member]];
        }
        return member;
    }
    void join(std::size_t a, std::size_t b) { parents_[root(a)] = root(b); }

private:
    std::vector<std::size_t> parents_;
};

/// One run of Index::duplicates().
class DuplicateSearch {
public:
    DuplicateSearch(const Catalogue& catalogue, std::vector<Catalogue::Row> rows, std::vector<Segment> segments)
        : catalogue_(catalogue), rows_(std::move(rows)), segments_(std::move(segments)), groups_(rows_.size()) {
        for (std::size_t k = 0; k < rows_.size(); ++k) {
            places_[rows_[k].number] = k;
        }
    }

    Result<std::vector<std::vector<std::string>>> run(const Progress& progress) {
        for (std::size_t k = 0; k < rows_.size(); ++k) {
            if (Result<void> done = search(k); !done) {
                return tl::unexpected(done.error());
            }
            if (progress && !progress(static_cast<double>(k + 1) / static_cast<double>(rows_.size()))) {
                return fail(ErrorCode::kCancelled, "stopped before all recordings were compared");
            }
        }
        std::map<std::size_t, std::vector<std::string>> by_root;
        for (std::size_t k = 0; k < rows_.size(); ++k) {
            by_root[groups_.root(k)].push_back(rows_[k].track.id); // rows are sorted by id
        }
        std::vector<std::vector<std::string>> found;
        for (auto& [root, ids] : by_root) {
            if (ids.size() > 1) {
                found.push_back(std::move(ids));
            }
        }
        std::sort(found.begin(), found.end());
        return found;
    }

private:
    /// Compares a recording with all others, a stretch of each minute at a time.
    Result<void> search(std::size_t index) {
        const Result<Fingerprint> fingerprint = catalogue_.fingerprint(rows_[index]);
        if (!fingerprint) {
            return tl::unexpected(fingerprint.error());
        }
        std::map<std::size_t, std::uint32_t> num_shared;
        for (std::uint32_t start = 0; start < rows_[index].num_frames; start += kAskEveryFrames) {
            const std::vector<SpectralPeak> stretch = cut(fingerprint->peaks, start);
            PeakCache cache(catalogue_);
            const Result<std::vector<Candidate>> candidates = candidates_for(stretch);
            if (!candidates) {
                return tl::unexpected(candidates.error());
            }
            std::map<std::size_t, bool> here;
            for (const Candidate& candidate : *candidates) {
                const auto other = places_.find(candidate.track);
                if (other == places_.end() || other->second == index || candidate.num_votes < kLeastVotes) {
                    continue;
                }
                const Result<double> share = shared_peaks(stretch, candidate, cache);
                if (!share) {
                    return tl::unexpected(share.error());
                }
                here[other->second] |= *share >= kSharedPeaks;
            }
            for (const auto& [other, is_shared] : here) {
                num_shared[other] += is_shared ? 1 : 0;
            }
        }
        for (const auto& [other, count] : num_shared) {
            const double shorter_s = std::min(rows_[index].track.duration_s, rows_[other].track.duration_s);
            if (count * kAskEveryFrames / kFrameRate_hz >= std::min(kLeastCommon_s, shorter_s / 2) && count > 0) {
                groups_.join(index, other);
            }
        }
        return {};
    }

    static std::vector<SpectralPeak> cut(const std::vector<SpectralPeak>& peaks, std::uint32_t start) {
        std::vector<SpectralPeak> stretch;
        for (SpectralPeak peak : peaks) {
            if (peak.time / kTimeSteps >= start && peak.time / kTimeSteps < start + kAskedFrames) {
                peak.time -= start * static_cast<std::uint32_t>(kTimeSteps);
                stretch.push_back(peak);
            }
        }
        return stretch;
    }

    Result<std::vector<Candidate>> candidates_for(const std::vector<SpectralPeak>& stretch) const {
        VoteCounter votes(find_triples(stretch, kStoredTriples), {0, 0}, kLimits, kAskedFrames);
        std::vector<Candidate> candidates;
        for (const Segment& segment : segments_) {
            const Result<Coverage> coverage = votes.count(catalogue_.postings(), segment);
            if (!coverage) {
                return tl::unexpected(coverage.error());
            }
            const std::vector<Candidate> here = votes.candidates(segment);
            candidates.insert(candidates.end(), here.begin(), here.end());
        }
        return candidates;
    }

    /// The share of the stretch's peaks that the candidate has within a frame and a band, at the best of nearby places.
    Result<double> shared_peaks(const std::vector<SpectralPeak>& stretch, const Candidate& candidate,
                                PeakCache& cache) const {
        const Alignment& at = candidate.alignment;
        const Result<std::vector<PlacedPeak>> theirs =
            cache.peaks(candidate.track, candidate.num_frames, at.offset - 8, at.offset + kAskedFrames + 8);
        if (!theirs || stretch.empty()) {
            return theirs.map([](const auto&) { return 0.0; });
        }
        std::size_t best = 0;
        for (int move = -4; move <= 4; ++move) {
            const auto offset = static_cast<float>(at.offset + move);
            const auto num_near =
                static_cast<std::size_t>(std::count_if(stretch.begin(), stretch.end(), [&](const SpectralPeak& peak) {
                    return has_near(*theirs, peak, offset);
                }));
            best = std::max(best, num_near);
        }
        return static_cast<double>(best) / static_cast<double>(stretch.size());
    }

    static bool has_near(const std::vector<PlacedPeak>& peaks, const SpectralPeak& peak, float offset) {
        const float time = static_cast<float>(peak.time) / static_cast<float>(kTimeSteps) + offset;
        const float band = static_cast<float>(peak.band) / static_cast<float>(kBandSteps);
        auto near = std::lower_bound(peaks.begin(), peaks.end(), time - 1,
                                     [](const PlacedPeak& a, float place) { return a.time < place; });
        for (; near != peaks.end() && near->time <= time + 1; ++near) {
            if (std::abs(near->band - band) <= 1) {
                return true;
            }
        }
        return false;
    }

    const Catalogue& catalogue_;
    std::vector<Catalogue::Row> rows_;
    std::vector<Segment> segments_;
    std::map<std::int64_t, std::size_t> places_; ///< of track numbers among rows_
    Groups groups_;
};

} // namespace

Result<std::vector<std::vector<std::string>>> Index::duplicates(const Progress& progress) const {
    Result<std::vector<Catalogue::Row>> rows = state_->catalogue->rows();
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    Result<std::vector<Segment>> segments = state_->catalogue->postings().live_segments();
    if (!segments) {
        return tl::unexpected(segments.error());
    }
    return DuplicateSearch(*state_->catalogue, *std::move(rows), *std::move(segments)).run(progress);
}

} // namespace wm
