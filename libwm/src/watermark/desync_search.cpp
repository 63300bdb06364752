#include "watermark/desync_search.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "kernels/kernels.h"
#include "watermark/reading.h"

namespace wm {
namespace {

constexpr std::size_t kQuarters = 4;
constexpr std::size_t kHop = kRowSamples / kQuarters;
constexpr std::size_t kNumBins = kTileFrameSize / 2 + 1;
constexpr double kOffsetUnits = 8.0; ///< a quarter row

/// Half a block: what shows less is not searched.
constexpr std::size_t kLeastQuarterRows = 4 * kBlockRows / 2;
constexpr float kWorthRefining = 4.4F;
constexpr float kWorthReading = 4.5F;
constexpr std::size_t kMostRefined = 4;

} // namespace

double DesyncSearch::Candidate::spacing() const {
    return static_cast<double>(kQuarters) / lattice.geometry().tempo;
}

double DesyncSearch::Candidate::offset() const {
    return offset_step / kOffsetUnits;
}

DesyncSearch::DesyncSearch(std::size_t num_channels, const std::vector<ChipLayout>& layouts, double log_bound,
                           std::size_t num_windows)
    : layouts_(layouts), log_bound_(log_bound), num_windows_(num_windows), tile_levels_(num_channels), pilot_search_(layouts),
      folds_(kLanes, TileMap(kBlockTiles)) {}

double DesyncSearch::log_num_offsets() {
    return std::log(kBlockRows * 4.0 * kOffsetUnits * LatticeGeometry::fastest_tempo());
}

double DesyncSearch::log_hypotheses() const {
    return LatticeGeometry::log_num_points() + log_num_offsets() +
           std::log(kUnions * static_cast<double>(num_windows_ * layouts_.size()));
}

void DesyncSearch::set_window(const float* const* samples, std::size_t count, double start_s) {
    start_s_ = start_s;
    levels_.clear();
    num_quarter_rows_ = count < kTileFrameSize ? 0 : (count - kTileFrameSize) / kHop + 1;
    const std::size_t num_batches = num_quarter_rows_ / kLanes;
    num_quarter_rows_ = num_batches * kLanes;
    spectra_.resize(num_batches * kNumBins);
    for (std::size_t batch = 0; batch < num_batches; ++batch) {
        std::size_t starts[kLanes];
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            starts[lane] = (batch * kLanes + lane) * kHop;
        }
        const RealLanes* spectra = tile_levels_.spectra(samples, starts);
        std::copy_n(spectra, kNumBins, &spectra_[batch * kNumBins]);
    }
}

TileMap DesyncSearch::measure_levels(double pitch) const {
    const std::vector<BandSpan> bands = band_spans(pitch);
    std::vector<RealLanes> energies(kMapStride);
    TileMap levels(num_quarter_rows_ * kMapStride);
    for (std::size_t first = 0; first < num_quarter_rows_; first += kLanes) {
        TileLevels::energies(&spectra_[first / kLanes * kNumBins], bands, energies.data());
        TileLevels::levels(energies.data(), energies.data());
        float* rows[kLanes];
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            rows[lane] = &levels[(first + lane) * kMapStride];
        }
        kernels().tiles.lanes_to_rows(energies.data(), kMapStride, rows);
    }
    return levels;
}

const TileMap& DesyncSearch::cached_levels(int pitch_step) {
    const auto [place, is_new] = levels_.try_emplace(pitch_step);
    if (is_new) {
        place->second = measure_levels(LatticeGeometry{0, pitch_step}.geometry().pitch);
    }
    return place->second;
}

DesyncSearch::Rows DesyncSearch::pattern_rows(const Candidate& candidate) const {
    const double spacing = candidate.spacing();
    const auto first = static_cast<std::int64_t>(std::ceil(-candidate.offset() / spacing));
    Rows rows;
    rows.start = candidate.offset() + static_cast<double>(first) * spacing;
    rows.count = static_cast<std::size_t>((static_cast<double>(num_quarter_rows_ - 1) - rows.start) / spacing);
    constexpr std::int64_t kBlock = kBlockRows;
    rows.first_pattern_row = static_cast<std::size_t>((first % kBlock + kBlock) % kBlock);
    return rows;
}

/// Features of every quarter row, each seen among the rows a whole row apart. A change of tempo moves those neighbours by a
/// fraction of a row, which whitening hardly feels.
void DesyncSearch::measure_scan_features(int pitch_step) {
    const TileMap& levels = cached_levels(pitch_step);
    const std::size_t num_rows = num_quarter_rows_ / kQuarters;
    scan_features_.resize(num_quarter_rows_ * kMapStride);
    rows_.resize(num_rows * kMapStride);
    features_.resize(num_rows * kMapStride);
    for (std::size_t quarter = 0; quarter < kQuarters; ++quarter) {
        for (std::size_t r = 0; r < num_rows; ++r) {
            std::copy_n(&levels[(r * kQuarters + quarter) * kMapStride], kMapStride, &rows_[r * kMapStride]);
        }
        tile_features(rows_.data(), num_rows, scratch_, features_.data());
        for (std::size_t r = 0; r < num_rows; ++r) {
            std::copy_n(&features_[r * kMapStride], kMapStride,
                        &scan_features_[(r * kQuarters + quarter) * kMapStride]);
        }
    }
}

void DesyncSearch::fold_nearest(const Candidate& candidate, TileMap& folded) const {
    const Rows rows = pattern_rows(candidate);
    std::fill(folded.begin(), folded.end(), 0.0F);
    for (std::size_t r = 0; r < rows.count; ++r) {
        const auto nearest = static_cast<std::size_t>(rows.start + static_cast<double>(r) * candidate.spacing() + 0.5);
        kernels().tiles.accumulate(&scan_features_[nearest * kMapStride], kMapStride,
                                   &folded[r % kBlockRows * kMapStride]);
    }
}

/// Fills features_ with the features of every pattern row that the window shows.
DesyncSearch::Rows DesyncSearch::interpolate(const Candidate& candidate, const TileMap& levels) {
    const Rows rows = pattern_rows(candidate);
    rows_.resize(rows.count * kMapStride);
    features_.resize(rows.count * kMapStride);
    for (std::size_t r = 0; r < rows.count; ++r) {
        const double position = rows.start + static_cast<double>(r) * candidate.spacing();
        const auto whole = static_cast<std::size_t>(position);
        const float* row = &levels[whole * kMapStride];
        kernels().tiles.blend(row, row + kMapStride, static_cast<float>(position - static_cast<double>(whole)),
                              kMapStride, &rows_[r * kMapStride]);
    }
    tile_features(rows_.data(), rows.count, scratch_, features_.data());
    return rows;
}

void DesyncSearch::fold(const Rows& rows, TileMap& folded) const {
    std::fill(folded.begin(), folded.end(), 0.0F);
    for (std::size_t r = 0; r < rows.count; ++r) {
        kernels().tiles.accumulate(&features_[r * kMapStride], kMapStride,
                                   &folded[(rows.first_pattern_row + r) % kBlockRows * kMapStride]);
    }
}

void DesyncSearch::search(const std::vector<LatticeGeometry>& hypotheses, const std::vector<bool>& wanted,
                          std::vector<Finding>& findings, GeometryTally* tally) {
    if (num_quarter_rows_ < kLeastQuarterRows) {
        return;
    }
    const std::vector<std::vector<Candidate>> best = scan(hypotheses, wanted, kWorthRefining, tally);
    for (std::size_t key = 0; key < layouts_.size(); ++key) {
        for (const Candidate& candidate : best[key]) {
            const Candidate refined = refine(candidate, layouts_[key], true);
            if (refined.score >= kWorthReading && read(refined, key, findings)) {
                break;
            }
        }
    }
}

std::optional<Sighting> DesyncSearch::sight(const LatticeGeometry& lattice, std::size_t key, bool is_exact) {
    if (num_quarter_rows_ < kLeastQuarterRows) {
        return std::nullopt;
    }
    std::vector<bool> wanted(layouts_.size());
    wanted[key] = true;
    const std::vector<Candidate> best = scan({lattice}, wanted, 0.0F, nullptr)[key];
    if (best.empty()) {
        return std::nullopt;
    }
    const Candidate refined = refine(best.front(), layouts_[key], !is_exact);
    Sighting sighting{refined.score, refined.lattice, TileMap(kBlockTiles), start_s_, end_s()};
    fold(interpolate(refined, cached_levels(refined.lattice.pitch_step)), sighting.folded);
    return sighting;
}

std::vector<std::vector<DesyncSearch::Candidate>> DesyncSearch::scan(const std::vector<LatticeGeometry>& hypotheses,
                                                                     const std::vector<bool>& wanted, float least_score,
                                                                     GeometryTally* tally) {
    std::vector<std::vector<Candidate>> best(layouts_.size());
    std::map<int, std::vector<Candidate>> by_pitch;
    for (std::size_t k = 0; k < hypotheses.size(); ++k) {
        const LatticeGeometry& hypothesis = hypotheses[k];
        for (const int phase : {0, 1}) {
            Candidate candidate;
            candidate.hypothesis = k;
            candidate.lattice = hypothesis;
            candidate.offset_step = static_cast<int>(std::lround(phase * candidate.spacing() / 2.0 * kOffsetUnits));
            by_pitch[nearest_grid_pitch(hypothesis.pitch_step)].push_back(candidate);
        }
    }
    for (const auto& [pitch_step, candidates] : by_pitch) {
        levels_.clear();
        measure_scan_features(pitch_step);
        std::vector<Candidate> batch;
        for (const Candidate& candidate : candidates) {
            fold_nearest(candidate, folds_[batch.size()]);
            batch.push_back(candidate);
            if (batch.size() == kLanes) {
                scan_batch(batch, wanted, least_score, tally, best);
                batch.clear();
            }
        }
        scan_batch(batch, wanted, least_score, tally, best);
    }
    levels_.clear();
    return best;
}

/// Keeps, for each key, the best place of each hypothesis if it is among the best of all.
void DesyncSearch::scan_batch(const std::vector<Candidate>& batch, const std::vector<bool>& wanted, float least_score,
                              GeometryTally* tally, std::vector<std::vector<Candidate>>& best) {
    std::vector<const float*> maps;
    for (std::size_t m = 0; m < batch.size(); ++m) {
        maps.push_back(folds_[m].data());
    }
    std::vector<std::array<PilotSearch::Scores, kLanes>> scores;
    pilot_search_.correlate(maps, scores);
    for (std::size_t key = 0; key < layouts_.size(); ++key) {
        for (std::size_t m = 0; m < batch.size() && wanted[key]; ++m) {
            const auto highest = std::max_element(scores[key][m].begin(), scores[key][m].end());
            if (tally != nullptr) {
                tally->note(key, batch[m].hypothesis, *highest);
            }
            if (*highest < least_score) {
                continue;
            }
            Candidate candidate = batch[m];
            candidate.score = *highest;
            const auto shift = static_cast<double>(highest - scores[key][m].begin());
            candidate.offset_step += static_cast<int>(std::lround(shift * candidate.spacing() * kOffsetUnits));
            std::vector<Candidate>& kept = best[key];
            const auto place = std::find_if(kept.begin(), kept.end(),
                                            [&](const Candidate& other) { return other.score < candidate.score; });
            kept.insert(place, candidate);
            if (kept.size() > kMostRefined) {
                kept.pop_back();
            }
        }
    }
}

float DesyncSearch::score(const Candidate& candidate, const ChipLayout& layout) {
    const TileKernels& tiles = kernels().tiles;
    const Rows rows = interpolate(candidate, cached_levels(candidate.lattice.pitch_step));
    float sum = 0.0F;
    float energy = 1e-9F;
    for (std::size_t r = 0; r < rows.count; ++r) {
        const std::size_t pattern = (rows.first_pattern_row + r) % kBlockRows * kMapStride;
        sum += tiles.dot(&layout.pilot()[pattern], &features_[r * kMapStride], kMapStride);
        energy += tiles.weighted_energy(&layout.pilot_mask()[pattern], &features_[r * kMapStride], kMapStride);
    }
    return sum / std::sqrt(energy);
}

/// A change of tempo turns about the middle of the window, so that the offset need not follow.
DesyncSearch::Candidate DesyncSearch::moved(const Candidate& candidate, int tempo_steps, int pitch_steps,
                                            int offset_steps) const {
    Candidate result = candidate;
    result.lattice = candidate.lattice.moved(tempo_steps, pitch_steps);
    const double middle = static_cast<double>(num_quarter_rows_) / 2.0;
    const double rows_to_middle = (middle - candidate.offset()) / candidate.spacing();
    const double offset = middle - rows_to_middle * result.spacing();
    result.offset_step = static_cast<int>(std::lround(offset * kOffsetUnits)) + offset_steps;
    return result;
}

DesyncSearch::Candidate DesyncSearch::refine(Candidate candidate, const ChipLayout& layout, bool may_move_geometry) {
    struct Step {
        int tempo;
        int pitch;
        int offset;
    };
    constexpr Step kSteps[] = {{15, 5, 8}, {7, 3, 4}, {3, 1, 2}, {1, 1, 1}};
    candidate.score = score(candidate, layout);
    for (const Step& step : kSteps) {
        for (const Step& move : {Step{step.tempo, 0, 0}, Step{0, step.pitch, 0}, Step{0, 0, step.offset}}) {
            if (move.offset == 0 && !may_move_geometry) {
                continue;
            }
            for (const int sign : {1, -1}) {
                const Candidate next = [&] {
                    Candidate result = moved(candidate, sign * move.tempo, sign * move.pitch, sign * move.offset);
                    result.score = score(result, layout);
                    return result;
                }();
                if (next.score > candidate.score) {
                    candidate = next;
                    break;
                }
            }
        }
    }
    return candidate;
}

bool DesyncSearch::read(const Candidate& candidate, std::size_t key, std::vector<Finding>& findings) {
    const Rows rows = interpolate(candidate, cached_levels(candidate.lattice.pitch_step));
    TileMap folded(kBlockTiles);
    fold(rows, folded);
    const std::optional<Reading> reading = read_payload(folded, layouts_[key]);
    if (!reading) {
        return false;
    }
    const double log_p = log_false_positive_bound(reading->evidence, log_hypotheses());
    if (log_p > log_bound_) {
        return false;
    }
    Finding finding;
    finding.key_index = key;
    finding.payload = reading->payload;
    finding.evidence = reading->evidence;
    finding.log_p = log_p;
    finding.geometry = candidate.lattice.geometry();
    finding.start_s = start_s_;
    finding.end_s = end_s();
    merge_finding(findings, finding);
    return true;
}

} // namespace wm
