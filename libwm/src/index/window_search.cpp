#include "index/window_search.h"

#include <algorithm>
#include <array>
#include <set>

#include "index/votes.h"

namespace wm {
namespace {

/// A match this good without any change of tempo or pitch is enough.
constexpr double kEnough = 10;
/// The share of a window that a match must span, and the share of its strong peaks that it must have, for the search to end.
constexpr double kSpannedShare = 0.8;
constexpr double kExplainedShare = 0.75;
/// Triples that a search may ask for: short queries have fewer peaks, and look closer at them.
constexpr std::size_t kMostTriples = 2600;
constexpr std::size_t kMostTriplesBelow7s = 6000;
constexpr std::size_t kMostTriplesBelow4s = 12'000;
constexpr std::size_t kFineUnchanged = 8;
constexpr std::size_t kFineAll = 40;
/// Rough candidates of each Change.
constexpr std::array<std::size_t, kNumChanges> kUnchangedLimits = {24, 0, 0, 0, 0};
constexpr std::array<std::size_t, kNumChanges> kAllLimits = {100, 150, 80, 80, 120};

constexpr TripleSelection kQuickTriples{1, 2, 4, 6};
constexpr KeyTolerance kQuickTolerance{0, 0};
/// From thrifty to lavish: the last one that asks for no more than most_triples() is used.
constexpr TripleSelection kThoroughTriples[] = {{2, 3, 4, 6},  {2, 3, 5, 10},  {3, 4, 6, 15},
                                                {3, 4, 8, 28}, {4, 5, 10, 45}, {5, 5, 14, 91}};
constexpr KeyTolerance kThoroughTolerance{1, 4};

std::size_t most_triples(std::size_t num_frames) {
    const double seconds = static_cast<double>(num_frames) / kFrameRate_hz;
    return seconds < 4 ? kMostTriplesBelow4s : seconds < 7 ? kMostTriplesBelow7s : kMostTriples;
}

std::vector<Triple> thorough_triples(const QueryWindow& window) {
    std::vector<Triple> chosen;
    for (const TripleSelection& selection : kThoroughTriples) {
        std::vector<Triple> triples = find_triples(window.peaks, selection);
        if (!chosen.empty() && triples.size() > most_triples(window.num_frames)) {
            break;
        }
        chosen = std::move(triples);
    }
    return chosen;
}

/// Removes candidates that lie where a better one does.
void remove_doubles(std::vector<Candidate>& candidates) {
    std::set<std::int64_t> seen;
    std::erase_if(candidates, [&](const Candidate& candidate) { return !seen.insert(candidate.track).second; });
}

void sort_by_score(std::vector<Candidate>& candidates) {
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
}

/// Whether one of the matches leaves nothing to look for: it is sure, it spans the window, and the query's peaks are its own.
Result<bool> is_explained(Verifier& verifier, const std::vector<Found>& found, const QueryWindow& window) {
    for (const Found& match : found) {
        const double length = match.span.last_frame - match.span.first_frame;
        if (match.candidate.score < kEnough || length < kSpannedShare * static_cast<double>(window.num_frames)) {
            continue;
        }
        const Result<double> share = verifier.explained_share(match.candidate, window.peaks);
        if (!share || *share >= kExplainedShare) {
            return share.map([](double) { return true; });
        }
    }
    return false;
}

} // namespace

Result<WindowSearch> WindowSearch::open(const Catalogue& catalogue) {
    return catalogue.postings().live_segments().map(
        [&](std::vector<Segment> segments) { return WindowSearch(catalogue, std::move(segments)); });
}

std::uint64_t WindowSearch::num_frames() const {
    std::uint64_t sum = 0;
    for (const Segment& segment : segments_) {
        for (const SegmentTrack& track : segment.tracks) {
            sum += track.num_frames;
        }
    }
    return sum;
}

Result<std::vector<Found>> WindowSearch::search(const QueryWindow& window, const std::vector<Candidate>& expected,
                                                const Options& options) {
    // One view of the index for the whole window, and one lock instead of one for each row.
    const Result<Transaction> view = Transaction::begin(catalogue_.database(), Transaction::Kind::kRead);
    if (!view) {
        return tl::unexpected(view.error());
    }
    const ContrastMap map(window.levels, window.num_frames);
    PeakCache cache(catalogue_);
    Verifier verifier(map, cache);
    std::vector<Candidate> all = expected;
    Result<void> done = verify(verifier, all, all.size());
    Result<std::vector<Found>> found = std::vector<Found>();
    for (int stage = 0; stage < 3 && done; ++stage) {
        found = accept(verifier, all, options);
        const Result<bool> explained = found ? is_explained(verifier, *found, window) : tl::unexpected(found.error());
        if (!explained) {
            return tl::unexpected(explained.error());
        }
        if (*explained || stage == 2 || (stage == 1 && !options.search_changes)) {
            return found;
        }
        Result<std::vector<Candidate>> candidates = retrieve(window, stage == 0);
        if (!candidates) {
            return tl::unexpected(candidates.error());
        }
        done = verify(verifier, *candidates, stage == 0 ? kFineUnchanged : kFineAll);
        all.insert(all.end(), candidates->begin(), candidates->end());
    }
    return tl::unexpected(done.error());
}

Result<std::vector<Candidate>> WindowSearch::retrieve(const QueryWindow& window, bool only_unchanged) {
    VoteCounter votes(only_unchanged ? find_triples(window.peaks, kQuickTriples) : thorough_triples(window),
                      only_unchanged ? kQuickTolerance : kThoroughTolerance, only_unchanged, window.num_frames);
    std::vector<Candidate> candidates;
    for (const Segment& segment : segments_) {
        const Result<Coverage> coverage = votes.count(catalogue_.postings(), segment);
        if (!coverage) {
            return tl::unexpected(coverage.error());
        }
        coverage_.add(*coverage);
        const std::vector<Candidate> here = votes.candidates(segment, only_unchanged ? kUnchangedLimits : kAllLimits);
        candidates.insert(candidates.end(), here.begin(), here.end());
    }
    // Segments compete: the limits hold for all of them together.
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.num_votes > b.num_votes; });
    std::array<std::size_t, kNumChanges> num_kept = {};
    std::erase_if(candidates, [&](const Candidate& candidate) {
        const auto change = static_cast<std::size_t>(candidate.change);
        return num_kept[change]++ >= (only_unchanged ? kUnchangedLimits : kAllLimits)[change];
    });
    return candidates;
}

Result<void> WindowSearch::verify(Verifier& verifier, std::vector<Candidate>& candidates, std::size_t num_fine) {
    for (Candidate& candidate : candidates) {
        if (Result<void> done = verifier.score_roughly(candidate); !done) {
            return done;
        }
    }
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.raw_score > b.raw_score; });
    candidates.resize(std::min(candidates.size(), num_fine));
    for (Candidate& candidate : candidates) {
        if (Result<void> done = verifier.score_finely(candidate); !done) {
            return done;
        }
    }
    return {};
}

Result<std::vector<Found>> WindowSearch::accept(Verifier& verifier, std::vector<Candidate>& candidates,
                                                const Options& options) {
    sort_by_score(candidates);
    remove_doubles(candidates);
    std::vector<Found> found;
    for (const Candidate& candidate : candidates) {
        if (candidate.score < options.least_score) {
            break;
        }
        const Result<HeardSpan> span = verifier.heard_span(candidate);
        if (!span) {
            return tl::unexpected(span.error());
        }
        if (span->last_frame > span->first_frame) {
            found.push_back({candidate, *span, {}});
            if (options.want_hits) {
                Result<std::vector<std::pair<float, float>>> hits = verifier.hits(candidate, *span);
                if (!hits) {
                    return tl::unexpected(hits.error());
                }
                found.back().hits = *std::move(hits);
            }
        }
    }
    return found;
}

} // namespace wm
