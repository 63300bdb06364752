#pragma once

#include <cstddef>
#include <vector>

#include "analysis/masking.h"
#include "watermark/step_shaper.h"
#include "watermark/tile_grid.h"

namespace wm {

/// Tiles of a host, row by row, as far as they are known. All maps have the same rows.
struct HostTiles {
    TileMap levels_db;
    TileMap energies;
    TileMap thresholds;                     ///< what the host masks
    std::vector<TileMap> channel_levels_db; ///< of each channel by itself
    std::size_t num_rows() const { return levels_db.size() / kMapStride; }
};

/// Chooses the gain of every tile: the pattern's signs, shaped so that the detector's whitening and the leakage between
/// tiles work for it, weighted by what each tile's masking allows, scaled so that noise-to-mask and signal-to-noise ratios
/// of each moment reach their limits and pass neither, and shaped to steps that hearing misses (docs/watermark.md,
/// "Embedding").
/// threads  one at a time
class GainPlanner {
public:
    /// strength scales every gain
    explicit GainPlanner(double strength);

    /// The limits at strength 1.
    static constexpr double kMaskLimit = 0.0042;  ///< noise over masking threshold, mean over the audible range: -24 dB
    static constexpr double kNoiseLimit = 0.0040; ///< noise over signal: -24 dB

    /// Rows of host before and after the planned ones that the plan looks at, as far as they exist.
    static constexpr std::size_t kContextRows = 64;

    /// Plans rows [first, first + count) of `host`.
    ///
    /// signs    the block pattern; row r of the host has row (r + pattern_row) % kBlockRows of it
    /// gains    [count * kMapStride], in dB
    void plan(const HostTiles& host, const TileMap& signs, std::size_t pattern_row, std::size_t first,
              std::size_t count, float* gains);

    /// Noise over masking threshold, as a mean over the audible range, that the gains of one row make.
    double noise_to_mask(const float* gains, const float* energies, const float* thresholds) const;

private:
    /// How strong the gains around a row may be.
    struct Allowance {
        double scale = 0; ///< of the direction
        double lift = 1;  ///< of gains and of their limit, because of pauses
    };

    void shape(const HostTiles& host, const TileMap& signs, std::size_t pattern_row);
    void spread_sensitivity(const HostTiles& host);
    void weigh(const HostTiles& host);
    float loud_tile_cost(std::size_t r) const;
    void divide_by_costs(std::size_t r, float loud_tile_cost, const float* energies);
    Allowance allowance_at(const HostTiles& host, std::size_t row);
    double scale_within(std::size_t start, std::size_t count, double mask_budget, double noise_budget) const;
    static double relief(const HostTiles& host, std::size_t first, std::size_t end, double energy);
    double lift_at(std::size_t row) const;

    double strength_;
    double scale_ = 1.0; ///< of the last planned row: where the next search starts
    MaskingModel masking_;
    StepShaper steps_;
    std::vector<float> sounding_bands_; ///< 1 for each band, 0 past the last. [kMapStride]
    std::vector<float>
        mask_weights_;    ///< noise-to-mask mean of a gain of 1 dB on a tile as loud as what it masks. [kMapStride]
    TileMap direction_;   ///< gains before scaling
    TileMap sensitivity_; ///< noise over masking threshold of a unit of noise
    TileMap mask_costs_;  ///< noise-to-mask of a gain of 1 dB
    TileMap noise_costs_; ///< noise energy of a gain of 1 dB
    TileMap scratch_;
    TileMap scale_map_;
    std::vector<float> row_energy_;
    std::vector<float> lifts_; ///< of the planned rows
};

} // namespace wm
