#include "watermark/pilot_search.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "kernels/kernels.h"

namespace wm {

PilotSearch::PilotSearch(const std::vector<ChipLayout>& layouts) : fft_(kBlockRows), templates_(layouts.size()) {
    for (std::size_t key = 0; key < layouts.size(); ++key) {
        transform(layouts[key].pilot().data(), templates_[key]);
    }
}

/// Two bands go through one complex transform, z = a + i b: the real part of z correlated with conj(z') is the sum of both
/// correlations.
void PilotSearch::transform(const float* map, std::array<Spectrum, kGroups>& spectra) {
    Spectrum rows;
    for (std::size_t group = 0; group < kGroups; ++group) {
        for (std::size_t r = 0; r < kBlockRows; ++r) {
            const float* bands = map + r * kMapStride + group * 2 * kLanes;
            std::memcpy(rows[r].re, bands, sizeof rows[r].re);
            std::memcpy(rows[r].im, bands + kLanes, sizeof rows[r].im);
        }
        fft_.forward(rows.data(), spectra[group].data());
    }
}

void PilotSearch::correlate(std::span<const float* const> maps, std::vector<std::array<Scores, kLanes>>& scores) {
    const TileKernels& tiles = kernels().tiles;
    scores.resize(templates_.size());
    const auto spectra = std::make_unique<std::array<Spectrum, kGroups>>();
    std::vector<Spectrum> products(templates_.size(), Spectrum{});
    std::array<float, kLanes> norms{};
    Spectrum sum;
    for (std::size_t m = 0; m < maps.size(); ++m) {
        transform(maps[m], *spectra);
        const float energy = tiles.dot(maps[m], maps[m], kBlockTiles);
        constexpr float kPilotShare = static_cast<float>(kPilotTiles) / (kBlockRows * kNumBands);
        norms[m] = 1.0F / (kBlockRows * std::sqrt(kPilotShare * energy + 1e-9F));
        for (std::size_t key = 0; key < templates_.size(); ++key) {
            sum.fill({});
            for (std::size_t group = 0; group < kGroups; ++group) {
                tiles.multiply_conjugate_add((*spectra)[group].data(), templates_[key][group].data(), kBlockRows,
                                             sum.data());
            }
            for (std::size_t k = 0; k < kBlockRows; ++k) {
                for (std::size_t lane = 0; lane < kLanes; ++lane) {
                    products[key][k].re[m] += sum[k].re[lane];
                    products[key][k].im[m] += sum[k].im[lane];
                }
            }
        }
    }
    for (std::size_t key = 0; key < templates_.size(); ++key) {
        fft_.inverse(products[key].data(), sum.data());
        for (std::size_t m = 0; m < maps.size(); ++m) {
            for (std::size_t k = 0; k < kBlockRows; ++k) {
                scores[key][m][k] = sum[k].re[m] * norms[m];
            }
        }
    }
}

} // namespace wm
