#include "index/verifier.h"

#include <algorithm>
#include <cmath>

#include "fingerprint/peaks.h"
#include "index/index_schema.h"

namespace wm {
namespace {

constexpr double kNoScore = -9;
constexpr int kLeastPeaks = 8;
constexpr int kRoughSteps = 4;
constexpr double kRoughStepFrames = 2;
/// Where refining starts, and when it ends.
constexpr double kTempoStep = 0.006;
constexpr double kShiftStepBands = 0.6;
constexpr double kOffsetStepFrames = 2;
constexpr double kFinestScale = 0.1;
constexpr int kMostRounds = 8;
/// Nine in ten candidates have less than this share of the wanted score of 7.5 to 8 after one round. Of 18,000 refined to the end none
/// of those passed 6.7, and those that were accepted had 6.1 after one round at least.
constexpr double kHopelessShare = 0.5;
/// Farther from its place than any decoy is.
constexpr double kDecoyReachFrames = 250;
constexpr int kShiftDecoys = 16;
constexpr int kTimeDecoys = 32;
constexpr double kLeastDeviation = 0.3;
/// Dividing by the whole deviation hurts: decoys of a rhythmic recording deviate by what is partly right in them.
constexpr double kDeviationPower = 0.6;
/// A scan of a whole recording looks at so many of the peaks that the query would hear, and then closely at the best seconds.
constexpr std::size_t kScannedPeaks = 128;
constexpr std::size_t kScannedSecond = 64; ///< frames
constexpr std::size_t kMostPlaces = 6;
constexpr std::uint32_t kMostScannedFrames = 225'000;
constexpr float kHeardContrast = 0.35F;
constexpr float kHitContrast = 0.8F;
constexpr std::size_t kSpanBinFrames = 16;

constexpr double kNearFrames = 1.5;
constexpr double kNearBands = 1.2;

bool has_peak_near(const std::vector<PlacedPeak>& peaks, double time, double band) {
    auto peak = std::lower_bound(peaks.begin(), peaks.end(), time - kNearFrames,
                                 [](const PlacedPeak& a, double place) { return static_cast<double>(a.time) < place; });
    for (; peak != peaks.end() && static_cast<double>(peak->time) <= time + kNearFrames; ++peak) {
        if (std::abs(static_cast<double>(peak->band) - band) <= kNearBands) {
            return true;
        }
    }
    return false;
}

float time_of(const SpectralPeak& peak) {
    return static_cast<float>(peak.time) / static_cast<float>(kTimeSteps);
}

/// Peaks in cell order are nearly in order of time: each moves past a few.
std::vector<PlacedPeak> placed_by_time(const std::vector<SpectralPeak>& peaks) {
    std::vector<PlacedPeak> placed(peaks.size());
    for (std::size_t k = 0; k < peaks.size(); ++k) {
        const PlacedPeak peak = {time_of(peaks[k]), static_cast<float>(peaks[k].band) / static_cast<float>(kBandSteps)};
        std::size_t place = k;
        for (; place > 0 && placed[place - 1].time > peak.time; --place) {
            placed[place] = placed[place - 1];
        }
        placed[place] = peak;
    }
    return placed;
}

} // namespace

Result<std::vector<PlacedPeak>> PeakCache::peaks(std::int64_t track, std::uint32_t num_frames, double first_frame,
                                                 double last_frame) {
    constexpr double kChunkFrames = kChunkCellRows * kCellFrames;
    const auto first = static_cast<std::uint32_t>(std::max(first_frame, 0.0) / kChunkFrames);
    const auto end = static_cast<std::uint32_t>(
        std::clamp(last_frame / kChunkFrames + 1, 0.0, static_cast<double>(num_chunks_of(num_frames))));
    std::vector<PlacedPeak> placed;
    for (std::uint32_t chunk = first; chunk < end; ++chunk) {
        auto known = chunks_.find({track, chunk});
        if (known == chunks_.end()) {
            const Result<std::vector<SpectralPeak>> read = catalogue_.peaks(track, num_frames, chunk);
            if (!read && read.error().code != ErrorCode::kFormat) {
                return tl::unexpected(read.error());
            }
            known = chunks_.emplace(std::pair(track, chunk), read ? placed_by_time(*read) : std::vector<PlacedPeak>())
                        .first;
        }
        placed.insert(placed.end(), known->second.begin(), known->second.end());
    }
    return placed;
}

Result<std::vector<PlacedPeak>> Verifier::peaks_of(const Candidate& candidate, double margin_frames) {
    const Alignment& at = candidate.alignment;
    const double last = at.offset + at.tempo * static_cast<double>(map_.num_frames());
    return cache_.peaks(candidate.track, candidate.num_frames, at.offset - margin_frames, last + margin_frames);
}

template <class Use>
void Verifier::for_each_peak(const std::vector<PlacedPeak>& peaks, const Alignment& alignment, Use use) const {
    const auto offset = static_cast<float>(alignment.offset);
    const auto inverse_tempo = static_cast<float>(1 / alignment.tempo);
    const auto shift = static_cast<float>(alignment.shift) + 0.5F;
    const auto num_frames = static_cast<float>(map_.num_frames());
    auto peak = std::lower_bound(peaks.begin(), peaks.end(), offset,
                                 [](const PlacedPeak& a, float time) { return a.time < time; });
    for (; peak != peaks.end(); ++peak) {
        const float frame = (peak->time - offset) * inverse_tempo + 0.5F;
        if (frame >= num_frames) {
            return;
        }
        const float band = peak->band + shift;
        if (band >= 0 && band < static_cast<float>(kNumBands)) {
            use(*peak, static_cast<std::size_t>(frame), static_cast<std::size_t>(band));
        }
    }
}

/// The sum of the contrasts under the peaks over the root of the sum of their variances: about 1 of deviation in noise.
double Verifier::raw_score(const std::vector<PlacedPeak>& peaks, const Alignment& alignment) const {
    double sum = 0;
    double variance = 0;
    int count = 0;
    for_each_peak(peaks, alignment, [&](const PlacedPeak&, std::size_t frame, std::size_t band) {
        sum += map_.at(frame, band);
        variance += map_.variances()[band];
        ++count;
    });
    return count < kLeastPeaks ? kNoScore : sum / std::sqrt(variance);
}

Result<void> Verifier::score_roughly(Candidate& candidate) {
    const Result<std::vector<PlacedPeak>> peaks = peaks_of(candidate, kRoughSteps * kRoughStepFrames);
    if (!peaks) {
        return tl::unexpected(peaks.error());
    }
    const Alignment start = candidate.alignment;
    for (int step = -kRoughSteps; step <= kRoughSteps; ++step) {
        Alignment moved = start;
        moved.offset += step * kRoughStepFrames;
        if (const double score = raw_score(*peaks, moved); score > candidate.raw_score) {
            candidate.raw_score = score;
            candidate.alignment = moved;
        }
    }
    return {};
}

Result<void> Verifier::score_finely(Candidate& candidate) {
    const Result<std::vector<PlacedPeak>> peaks = peaks_of(candidate, kDecoyReachFrames);
    if (!peaks) {
        return tl::unexpected(peaks.error());
    }
    refine(*peaks, candidate);
    if (is_hopeless(candidate)) {
        candidate.score = candidate.raw_score / 2;
    } else {
        calibrate(*peaks, candidate);
    }
    return {};
}

Result<Candidate> Verifier::best_place(const Candidate& candidate) {
    const auto num_frames = static_cast<double>(candidate.num_frames);
    if (candidate.num_frames > kMostScannedFrames) {
        return candidate;
    }
    const Result<std::vector<PlacedPeak>> peaks = cache_.peaks(candidate.track, candidate.num_frames, 0, num_frames);
    if (!peaks) {
        return tl::unexpected(peaks.error());
    }
    const double length = candidate.alignment.tempo * static_cast<double>(map_.num_frames());
    const double num_heard = static_cast<double>(peaks->size()) * length / std::max(num_frames, 1.0);
    const auto stride = static_cast<std::size_t>(std::max(1.0, num_heard / kScannedPeaks));
    std::vector<PlacedPeak> scanned;
    for (std::size_t i = 0; i < peaks->size(); i += stride) {
        scanned.push_back((*peaks)[i]);
    }
    std::vector<Candidate> places;
    for (std::size_t frame = 0; static_cast<double>(frame) + length < num_frames + kScannedSecond; frame += 2) {
        if (frame % kScannedSecond == 0) {
            places.push_back(candidate);
            places.back().raw_score = kNoScore;
        }
        Alignment moved = candidate.alignment;
        moved.offset = static_cast<double>(frame);
        if (const double score = raw_score(scanned, moved); score > places.back().raw_score) {
            places.back().raw_score = score;
            places.back().alignment = moved;
        }
    }
    const std::size_t num_places = std::min(places.size(), kMostPlaces);
    std::partial_sort(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(num_places), places.end(),
                      [](const Candidate& a, const Candidate& b) { return a.raw_score > b.raw_score; });
    Candidate best = candidate;
    for (std::size_t i = 0; i < num_places; ++i) {
        places[i].raw_score = raw_score(*peaks, places[i].alignment);
        refine(*peaks, places[i]);
        if (places[i].raw_score > best.raw_score) {
            best = places[i];
        }
    }
    calibrate(*peaks, best);
    return best;
}

/// The best of the 27 places around, again and again; when none is better, the steps are halved.
void Verifier::refine(const std::vector<PlacedPeak>& peaks, Candidate& candidate) const {
    const double middle = static_cast<double>(map_.num_frames()) / 2;
    double scale = 1;
    for (int round = 0; round < kMostRounds && scale > kFinestScale; ++round) {
        const Alignment start = candidate.alignment;
        const double score_before = candidate.raw_score;
        for (int i = 0; i < 27; ++i) {
            if (i == 13) { // no step at all
                continue;
            }
            Alignment moved = start;
            moved.tempo *= 1 + (i / 9 - 1) * scale * kTempoStep;
            moved.shift += (i / 3 % 3 - 1) * scale * kShiftStepBands;
            moved.offset += middle * (start.tempo - moved.tempo) + (i % 3 - 1) * scale * kOffsetStepFrames;
            if (const double score = raw_score(peaks, moved); score > candidate.raw_score) {
                candidate.raw_score = score;
                candidate.alignment = moved;
            }
        }
        if (is_hopeless(candidate)) {
            return;
        }
        scale *= candidate.raw_score > score_before ? 1 : 0.5;
    }
}

/// Whether even the best of the places around is far from what is wanted.
bool Verifier::is_hopeless(const Candidate& candidate) const {
    return candidate.raw_score < kHopelessShare * least_score_;
}

void Verifier::calibrate(const std::vector<PlacedPeak>& peaks, Candidate& candidate) const {
    double sum = 0;
    double square_sum = 0;
    int count = 0;
    for (int k = 0; k < kShiftDecoys + kTimeDecoys; ++k) {
        Alignment decoy = candidate.alignment;
        if (k < kShiftDecoys) {
            decoy.shift += (k < kShiftDecoys / 2 ? 1 : -1) * (4 + k % (kShiftDecoys / 2) * 1.7);
        } else {
            const int j = k - kShiftDecoys;
            decoy.offset += (j % 2 != 0 ? 1 : -1) * (7.3 + 5.9 * j);
            decoy.shift += (k * 7 % 11 - 5) * 1.3;
        }
        if (const double score = raw_score(peaks, decoy); score > kNoScore) {
            sum += score;
            square_sum += score * score;
            ++count;
        }
    }
    if (count < kLeastPeaks) {
        candidate.score = candidate.raw_score / 2;
        return;
    }
    const double mean = sum / count;
    const double deviation = std::sqrt(std::max(0.0, square_sum / count - mean * mean));
    candidate.score = (candidate.raw_score - mean) / std::pow(std::max(kLeastDeviation, deviation), kDeviationPower);
}

/// The stretch with the largest sum of contrast above what chance gives.
Result<HeardSpan> Verifier::heard_span(const Candidate& candidate) {
    const Result<std::vector<PlacedPeak>> peaks = peaks_of(candidate, 0);
    if (!peaks) {
        return tl::unexpected(peaks.error());
    }
    std::vector<float> support(map_.num_frames() / kSpanBinFrames + 1, 0.0F);
    for_each_peak(*peaks, candidate.alignment, [&](const PlacedPeak&, std::size_t frame, std::size_t band) {
        support[frame / kSpanBinFrames] += map_.at(frame, band) - kHeardContrast;
    });
    HeardSpan best;
    float best_sum = 0;
    float sum = 0;
    std::size_t begin = 0;
    for (std::size_t bin = 0; bin < support.size(); ++bin) {
        sum += support[bin];
        if (sum > best_sum) {
            best_sum = sum;
            best = {static_cast<double>(begin * kSpanBinFrames),
                    static_cast<double>(std::min((bin + 1) * kSpanBinFrames, map_.num_frames()))};
        }
        if (sum < 0) {
            sum = 0;
            begin = bin + 1;
        }
    }
    return best;
}

Result<std::vector<SpectralPeak>> Verifier::unexplained_peaks(const Candidate& candidate,
                                                              const std::vector<SpectralPeak>& query_peaks) {
    return peaks_of(candidate, kRoughSteps * kRoughStepFrames).map([&](const std::vector<PlacedPeak>& peaks) {
        const Alignment& at = candidate.alignment;
        std::vector<SpectralPeak> rest;
        std::copy_if(query_peaks.begin(), query_peaks.end(), std::back_inserter(rest), [&](const SpectralPeak& peak) {
            const double band = static_cast<double>(peak.band) / static_cast<double>(kBandSteps) - at.shift;
            return !has_peak_near(peaks, at.offset + at.tempo * static_cast<double>(time_of(peak)), band);
        });
        return rest;
    });
}

Result<std::vector<std::pair<float, float>>> Verifier::hits(const Candidate& candidate, const HeardSpan& span) {
    return peaks_of(candidate, 0).map([&](const std::vector<PlacedPeak>& peaks) {
        std::vector<std::pair<float, float>> found;
        for_each_peak(peaks, candidate.alignment, [&](const PlacedPeak& peak, std::size_t frame, std::size_t band) {
            const auto place = static_cast<double>(frame);
            if (place >= span.first_frame && place < span.last_frame && map_.at(frame, band) > kHitContrast) {
                found.emplace_back(static_cast<float>(frame), peak.time);
            }
        });
        return found;
    });
}

} // namespace wm
