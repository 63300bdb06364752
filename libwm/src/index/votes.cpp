#include "index/votes.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>

namespace wm {
namespace {

constexpr double kMostLogTempo = 0.6; // log2: 0.66 to 1.52
constexpr double kMostShift = 22;     // bands: 7.3 semitones
constexpr double kBothLogTempo = 0.2; // tempo and pitch changed independently: by less
constexpr double kBothShift = 8;
constexpr double kBandTolerance = 1.6; // bands
constexpr std::uint8_t kNoChangeFits = 255;
/// What a position leaves out of its frame: 0 to 3 quarters, on average.
constexpr double kMeanRest = 0.375;
/// A difference of bands of none in a ChangeTable, whose first and last place no shift reaches.
constexpr unsigned kNoDifference = 64;
static_assert(kMostShift * 7 / kPostingBandSevenths < kNoDifference - 1);
constexpr std::int32_t kBinPositions = 4;
constexpr std::int32_t kClusterPositions = 6;
constexpr std::uint32_t kCellHalfFrames = 16;
/// As many votes are looked at closely; what got fewer in its bin is left out.
constexpr std::size_t kMostClose = 40'000;
constexpr std::size_t kMostSeedNeighbours = 400;
/// Room for the votes of a dense look into 20,000 tracks: memory is touched, and counted, only as far as it is used.
constexpr std::size_t kUsualVotes = 1U << 20;

/// What the spans of two triples leave open about the tempo, in log2.
double log_tempo_tolerance(double query_span_half_frames) {
    return 0.03 + 2.2 / query_span_half_frames;
}

/// On which line of hypotheses a change lies; nearer lines of fewer hypotheses come first.
std::uint8_t classify(double log_tempo, double shift, double tolerance) {
    if (std::abs(log_tempo) > kMostLogTempo + tolerance || std::abs(shift) > kMostShift) {
        return kNoChangeFits;
    }
    const bool same_tempo = std::abs(log_tempo) < tolerance;
    const bool same_pitch = std::abs(shift) < kBandTolerance;
    if (same_tempo && same_pitch) {
        return static_cast<std::uint8_t>(Change::kNone);
    }
    if (std::abs(shift - static_cast<double>(kBandsPerOctave) * log_tempo) <
        kBandTolerance + static_cast<double>(kBandsPerOctave) * tolerance / 2) {
        return static_cast<std::uint8_t>(Change::kSpeed);
    }
    if (same_pitch) {
        return static_cast<std::uint8_t>(Change::kTempo);
    }
    if (same_tempo) {
        return static_cast<std::uint8_t>(Change::kPitch);
    }
    return std::abs(log_tempo) < kBothLogTempo && std::abs(shift) < kBothShift
               ? static_cast<std::uint8_t>(Change::kBoth)
               : kNoChangeFits;
}

float band_of(std::uint8_t posting_band) {
    return (static_cast<float>(posting_band) + 0.4F) * static_cast<float>(kPostingBandSevenths) / 7.0F;
}

std::size_t bin_hash(std::int64_t bin, Change change) {
    const auto value =
        static_cast<std::uint64_t>(bin * static_cast<std::int64_t>(kNumChanges) + static_cast<int>(change));
    return static_cast<std::size_t>((value * 0x9E3779B97F4A7C15U) >> 20);
}

} // namespace

VoteCounter::VoteCounter(std::vector<Triple> triples, const KeyTolerance& tolerance, const ChangeLimits& limits,
                         std::size_t num_frames, std::int64_t excluded)
    : triples_(std::move(triples)), limits_(limits), middle_frame_(static_cast<double>(num_frames) / 2),
      excluded_(excluded) {
    votes_.reserve(kUsualVotes);
    for (std::size_t span = 0; span < log_spans_.size(); ++span) {
        log_spans_[span] = std::log2(std::max(static_cast<float>(span), 0.5F));
    }
    std::vector<std::uint32_t> keys;
    for (std::uint32_t triple = 0; triple < triples_.size(); ++triple) {
        keys.clear();
        append_keys_near(triples_[triple], tolerance, keys);
        for (const std::uint32_t key : keys) {
            requests_.push_back({key, triple});
        }
    }
    std::sort(requests_.begin(), requests_.end(), [](const Request& a, const Request& b) {
        return std::pair(a.key, a.triple) < std::pair(b.key, b.triple);
    });
}

Result<Coverage> VoteCounter::count(PostingStore& store, const Segment& segment) {
    votes_.clear();
    find_excluded(segment);
    std::vector<std::uint32_t> rows;
    for (const Request& request : requests_) {
        if (const std::uint32_t row = request.key >> segment.key_bits; rows.empty() || rows.back() != row) {
            rows.push_back(row);
        }
    }
    std::size_t begin = 0;
    return store.fetch(segment.id, rows, [&](std::uint32_t row, std::span<const std::uint8_t> bytes) {
        PostingRowReader reader(bytes, row << segment.key_bits);
        PostingBlock block;
        while (begin < requests_.size() && reader.next(block)) {
            while (begin < requests_.size() && requests_[begin].key < block.key) {
                ++begin;
            }
            std::size_t end = begin; // the next block may be of the same key
            while (end < requests_.size() && requests_[end].key == block.key) {
                ++end;
            }
            if (end > begin) {
                count_block(block, std::span(requests_).subspan(begin, end - begin));
            }
        }
    });
}

void VoteCounter::find_excluded(const Segment& segment) {
    excluded_begin_ = excluded_end_ = 0;
    for (const SegmentTrack& track : segment.tracks) {
        if (track.track == excluded_) {
            excluded_begin_ = track.first_position;
            excluded_end_ = position_after(track);
        }
    }
}

void VoteCounter::count_block(const PostingBlock& block, std::span<const Request> requests) {
    positions_.clear();
    for (const Request& request : requests) {
        const Triple& triple = triples_[request.triple];
        const ChangeTable& table = changes_for(triple.span);
        const unsigned base = triple.band / kPostingBandSevenths + kNoDifference;
        if (base < block.first_band + unsigned{table.first_difference} ||
            base > block.last_band + unsigned{table.last_difference}) {
            continue;
        }
        fits_.resize(block.count);
        std::size_t num_fits = 0; // without a branch, which nobody could predict
        for (std::uint32_t k = 0; k < block.count; ++k) {
            const unsigned difference = std::min(base - block.bands[k], kNoDifference + kNoDifference - 1);
            const std::uint8_t change = table.changes[std::min<std::uint8_t>(block.spans[k], kMaxSpan)][difference];
            fits_[num_fits] = {k, change};
            num_fits += change != kNoChangeFits ? 1 : 0;
        }
        if (num_fits > 0 && positions_.empty()) {
            decode_positions(block, positions_);
        }
        for (const Fit& fit : std::span(fits_).first(num_fits)) {
            if (const std::uint32_t position = positions_[fit.posting];
                position < excluded_begin_ || position >= excluded_end_) {
                const std::uint8_t span = std::min<std::uint8_t>(block.spans[fit.posting], kMaxSpan);
                const float shift = static_cast<float>(triple.band) / 7.0F - band_of(block.bands[fit.posting]);
                add_vote(triple, position, log_spans_[span] - log_spans_[triple.span], shift,
                         static_cast<Change>(fit.change));
            }
        }
    }
}

/// log_tempo  what the spans say
void VoteCounter::add_vote(const Triple& triple, std::uint32_t position, float log_tempo, float shift, Change change) {
    if (change == Change::kSpeed) { // its shift says the tempo better than a short span does
        const float weight = static_cast<float>(triple.span) / 60.0F;
        log_tempo = (weight * log_tempo + shift / static_cast<float>(kBandsPerOctave)) / (weight + 1.0F);
    }
    const float tempo = change == Change::kNone || change == Change::kPitch ? 1.0F : std::exp2(log_tempo);
    const double positions_to_middle = (middle_frame_ - triple.time / 2.0) / kPositionFrames;
    const double place = position + kMeanRest + static_cast<double>(tempo) * positions_to_middle;
    votes_.push_back({static_cast<std::int32_t>(place), log_tempo, shift,
                      static_cast<std::uint16_t>(triple.time / kCellHalfFrames), change});
}

const VoteCounter::ChangeTable& VoteCounter::changes_for(std::uint8_t query_span) {
    std::unique_ptr<ChangeTable>& table = tables_[query_span];
    if (table != nullptr) {
        return *table;
    }
    table = std::make_unique<ChangeTable>();
    const double tolerance = log_tempo_tolerance(query_span);
    const bool wants_shifts = wants(Change::kSpeed) || wants(Change::kPitch) || wants(Change::kBoth);
    const double widest_shift = wants_shifts ? kMostShift : kBandTolerance;
    const auto reach = static_cast<std::size_t>(widest_shift * 7 / kPostingBandSevenths);
    for (std::size_t span = 0; span <= kMaxSpan; ++span) {
        const double log_tempo = static_cast<double>(log_spans_[span] - log_spans_[query_span]);
        table->changes[span].fill(kNoChangeFits);
        for (std::size_t difference = kNoDifference - reach; difference <= kNoDifference + reach; ++difference) {
            const double shift = (static_cast<double>(difference) - kNoDifference) * kPostingBandSevenths / 7.0;
            const std::uint8_t change = classify(log_tempo, shift, tolerance);
            if (change != kNoChangeFits && limits_[change] > 0) {
                const auto place = static_cast<std::uint8_t>(difference);
                table->changes[span][difference] = change;
                table->first_difference = std::min(table->first_difference, place);
                table->last_difference = std::max(table->last_difference, place);
            }
        }
    }
    return *table;
}

/// The votes whose bin of time, with the one after it, got so many votes that no more than kMostClose votes are in such bins.
std::vector<VoteCounter::Vote> VoteCounter::promising() const {
    std::size_t num_counters = 1U << 16;
    while (num_counters < 4 * votes_.size() && num_counters < 1U << 24) {
        num_counters *= 2;
    }
    const std::size_t mask = num_counters - 1;
    std::vector<std::uint8_t> counters(num_counters, 0);
    const auto bin_of = [](const Vote& vote) { return std::int64_t{vote.position} / kBinPositions; };
    for (const Vote& vote : votes_) {
        std::uint8_t& counter = counters[bin_hash(bin_of(vote), vote.change) & mask];
        counter = static_cast<std::uint8_t>(counter + (counter < 127 ? 1 : 0));
    }
    std::vector<std::uint8_t> supports(votes_.size());
    std::array<std::array<std::size_t, 256>, kNumChanges> histograms = {};
    for (std::size_t k = 0; k < votes_.size(); ++k) {
        const Vote& vote = votes_[k];
        const std::int64_t bin = bin_of(vote);
        const std::uint8_t before = counters[bin_hash(bin - 1, vote.change) & mask];
        const std::uint8_t after = counters[bin_hash(bin + 1, vote.change) & mask];
        supports[k] = static_cast<std::uint8_t>(counters[bin_hash(bin, vote.change) & mask] + std::max(before, after));
        ++histograms[static_cast<std::size_t>(vote.change)][supports[k]];
    }
    std::array<unsigned, kNumChanges> least = {};
    for (std::size_t change = 0; change < kNumChanges; ++change) {
        std::size_t num_close = 0;
        unsigned level = 255;
        while (level > 2 && num_close + histograms[change][level] <= kMostClose / kNumChanges) {
            num_close += histograms[change][level--];
        }
        least[change] = level + 1;
    }
    std::vector<Vote> close;
    for (std::size_t k = 0; k < votes_.size(); ++k) {
        if (supports[k] >= least[static_cast<std::size_t>(votes_[k].change)]) {
            close.push_back(votes_[k]);
        }
    }
    std::sort(close.begin(), close.end(), [](const Vote& a, const Vote& b) {
        return std::tuple(a.change, a.position, a.cell, a.shift, a.log_tempo) <
               std::tuple(b.change, b.position, b.cell, b.shift, b.log_tempo);
    });
    return close;
}

std::vector<Candidate> VoteCounter::candidates(const Segment& segment) const {
    const std::vector<Vote> close = promising();
    std::vector<Candidate> found;
    std::vector<const Vote*> members;
    std::vector<std::uint16_t> cells;
    for (std::size_t seed = 0; seed < close.size(); ++seed) {
        members.clear();
        cells.clear();
        const Vote& center = close[seed];
        const std::size_t end = std::min(close.size(), seed + kMostSeedNeighbours);
        for (std::size_t k = seed;
             k < end && close[k].change == center.change && close[k].position <= center.position + kClusterPositions;
             ++k) {
            if (std::abs(close[k].shift - center.shift) < kBandTolerance &&
                std::abs(close[k].log_tempo - center.log_tempo) < 0.08F) {
                members.push_back(&close[k]);
                cells.push_back(close[k].cell);
            }
        }
        std::sort(cells.begin(), cells.end());
        const auto num_cells = static_cast<std::uint32_t>(std::unique(cells.begin(), cells.end()) - cells.begin());
        if (num_cells >= 2) {
            found.push_back(candidate_of(segment, members));
            found.back().num_votes = num_cells;
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const Candidate& a, const Candidate& b) { return a.num_votes > b.num_votes; });
    std::array<std::size_t, kNumChanges> num_kept = {};
    std::set<std::tuple<std::int64_t, int, std::int64_t>> seen; // a place is looked at once
    std::vector<Candidate> kept;
    for (const Candidate& candidate : found) {
        const double place = candidate.alignment.offset + candidate.alignment.tempo * middle_frame_;
        const auto bin = static_cast<std::int64_t>(std::floor(place / (2 * kClusterPositions * kPositionFrames)));
        const int change = static_cast<int>(candidate.change);
        if (num_kept[static_cast<std::size_t>(change)] < limits_[static_cast<std::size_t>(change)] &&
            seen.insert(
                    {candidate.track, change * 64 + static_cast<int>(std::lround(candidate.alignment.shift / 2)), bin})
                .second) {
            ++num_kept[static_cast<std::size_t>(change)];
            kept.push_back(candidate);
        }
    }
    return kept;
}

Candidate VoteCounter::candidate_of(const Segment& segment, const std::vector<const Vote*>& members) const {
    double position = 0;
    double log_tempo = 0;
    double shift = 0;
    const auto share = 1.0 / static_cast<double>(members.size());
    for (const Vote* member : members) {
        position += share * member->position;
        log_tempo += share * member->log_tempo;
        shift += share * member->shift;
    }
    Candidate candidate;
    candidate.change = members.front()->change;
    const bool same_tempo = candidate.change == Change::kNone || candidate.change == Change::kPitch;
    const bool same_pitch = candidate.change == Change::kNone || candidate.change == Change::kTempo;
    candidate.alignment.tempo = same_tempo ? 1.0 : std::exp2(log_tempo);
    candidate.alignment.shift = same_pitch ? 0.0 : shift;
    const auto after =
        std::upper_bound(segment.tracks.begin(), segment.tracks.end(), std::max(position, 0.0),
                         [](double place, const SegmentTrack& track) { return place < track.first_position; });
    const SegmentTrack& track = after == segment.tracks.begin() ? *after : *(after - 1);
    candidate.track = track.track;
    candidate.num_frames = track.num_frames;
    candidate.alignment.offset =
        (position + 0.5 - track.first_position) * kPositionFrames - candidate.alignment.tempo * middle_frame_;
    return candidate;
}

} // namespace wm
