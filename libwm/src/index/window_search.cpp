#include "index/window_search.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "fingerprint/peaks.h"
#include "index/votes.h"

namespace wm {
namespace {

/// A match this good without any change of tempo or pitch is enough.
constexpr double kEnough = 10;
constexpr double kLittle_s = 4;
/// The share of a window that a match must span, and the share of its strong peaks that it must have, for the search to end.
constexpr double kSpannedShare = 0.8;
constexpr double kExplainedShare = 0.9;
constexpr std::uint8_t kStrongRanks = 2;
constexpr std::size_t kMostFineOfATrack = 4;
constexpr std::size_t kMostRoughOfATrack = 24;

} // namespace

/// When a step is taken, of those that the ones before did not make needless.
enum class StepCondition {
    kAlways,
    kAfterNews,         ///< the step before found a recording
    kIfNothing,         ///< none did
    kIfNothingInLittle, ///< none did, and the window is so short that all it has must be asked for
};

/// What one look into the index asks, from quick to thorough. The next one is taken when the one before did not explain the window.
struct SearchStep {
    ChangeLimits limits;  ///< candidates looked at roughly
    std::size_t num_fine; ///< and finely
    bool is_dense;        ///< take all of the query's peaks that no match has, and keys near those of their triples
    StepCondition condition;
    std::size_t most_triples; ///< for a window of 10 s; short ones have fewer peaks, and look closer at them
};

namespace {

constexpr SearchStep kSteps[] = {
    {{24, 0, 0, 0, 0}, 3, false, StepCondition::kAlways, 0},
    // What kept its pitch is found in a few bands of each list: many triples can be asked for.
    {{100, 0, 80, 0, 0}, 30, true, StepCondition::kAlways, 9000},
    {{100, 0, 80, 0, 0}, 30, true, StepCondition::kAfterNews, 9000},
    {{0, 150, 0, 80, 120}, 40, true, StepCondition::kAlways, 3000},
    {{100, 0, 80, 0, 0}, 30, true, StepCondition::kIfNothingInLittle, 27000},
    {{100, 150, 80, 80, 120}, 60, true, StepCondition::kIfNothing, 13000},
};

constexpr TripleSelection kQuickTriples{1, 2, 4, 6};
constexpr KeyTolerance kQuickTolerance{0, 0};
/// Peaks of a query: noise and voices displace some, and add others.
constexpr PeakSelection kDensePeaks = {3, 3, 8};
/// From thrifty to lavish: the last one that asks for no more than a step allows is used.
constexpr TripleSelection kDenseTriples[] = {{2, 3, 4, 6},   {2, 3, 5, 10},   {3, 4, 6, 15},
                                             {3, 4, 8, 28},  {4, 5, 10, 45},  {5, 5, 14, 91},
                                             {8, 8, 14, 91}, {8, 8, 24, 300}, {8, 8, 40, 800}};
constexpr KeyTolerance kDenseTolerance{1, 4};

double seconds_of(std::size_t num_frames) {
    return static_cast<double>(num_frames) / kFrameRate_hz;
}

bool is_due(StepCondition condition, bool has_news, bool has_nothing, std::size_t num_frames) {
    switch (condition) {
    case StepCondition::kAfterNews:
        return has_news;
    case StepCondition::kIfNothing:
        return has_nothing;
    case StepCondition::kIfNothingInLittle:
        return has_nothing && seconds_of(num_frames) < kLittle_s;
    case StepCondition::kAlways:
        break;
    }
    return true;
}

/// Whether a step looks for changes of pitch too, which is what costs most.
bool is_for_changes(const SearchStep& step) {
    return step.limits[static_cast<std::size_t>(Change::kSpeed)] > 0;
}

std::vector<SpectralPeak> dense_peaks(const QueryWindow& window) {
    PeakFinder finder(kDensePeaks);
    std::vector<SpectralPeak> peaks;
    finder.push(window.levels, window.num_frames, peaks);
    finder.finish(peaks);
    return peaks;
}

std::vector<Triple> dense_triples(const std::vector<SpectralPeak>& peaks, const SearchStep& step,
                                  std::size_t num_frames) {
    const double seconds = seconds_of(num_frames);
    const std::size_t most_triples = step.most_triples * (seconds < kLittle_s ? 3 : seconds < 7 ? 2 : 1);
    std::vector<Triple> chosen;
    for (const TripleSelection& selection : kDenseTriples) {
        std::vector<Triple> triples = find_triples(peaks, selection);
        if (!chosen.empty() && triples.size() > most_triples) {
            break;
        }
        chosen = std::move(triples);
    }
    return chosen;
}

/// Keeps the place of each track that fits best. Scores compare tracks: the decoys that they are calibrated against are others at every
/// place, so among places of one track they say less than what is calibrated.
void keep_best_place(std::vector<Candidate>& candidates) {
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.raw_score > b.raw_score; });
    std::set<std::int64_t> seen;
    std::erase_if(candidates, [&](const Candidate& candidate) { return !seen.insert(candidate.track).second; });
}

/// A recording that repeats itself has many places: they must not crowd out the second recording of a mix.
void keep_some_of_each_track(std::vector<Candidate>& candidates, std::size_t limit) {
    std::map<std::int64_t, std::size_t> counts;
    std::erase_if(candidates, [&](const Candidate& candidate) { return counts[candidate.track]++ >= limit; });
}

void sort_by_score(std::vector<Candidate>& candidates) {
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
}

/// The peaks that none of the matches has.
Result<std::vector<SpectralPeak>> unexplained_peaks(Verifier& verifier, const std::vector<Found>& found,
                                                    std::vector<SpectralPeak> peaks) {
    Result<std::vector<SpectralPeak>> rest = std::move(peaks);
    for (const Found& match : found) {
        rest = rest.and_then([&](const auto& left) { return verifier.unexplained_peaks(match.candidate, left); });
    }
    return rest;
}

/// Whether one of the matches leaves nothing to look for: it is sure, it spans the window, and the query's strong peaks are its own.
Result<bool> is_explained(Verifier& verifier, const std::vector<Found>& found, const QueryWindow& window) {
    std::vector<SpectralPeak> strong;
    std::copy_if(window.peaks.begin(), window.peaks.end(), std::back_inserter(strong),
                 [](const SpectralPeak& peak) { return peak.rank < kStrongRanks; });
    for (const Found& match : found) {
        const double length = match.span.last_frame - match.span.first_frame;
        if (match.candidate.score < kEnough || length < kSpannedShare * static_cast<double>(window.num_frames)) {
            continue;
        }
        const Result<std::vector<SpectralPeak>> rest = verifier.unexplained_peaks(match.candidate, strong);
        if (!rest || static_cast<double>(rest->size()) <= (1 - kExplainedShare) * static_cast<double>(strong.size())) {
            return rest.map([](const auto&) { return true; });
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
    Verifier verifier(map, cache, options.least_score);
    std::vector<Candidate> all = expected;
    Result<void> done = verify(verifier, all, all.size());
    Result<std::vector<Found>> found = std::vector<Found>();
    std::vector<SpectralPeak> dense;
    std::size_t num_found_before = 0;
    for (std::size_t step = 0; done; ++step) {
        found = accept(verifier, all, options);
        const Result<bool> explained = found ? is_explained(verifier, *found, window) : tl::unexpected(found.error());
        if (!explained) {
            return tl::unexpected(explained.error());
        }
        if (*explained || step == std::size(kSteps)) {
            return options.is_whole_query ? at_best_places(verifier, *std::move(found), options) : found;
        }
        const bool has_news = found->size() > num_found_before;
        num_found_before = found->size();
        if (!is_due(kSteps[step].condition, has_news, found->empty(), window.num_frames) ||
            (is_for_changes(kSteps[step]) && !options.search_changes)) {
            continue;
        }
        if (kSteps[step].is_dense && dense.empty()) {
            dense = dense_peaks(window);
        }
        Result<std::vector<Candidate>> candidates =
            kSteps[step].is_dense ? unexplained_peaks(verifier, *found, dense).and_then([&](const auto& peaks) {
                return retrieve(kSteps[step], peaks, window.num_frames, options.excluded_track);
            })
                                  : retrieve(kSteps[step], window.peaks, window.num_frames, options.excluded_track);
        if (!candidates) {
            return tl::unexpected(candidates.error());
        }
        done = verify(verifier, *candidates, kSteps[step].num_fine);
        all.insert(all.end(), candidates->begin(), candidates->end());
    }
    return tl::unexpected(done.error());
}

Result<std::vector<Candidate>> WindowSearch::retrieve(const SearchStep& step, const std::vector<SpectralPeak>& peaks,
                                                      std::size_t num_frames, std::int64_t excluded_track) {
    VoteCounter votes(step.is_dense ? dense_triples(peaks, step, num_frames) : find_triples(peaks, kQuickTriples),
                      step.is_dense ? kDenseTolerance : kQuickTolerance, step.limits, num_frames, excluded_track);
    std::vector<Candidate> candidates;
    for (const Segment& segment : segments_) {
        const Result<Coverage> coverage = votes.count(catalogue_.postings(), segment);
        if (!coverage) {
            return tl::unexpected(coverage.error());
        }
        coverage_.add(*coverage);
        const std::vector<Candidate> here = votes.candidates(segment);
        candidates.insert(candidates.end(), here.begin(), here.end());
    }
    // Segments compete: the limits hold for all of them together.
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.num_votes > b.num_votes; });
    keep_some_of_each_track(candidates, kMostRoughOfATrack);
    ChangeLimits num_kept = {};
    std::erase_if(candidates, [&](const Candidate& candidate) {
        const auto change = static_cast<std::size_t>(candidate.change);
        return num_kept[change]++ >= step.limits[change];
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
    keep_some_of_each_track(candidates, kMostFineOfATrack);
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
    keep_best_place(candidates);
    sort_by_score(candidates);
    std::vector<Found> found;
    for (const Candidate& candidate : candidates) {
        if (candidate.score < options.least_score) {
            break;
        }
        Result<Found> match = found_at(verifier, candidate, options);
        if (!match) {
            return tl::unexpected(match.error());
        }
        if (match->span.last_frame > match->span.first_frame) {
            found.push_back(*std::move(match));
        }
    }
    return found;
}

Result<Found> WindowSearch::found_at(Verifier& verifier, const Candidate& candidate, const Options& options) {
    Found found{candidate, {}, {}};
    return verifier.heard_span(candidate)
        .and_then([&](const HeardSpan& span) {
            found.span = span;
            return options.want_hits ? verifier.hits(candidate, span) : Result<std::vector<std::pair<float, float>>>();
        })
        .map([&](std::vector<std::pair<float, float>> hits) {
            found.hits = std::move(hits);
            return std::move(found);
        });
}

/// What a single window shows is often heard in several places of a recording, and the index proposed but some of them.
Result<std::vector<Found>> WindowSearch::at_best_places(Verifier& verifier, std::vector<Found> found,
                                                        const Options& options) {
    for (Found& match : found) {
        const Result<Candidate> best = verifier.best_place(match.candidate);
        const bool is_better =
            best && best->raw_score > match.candidate.raw_score && best->score >= options.least_score;
        Result<Found> better = !best       ? tl::unexpected(best.error())
                               : is_better ? found_at(verifier, *best, options)
                                           : Result<Found>(match);
        if (!better) {
            return tl::unexpected(better.error());
        }
        if (better->span.last_frame > better->span.first_frame) {
            match = *std::move(better);
        }
    }
    return found;
}

} // namespace wm
