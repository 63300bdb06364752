#include "watermark/plain_search.h"

#include <algorithm>
#include <cmath>

#include "kernels/kernels.h"
#include "watermark/marked_rows.h"
#include "watermark/polar.h"
#include "watermark/reading.h"

namespace wm {
namespace {

constexpr std::int64_t kHop = kRowSamples / 4;
constexpr std::int64_t kFirstStart = static_cast<std::int64_t>(kRowSamples) / 2 - kTileFrameSize / 2;
constexpr std::size_t kLeadingZeros = kTileFrameSize;

/// Spans that the bound unites over: enough for 13 hours, after which a search stops adding spans.
constexpr double kMostSpans = 32768.0;
/// The pilot statistic from which decoding is worth its time; unmarked audio passes it in one span of a hundred.
constexpr float kWorthReading = 4.0F;

} // namespace

PlainSearch::PlainSearch(std::size_t num_channels, const std::vector<ChipLayout>& layouts, double log_bound)
    : audio_(num_channels, kLeadingZeros), layouts_(layouts), log_bound_(log_bound), tile_levels_(num_channels),
      bands_(band_spans(1.0)), pilot_search_(layouts) {
    for (TileMap& fold : whole_) {
        fold.assign(kBlockTiles, 0.0F);
    }
}

double PlainSearch::log_hypotheses() const {
    return std::log(2.0 * kMostSpans * kPhases * kBlockRows * static_cast<double>(layouts_.size()));
}

void PlainSearch::push(const float* const* samples, std::size_t count) {
    audio_.append(samples, count);
    num_samples_ += static_cast<std::int64_t>(count);
    measure(false);
    fold_chunks(false);
}

void PlainSearch::finish() {
    measure(true);
    fold_chunks(true);
    search_spans(true);
}

/// Two rows at four phases are eight frames: one batch.
void PlainSearch::measure(bool at_end) {
    std::array<RealLanes, kMapStride> energies;
    std::size_t starts[kLanes];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        starts[lane] = lane * static_cast<std::size_t>(kHop);
    }
    std::vector<const float*> channels(audio_.num_channels());
    while (true) {
        const std::int64_t row = first_level_row_ + static_cast<std::int64_t>(levels_[0].size() / kMapStride);
        const std::int64_t start = row * static_cast<std::int64_t>(kRowSamples) + kFirstStart;
        const std::int64_t end = start + 7 * kHop + static_cast<std::int64_t>(kTileFrameSize);
        if (audio_.end() < end) {
            if (!at_end || start + static_cast<std::int64_t>(kTileFrameSize) > num_samples_) {
                return;
            }
            audio_.append_zeros_until(end);
        }
        for (std::size_t c = 0; c < channels.size(); ++c) {
            channels[c] = audio_.at(c, start);
        }
        TileLevels::energies(tile_levels_.spectra(channels.data(), starts), bands_, energies.data());
        for (const std::size_t lane : {std::size_t{0}, kPhases}) {
            std::array<float, kNumBands> row_energies;
            for (std::size_t b = 0; b < kNumBands; ++b) {
                row_energies[b] = energies[b].value[lane];
            }
            num_audible_rows_ += TileLevels::carries(row_energies.data()) ? 1 : 0;
        }
        TileLevels::levels(energies.data(), energies.data());
        float* rows[kLanes];
        for (std::size_t phase = 0; phase < kPhases; ++phase) {
            levels_[phase].resize(levels_[phase].size() + 2 * kMapStride);
        }
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            TileMap& map = levels_[lane % kPhases];
            rows[lane] = map.data() + map.size() - (2 - lane / kPhases) * kMapStride;
        }
        kernels().tiles.lanes_to_rows(energies.data(), kMapStride, rows);
        audio_.drop_before(start + 2 * static_cast<std::int64_t>(kRowSamples));
    }
}

void PlainSearch::fold_chunks(bool at_end) {
    while (true) {
        const auto offset = static_cast<std::size_t>(next_chunk_row_ - first_level_row_);
        const std::size_t num_rows = levels_[0].size() / kMapStride;
        const std::size_t num_ready = num_rows - offset;
        if (num_ready == 0 || (!at_end && num_ready < kChunkRows + kFeatureReach)) {
            return;
        }
        Chunk chunk;
        chunk.first_row = next_chunk_row_;
        chunk.num_rows = std::min(num_ready, kChunkRows);
        const std::size_t num_feature_rows = std::min(num_rows, offset + chunk.num_rows + kFeatureReach);
        features_.resize(num_feature_rows * kMapStride);
        for (std::size_t phase = 0; phase < kPhases; ++phase) {
            chunk.folds[phase].assign(kBlockTiles, 0.0F);
            tile_features(levels_[phase].data(), num_feature_rows, scratch_, features_.data());
            chunk.features[phase].assign(&features_[offset * kMapStride],
                                         &features_[offset * kMapStride] + chunk.num_rows * kMapStride);
            for (std::size_t r = 0; r < chunk.num_rows; ++r) {
                const auto row = static_cast<std::size_t>(chunk.first_row) + r;
                kernels().tiles.accumulate(&features_[(offset + r) * kMapStride], kMapStride,
                                           &chunk.folds[phase][row % kBlockRows * kMapStride]);
            }
            kernels().tiles.accumulate(chunk.folds[phase].data(), kBlockTiles, whole_[phase].data());
        }
        next_chunk_row_ += static_cast<std::int64_t>(chunk.num_rows);
        chunks_.push_back(std::move(chunk));
        if (chunks_.size() > kLongSpanChunks) {
            chunks_.pop_front();
        }
        ++num_chunks_;
        const std::int64_t keep_from =
            std::max<std::int64_t>(0, next_chunk_row_ - static_cast<std::int64_t>(kFeatureReach));
        for (TileMap& levels : levels_) {
            const auto drop = (keep_from - first_level_row_) * static_cast<std::int64_t>(kMapStride);
            levels.erase(levels.begin(), levels.begin() + drop);
        }
        first_level_row_ = keep_from;
        search_spans(false);
    }
}

void PlainSearch::search_spans(bool at_end) {
    if (static_cast<double>(num_chunks_) > kMostSpans / 2 || num_chunks_ == 0) {
        return;
    }
    if (!at_end) {
        search_span(kShortSpanChunks);
        if (num_chunks_ % (kLongSpanChunks / 2) == 0) {
            search_span(kLongSpanChunks);
        }
    } else if (num_chunks_ > static_cast<std::int64_t>(kShortSpanChunks)) {
        search_folds(whole_, 0);
    }
}

void PlainSearch::search_span(std::size_t num_chunks) {
    const std::size_t count = std::min(num_chunks, chunks_.size());
    const std::size_t first = chunks_.size() - count;
    Folds sum = chunks_[first].folds;
    for (std::size_t i = first + 1; i < chunks_.size(); ++i) {
        for (std::size_t phase = 0; phase < kPhases; ++phase) {
            kernels().tiles.accumulate(chunks_[i].folds[phase].data(), kBlockTiles, sum[phase].data());
        }
    }
    search_folds(sum, chunks_[first].first_row);
}

void PlainSearch::search_folds(const Folds& folds, std::int64_t first_row) {
    std::vector<std::array<PilotSearch::Scores, kLanes>> scores;
    const std::array<const float*, kPhases> maps{folds[0].data(), folds[1].data(), folds[2].data(), folds[3].data()};
    pilot_search_.correlate(maps, scores);
    for (std::size_t key = 0; key < layouts_.size(); ++key) {
        Place best{first_row, 0, 0};
        for (std::size_t phase = 0; phase < kPhases; ++phase) {
            for (std::size_t shift = 0; shift < kBlockRows; ++shift) {
                if (scores[key][phase][shift] > scores[key][best.phase][best.shift]) {
                    best = {first_row, phase, shift};
                }
            }
        }
        if (scores[key][best.phase][best.shift] >= kWorthReading) {
            try_reading(key, turn_back(folds[best.phase].data(), best.shift), best);
        }
    }
}

void PlainSearch::try_reading(std::size_t key, const TileMap& map, const Place& place) {
    const std::optional<Reading> reading = read_payload(map, layouts_[key]);
    if (!reading) {
        return;
    }
    const double log_p = log_false_positive_bound(reading->evidence, log_hypotheses());
    if (log_p > log_bound_) {
        return;
    }
    Finding finding;
    finding.key_index = key;
    finding.payload = reading->payload;
    finding.evidence = reading->evidence;
    finding.log_p = log_p;
    RowRange rows{0, static_cast<std::size_t>(next_chunk_row_ - place.first_row)};
    finding.is_placed = place.first_row >= chunks_.front().first_row;
    if (finding.is_placed) {
        rows = marked_rows(correlations(layouts_[key].signs(polar_encode(finding.payload)), place));
    }
    finding.start_s = static_cast<double>(place.first_row + static_cast<std::int64_t>(rows.first)) * kRow_s;
    finding.end_s =
        std::min(static_cast<double>(place.first_row + static_cast<std::int64_t>(rows.end)) * kRow_s, duration_s());
    merge_finding(findings_, finding);
}

/// Of each row of the chunks from place.first_row on with the row of the pattern that it shows.
std::vector<float> PlainSearch::correlations(const TileMap& signs, const Place& place) const {
    std::vector<float> result;
    for (const Chunk& chunk : chunks_) {
        for (std::size_t r = 0; chunk.first_row >= place.first_row && r < chunk.num_rows; ++r) {
            const std::size_t folded_row = (static_cast<std::size_t>(chunk.first_row) + r) % kBlockRows;
            const std::size_t pattern_row = (folded_row + kBlockRows - place.shift) % kBlockRows;
            result.push_back(kernels().tiles.dot(&signs[pattern_row * kMapStride],
                                                 &chunk.features[place.phase][r * kMapStride], kMapStride));
        }
    }
    return result;
}

} // namespace wm
