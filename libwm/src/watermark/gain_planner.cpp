#include "watermark/gain_planner.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "kernels/kernels.h"

namespace wm {
namespace {

/// A gain of g dB on a tile of energy E adds noise of (10^(g/20) - 1)^2 E, about (g ln 10 / 20)^2 E.
constexpr float kNoisePerSquareDecibel = 0.0132547F;

constexpr float kGainLimit_db = 2.0F;

/// A narrow recording (telephone speech) has fewer tiles to hold the mark: both limits give way with the fourth power of the
/// share of bands that sound, by up to 9.5 dB.
constexpr double kMostRelief = 9.0;
constexpr double kSoundingShare = 1e-5; ///< of the mean band's energy

/// So do pauses leave fewer tiles, and hide more: gains and what limits them grow with the share of the moments' rows that are
/// pauses, from 18 % on, by up to 1.9 dB at 30 %.
constexpr float kPause = 0.03F; ///< of the moments' mean row
constexpr double kFewestPauses = 0.18;
constexpr double kManyPauses = 0.3;
constexpr double kMostLift = 1.25;
constexpr std::size_t kHalfPauseRows = 42;

constexpr float kLoudTilePenalty =
    0.06F; ///< cost of noise against the moment's mean tile, beside its cost against the mask
constexpr float kNoiseSpread = 0.06F; ///< of a tile's noise, on the row before and the row after each
constexpr std::size_t kHalfWindowRows = 21;
constexpr std::size_t kScaleStepRows = 8;
constexpr int kMostScaleSteps = 6;
constexpr double kNearEnough = 0.01; ///< of the budget
constexpr float kLeastThreshold = 1e-9F;
constexpr float kAnyCost = 1e30F;
constexpr double kLeastScale = 1e-4;
constexpr double kMostScale = 1e5;

/// How a gain leaks into neighbouring tiles: chosen for the largest statistic on real recordings.
constexpr float kTimeLeak = 0.12F;
constexpr float kBandLeak = -0.05F;

} // namespace

GainPlanner::GainPlanner(double strength)
    : strength_(strength), masking_(band_edges_hz()), sounding_bands_(kMapStride, 0.0F),
      mask_weights_(kMapStride, 0.0F) {
    for (std::size_t b = 0; b < kNumBands; ++b) {
        sounding_bands_[b] = 1.0F;
        mask_weights_[b] = kNoisePerSquareDecibel * masking_.range_shares()[b];
    }
}

void GainPlanner::plan(const HostTiles& host, const TileMap& signs, std::size_t pattern_row, std::size_t first,
                       std::size_t count, float* gains) {
    shape(host, signs, pattern_row);
    weigh(host);
    const TileKernels& tiles = kernels().tiles;
    Allowance from;
    Allowance to = allowance_at(host, first);
    lifts_.resize(count);
    for (std::size_t r = 0; r < count; ++r) {
        const std::size_t in_step = r % kScaleStepRows;
        if (in_step == 0) {
            from = to;
            to = allowance_at(host, std::min(first + r + kScaleStepRows, host.num_rows() - 1));
        }
        const double share = static_cast<double>(in_step) / kScaleStepRows;
        const double scale = from.scale + share * (to.scale - from.scale);
        lifts_[r] = static_cast<float>(from.lift + share * (to.lift - from.lift));
        tiles.limited_scale(&direction_[(first + r) * kMapStride], kMapStride, static_cast<float>(scale),
                            kGainLimit_db * lifts_[r], gains + r * kMapStride);
    }
    scale_ = from.scale;
    std::vector<const float*> channel_levels_db;
    for (const TileMap& levels_db : host.channel_levels_db) {
        channel_levels_db.push_back(&levels_db[first * kMapStride]);
    }
    steps_.shape(channel_levels_db, count, gains);
    for (std::size_t r = 0; r < count; ++r) {
        const float strength = static_cast<float>(strength_) * lifts_[r];
        float* row = gains + r * kMapStride;
        tiles.limited_scale(row, kMapStride, strength, strength * StepShaper::kMostLifted_db, row);
    }
}

double GainPlanner::noise_to_mask(const float* gains, const float* energies, const float* thresholds) const {
    float sum = 0.0F;
    for (std::size_t b = 0; b < kNumBands; ++b) {
        const float share = masking_.range_shares()[b];
        sum += share * gains[b] * gains[b] * energies[b] / (thresholds[b] + kLeastThreshold);
    }
    return kNoisePerSquareDecibel * sum;
}

/// direction = leak^T whitening^T (sign / local deviation): the gradient of the detector's statistic. Both operators are
/// their own adjoints.
void GainPlanner::shape(const HostTiles& host, const TileMap& signs, std::size_t pattern_row) {
    const TileKernels& tiles = kernels().tiles;
    const std::size_t num_rows = host.num_rows();
    direction_.resize(num_rows * kMapStride);
    scratch_.resize(num_rows * kMapStride);
    scale_map_.resize(num_rows * kMapStride);
    whiten_levels(host.levels_db.data(), num_rows, scratch_.data(), direction_.data());
    tiles.local_rms(direction_.data(), num_rows, kScaleHalfRows, scale_map_.data());
    for (std::size_t r = 0; r < num_rows; ++r) {
        const float* row_signs = &signs[(r + pattern_row) % kBlockRows * kMapStride];
        tiles.limited_ratio(row_signs, &scale_map_[r * kMapStride], kMapStride, 1e6F, &direction_[r * kMapStride]);
    }
    whiten_levels(direction_.data(), num_rows, scale_map_.data(), scratch_.data());
    tiles.add_time_neighbours(scratch_.data(), num_rows, kTimeLeak, scale_map_.data());
    tiles.add_band_neighbours(scale_map_.data(), num_rows, kBandLeak, direction_.data());
}

/// sensitivity = noise-to-mask of a unit of noise in each tile. Its frame reaches into the rows before and after, and what
/// falls there counts against what is masked there: so a pause before an onset stays clean.
void GainPlanner::spread_sensitivity(const HostTiles& host) {
    const std::size_t num_tiles = host.num_rows() * kMapStride;
    scratch_.resize(num_tiles);
    sensitivity_.resize(num_tiles);
    std::transform(host.thresholds.begin(), host.thresholds.end(), scratch_.begin(),
                   [](float threshold) { return (1.0F - 2.0F * kNoiseSpread) / (threshold + kLeastThreshold); });
    kernels().tiles.add_time_neighbours(scratch_.data(), host.num_rows(), kNoiseSpread / (1.0F - 2.0F * kNoiseSpread),
                                        sensitivity_.data());
}

/// The gains that maximise the statistic for a given sum of costs are the gradient over the costs.
void GainPlanner::weigh(const HostTiles& host) {
    const TileKernels& tiles = kernels().tiles;
    const std::size_t num_rows = host.num_rows();
    const std::size_t num_tiles = num_rows * kMapStride;
    spread_sensitivity(host);
    scratch_.resize(num_tiles);
    mask_costs_.resize(num_tiles);
    noise_costs_.resize(num_tiles);
    tiles.multiply(host.energies.data(), sensitivity_.data(), num_tiles, scratch_.data()); // noise to mask
    tiles.limited_scale(host.energies.data(), num_tiles, kNoisePerSquareDecibel, kAnyCost, noise_costs_.data());
    row_energy_.resize(num_rows);
    for (std::size_t r = 0; r < num_rows; ++r) {
        const std::size_t start = r * kMapStride;
        tiles.multiply(&scratch_[start], mask_weights_.data(), kMapStride, &mask_costs_[start]);
        row_energy_[r] = tiles.dot(&host.energies[start], sounding_bands_.data(), kMapStride);
    }
    for (std::size_t r = 0; r < num_rows; ++r) {
        divide_by_costs(r, loud_tile_cost(r), &host.energies[r * kMapStride]);
    }
}

/// What a unit of noise costs for being heard against the mean tile of the moments around row r.
float GainPlanner::loud_tile_cost(std::size_t r) const {
    const std::size_t low = r < kScaleHalfRows ? 0 : r - kScaleHalfRows;
    const std::size_t high = std::min(row_energy_.size(), r + kScaleHalfRows + 1);
    float energy = 0.0F;
    for (std::size_t k = low; k < high; ++k) {
        energy += row_energy_[k];
    }
    return kLoudTilePenalty / (energy / static_cast<float>((high - low) * kNumBands) + 1e-9F);
}

void GainPlanner::divide_by_costs(std::size_t r, float loud_tile_cost, const float* energies) {
    const float* noise_to_mask = &scratch_[r * kMapStride];
    float* direction = &direction_[r * kMapStride];
    std::array<float, kMapStride> costs; // of its own: arrays that may overlap are not divided eight at a time
    for (std::size_t b = 0; b < kMapStride; ++b) {
        costs[b] = noise_to_mask[b] + loud_tile_cost * energies[b] + 1e-6F;
    }
    for (std::size_t b = 0; b < kMapStride; ++b) {
        direction[b] /= costs[b];
    }
    std::fill(direction + kNumBands, direction + kMapStride, 0.0F);
}

/// The scale at which the moments around `row` reach the first of the two limits. Costs grow with the square of the scale
/// until gains are limited, so each step is a root of the remaining ratio.
GainPlanner::Allowance GainPlanner::allowance_at(const HostTiles& host, std::size_t row) {
    const std::size_t first = row < kHalfWindowRows ? 0 : row - kHalfWindowRows;
    const std::size_t end = std::min(host.num_rows(), row + kHalfWindowRows + 1);
    double energy = 1e-9;
    for (std::size_t r = first; r < end; ++r) {
        energy += row_energy_[r];
    }
    const std::size_t start = first * kMapStride;
    const std::size_t count = (end - first) * kMapStride;
    const double allowed = relief(host, first, end, energy);
    scale_ = scale_within(start, count, allowed * kMaskLimit * static_cast<double>(end - first),
                          allowed * kNoiseLimit * energy);
    return {scale_, lift_at(row)};
}

/// How far the limits give way for rows [first, end), whose energy is given.
double GainPlanner::relief(const HostTiles& host, std::size_t first, std::size_t end, double energy) {
    std::array<float, kNumBands> sums{};
    for (std::size_t r = first; r < end; ++r) {
        for (std::size_t b = 0; b < kNumBands; ++b) {
            sums[b] += host.energies[r * kMapStride + b];
        }
    }
    const double floor = kSoundingShare * energy / kNumBands;
    const auto num_sounding = std::count_if(sums.begin(), sums.end(), [floor](float sum) { return sum > floor; });
    const double inverse_share =
        static_cast<double>(kNumBands) / static_cast<double>(std::max<std::ptrdiff_t>(1, num_sounding));
    const double squared = inverse_share * inverse_share;
    return std::min(kMostRelief, squared * squared);
}

/// How much gains grow for the pauses around `row`.
double GainPlanner::lift_at(std::size_t row) const {
    const auto first = row_energy_.begin() + static_cast<std::ptrdiff_t>(row - std::min(row, kHalfPauseRows));
    const auto end = row_energy_.begin() +
                     static_cast<std::ptrdiff_t>(std::min(row_energy_.size(), row + kHalfPauseRows + 1));
    const auto num_rows = static_cast<float>(end - first);
    const float pause = kPause * std::accumulate(first, end, 0.0F) / num_rows;
    const auto num_pauses = std::count_if(first, end, [pause](float energy) { return energy < pause; });
    const double share = static_cast<double>(num_pauses) / static_cast<double>(num_rows);
    return 1.0 + (kMostLift - 1.0) * std::clamp((share - kFewestPauses) / (kManyPauses - kFewestPauses), 0.0, 1.0);
}

/// The largest scale at which tiles [start, start + count) keep within both budgets.
double GainPlanner::scale_within(std::size_t start, std::size_t count, double mask_budget, double noise_budget) const {
    double scale = scale_;
    for (int i = 0; i < kMostScaleSteps; ++i) {
        float costs[2];
        kernels().tiles.limited_costs(&direction_[start], &mask_costs_[start], &noise_costs_[start], count,
                                      static_cast<float>(scale), kGainLimit_db, costs);
        const double mask_room = mask_budget / (costs[0] + 1e-12);
        const double noise_room = noise_budget / (costs[1] + 1e-12);
        const double room = std::min(mask_room, noise_room);
        scale = std::clamp(scale * std::sqrt(room), kLeastScale, kMostScale);
        if (std::abs(room - 1.0) < kNearEnough) {
            break;
        }
    }
    return scale;
}

} // namespace wm
