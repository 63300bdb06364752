#include "index/triples.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>

namespace wm {
namespace {

constexpr std::int32_t kCellSevenths = 7;
/// The second and third peak are this far from each other at least, in half frames; ratios are between a tenth and nine tenths.
constexpr std::uint32_t kMinGap = 6;
/// Three peaks within so many sevenths of a band are one note repeated: every recording has those.
constexpr int kSameNote = 10;

std::uint32_t interval_cell(std::int32_t interval) {
    const std::int32_t cell = (std::clamp(interval, -kMaxInterval, kMaxInterval) + kMaxInterval) / kCellSevenths;
    return static_cast<std::uint32_t>(cell);
}

std::uint32_t make_key(std::uint32_t second_cell, std::uint32_t third_cell, std::uint32_t ratio_cell) {
    return (second_cell * kIntervalCells + third_cell) * kRatioCells + ratio_cell;
}

bool is_in_reach(const SpectralPeak& anchor, const SpectralPeak& target) {
    return std::abs(std::int32_t{target.band} - anchor.band) < kMaxInterval;
}

/// Appends the triples of one anchor: nearest targets first.
void append_triples(const SpectralPeak& anchor, std::span<const SpectralPeak* const> targets, std::size_t limit,
                    std::vector<Triple>& triples) {
    std::size_t num_taken = 0;
    for (std::size_t sum = 1; sum + 1 < 2 * targets.size(); ++sum) {
        for (std::size_t a = sum < targets.size() ? 0 : sum - targets.size() + 1; a < sum - a; ++a) {
            const SpectralPeak& middle = *targets[a];
            const SpectralPeak& last = *targets[sum - a];
            const std::uint32_t to_middle = middle.time - anchor.time;
            const std::uint32_t span = last.time - anchor.time;
            const bool is_one_note =
                std::abs(middle.band - anchor.band) <= kSameNote && std::abs(last.band - anchor.band) <= kSameNote;
            if (is_one_note || span - to_middle < kMinGap || 10 * to_middle < span || 10 * to_middle > 9 * span) {
                continue;
            }
            if (num_taken++ == limit) {
                return;
            }
            triples.push_back({anchor.time, anchor.band, static_cast<std::int16_t>(middle.band - anchor.band),
                               static_cast<std::int16_t>(last.band - anchor.band), static_cast<std::uint8_t>(to_middle),
                               static_cast<std::uint8_t>(span)});
        }
    }
}

} // namespace

std::vector<Triple> find_triples(std::span<const SpectralPeak> peaks, const TripleSelection& selection) {
    std::vector<SpectralPeak> sorted;
    const std::uint8_t num_ranks = std::max(selection.anchor_ranks, selection.target_ranks);
    std::copy_if(peaks.begin(), peaks.end(), std::back_inserter(sorted),
                 [num_ranks](const SpectralPeak& peak) { return peak.rank < num_ranks; });
    std::sort(sorted.begin(), sorted.end(), [](const SpectralPeak& a, const SpectralPeak& b) {
        return std::tuple(a.time, a.band) < std::tuple(b.time, b.band);
    });
    std::vector<Triple> triples;
    std::vector<const SpectralPeak*> targets;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        if (sorted[i].rank >= selection.anchor_ranks) {
            continue;
        }
        targets.clear();
        for (std::size_t j = i + 1; j < sorted.size() && sorted[j].time <= sorted[i].time + kMaxSpan; ++j) {
            if (sorted[j].time >= sorted[i].time + kMinStep && sorted[j].rank < selection.target_ranks &&
                targets.size() < selection.num_targets && is_in_reach(sorted[i], sorted[j])) {
                targets.push_back(&sorted[j]);
            }
        }
        append_triples(sorted[i], targets, selection.num_triples, triples);
    }
    return triples;
}

std::uint32_t key_of(const Triple& triple) {
    return make_key(interval_cell(triple.to_second), interval_cell(triple.to_third),
                    std::uint32_t{triple.to_middle} * kRatioCells / triple.span);
}

void append_keys_near(const Triple& triple, const KeyTolerance& tolerance, std::vector<std::uint32_t>& keys) {
    const std::uint32_t middle = std::uint32_t{triple.to_middle} * 5;
    const std::uint32_t span = std::uint32_t{triple.span} * 5;
    const std::uint32_t first_ratio = (middle - std::min(middle, tolerance.time_fifths)) * kRatioCells / span;
    const std::uint32_t last_ratio = std::min((middle + tolerance.time_fifths) * kRatioCells / span, kRatioCells - 1);
    const std::uint32_t last_second = interval_cell(triple.to_second + tolerance.interval);
    const std::uint32_t last_third = interval_cell(triple.to_third + tolerance.interval);
    for (std::uint32_t second = interval_cell(triple.to_second - tolerance.interval); second <= last_second; ++second) {
        for (std::uint32_t third = interval_cell(triple.to_third - tolerance.interval); third <= last_third; ++third) {
            for (std::uint32_t ratio = first_ratio; ratio <= last_ratio; ++ratio) {
                keys.push_back(make_key(second, third, ratio));
            }
        }
    }
}

} // namespace wm
