#include <algorithm>
#include <cmath>

#include "kernel_test.h"

namespace wm {
namespace {

class EachKernelTiles : public EachKernel {
protected:
    const TileKernels& tiles() const { return kernel().tiles; }
    static const TileKernels& oracle_tiles() { return oracle().tiles; }
};

constexpr std::size_t kNumBands = 89;

/// Noise in the first kNumBands bands of each row, zero past them.
std::vector<float> noise_map(std::size_t num_rows, std::uint32_t seed) {
    std::vector<float> map = noise(num_rows * kMapStride, seed);
    for (std::size_t k = 0; k < map.size(); ++k) {
        map[k] = k % kMapStride < kNumBands ? map[k] : 0.0F;
    }
    return map;
}

void expect_near(const std::vector<float>& found, const std::vector<double>& expected, double tolerance) {
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t k = 0; k < found.size(); ++k) {
        ASSERT_NEAR(found[k], expected[k], tolerance) << k;
    }
}

/// The mean of term(row) over the rows up to `half` before and after, as far as they exist.
template <class Term>
double mean_around(std::size_t row, std::size_t half, std::size_t num_rows, Term term) {
    const std::size_t first = row < half ? 0 : row - half;
    const std::size_t last = std::min(row + half, num_rows - 1);
    double sum = 0;
    for (std::size_t r = first; r <= last; ++r) {
        sum += term(r);
    }
    return sum / static_cast<double>(last - first + 1);
}

TEST_P(EachKernelTiles, BandSumsWeighTheirFirstAndLastBin) {
    const std::vector<float> values = noise(40 * kLanes, 1);
    std::vector<RealLanes> power(40);
    for (std::size_t k = 0; k < power.size(); ++k) {
        std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(k * kLanes), kLanes, power[k].value);
    }
    const BandSpan bands[] = {{0, 1, 0.25F, 0.5F}, {3, 9, 0.75F, 0.125F}, {20, 39, 1, 0}};
    RealLanes sums[3];
    RealLanes oracle_sums[3];
    tiles().band_sums(power.data(), bands, 3, sums);
    oracle_tiles().band_sums(power.data(), bands, 3, oracle_sums);
    for (std::size_t b = 0; b < 3; ++b) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            double expected = static_cast<double>(bands[b].first_weight) * power[bands[b].first].value[lane] +
                              static_cast<double>(bands[b].last_weight) * power[bands[b].last].value[lane];
            for (std::size_t k = bands[b].first + 1; k < bands[b].last; ++k) {
                expected += power[k].value[lane];
            }
            EXPECT_NEAR(sums[b].value[lane], expected, 2e-6);
            EXPECT_EQ(sums[b].value[lane], oracle_sums[b].value[lane]);
        }
    }
}

TEST_P(EachKernelTiles, LanesBecomeRows) {
    std::vector<RealLanes> lanes(kMapStride);
    const std::vector<float> values = noise(kMapStride * kLanes, 2);
    std::vector<std::vector<float>> rows(kLanes, std::vector<float>(kMapStride));
    float* row_starts[kLanes];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        row_starts[lane] = rows[lane].data();
        for (std::size_t k = 0; k < kMapStride; ++k) {
            lanes[k].value[lane] = values[k * kLanes + lane];
        }
    }
    tiles().lanes_to_rows(lanes.data(), kMapStride, row_starts);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        for (std::size_t k = 0; k < kMapStride; ++k) {
            EXPECT_EQ(rows[lane][k], lanes[k].value[lane]);
        }
    }
}

TEST_P(EachKernelTiles, MeansOverTimeCoverTheRowsThatExist) {
    constexpr std::size_t kHalf = 4;
    for (const std::size_t num_rows : {1U, 3U, 4U, 5U, 9U, 30U}) {
        const std::vector<float> map = noise_map(num_rows, 3);
        std::vector<double> centred;
        std::vector<double> rms;
        for (std::size_t k = 0; k < map.size(); ++k) {
            const std::size_t band = k % kMapStride;
            const auto tile = [&](std::size_t r) { return static_cast<double>(map[r * kMapStride + band]); };
            const auto square = [&](std::size_t r) { return tile(r) * tile(r); };
            centred.push_back(map[k] - mean_around(k / kMapStride, kHalf, num_rows, tile));
            rms.push_back(std::sqrt(mean_around(k / kMapStride, kHalf, num_rows, square)));
        }
        std::vector<float> output(map.size());
        std::vector<float> expected(map.size());
        tiles().subtract_time_mean(map.data(), num_rows, kHalf, output.data());
        oracle_tiles().subtract_time_mean(map.data(), num_rows, kHalf, expected.data());
        expect_near(output, centred, 2e-6);
        EXPECT_EQ(output, expected);
        tiles().local_rms(map.data(), num_rows, kHalf, output.data());
        oracle_tiles().local_rms(map.data(), num_rows, kHalf, expected.data());
        expect_near(output, rms, 1e-3); // the running sum rounds; the root of a rest near zero magnifies it
        EXPECT_EQ(output, expected);
    }
}

TEST_P(EachKernelTiles, MeansOverBandsCoverThirteenNeighbours) {
    constexpr std::size_t kNumRows = 3;
    const std::vector<float> map = noise_map(kNumRows, 4);
    std::vector<float> inverse_counts = noise(kMapStride, 5);
    std::fill(inverse_counts.begin() + kNumBands, inverse_counts.end(), 0.0F);
    std::vector<double> centred;
    for (std::size_t k = 0; k < map.size(); ++k) {
        const std::size_t row_start = k / kMapStride * kMapStride;
        const std::size_t band = k % kMapStride;
        double sum = 0;
        for (std::size_t b = band < 6 ? 0 : band - 6; b <= band + 6 && b < kMapStride; ++b) {
            sum += map[row_start + b];
        }
        centred.push_back(map[k] - sum * inverse_counts[band]);
    }
    std::vector<float> output(map.size());
    std::vector<float> expected(map.size());
    tiles().subtract_band_mean(map.data(), kNumRows, inverse_counts.data(), output.data());
    oracle_tiles().subtract_band_mean(map.data(), kNumRows, inverse_counts.data(), expected.data());
    expect_near(output, centred, 3e-6);
    EXPECT_EQ(output, expected);
}

TEST_P(EachKernelTiles, NeighboursAreAddedInTimeAndInBands) {
    constexpr std::size_t kNumRows = 4;
    constexpr float kWeight = -0.3F;
    const std::vector<float> map = noise_map(kNumRows, 6);
    std::vector<double> in_time;
    std::vector<double> in_bands;
    for (std::size_t k = 0; k < map.size(); ++k) {
        const std::size_t band = k % kMapStride;
        const double before = map[k < kMapStride ? k : k - kMapStride];
        const double after = map[k + kMapStride >= map.size() ? k : k + kMapStride];
        const double below = band == 0 ? 0.0 : map[k - 1];
        const double above = band + 1 == kMapStride ? 0.0 : map[k + 1];
        in_time.push_back(map[k] + static_cast<double>(kWeight) * (before + after));
        in_bands.push_back(map[k] + static_cast<double>(kWeight) * (below + above));
    }
    std::vector<float> output(map.size());
    std::vector<float> expected(map.size());
    tiles().add_time_neighbours(map.data(), kNumRows, kWeight, output.data());
    oracle_tiles().add_time_neighbours(map.data(), kNumRows, kWeight, expected.data());
    expect_near(output, in_time, 3e-7);
    EXPECT_EQ(output, expected);
    tiles().add_band_neighbours(map.data(), kNumRows, kWeight, output.data());
    oracle_tiles().add_band_neighbours(map.data(), kNumRows, kWeight, expected.data());
    expect_near(output, in_bands, 3e-7);
    EXPECT_EQ(output, expected);
}

TEST_P(EachKernelTiles, TheLeastIsTakenOfTheRowsThatFollowAsFarAsTheyExist) {
    constexpr std::size_t kNumRows = 21;
    const std::vector<float> map = noise_map(kNumRows, 31);
    for (const std::size_t num_following : {1U, 2U, 8U, 32U}) {
        std::vector<float> output(map.size());
        tiles().least_of_following(map.data(), kNumRows, num_following, output.data());
        for (std::size_t k = 0; k < map.size(); ++k) {
            float least = map[k];
            for (std::size_t r = 1; r < num_following && k + r * kMapStride < map.size(); ++r) {
                least = std::min(least, map[k + r * kMapStride]);
            }
            EXPECT_EQ(output[k], least) << num_following << ' ' << k;
        }
    }
}

TEST_P(EachKernelTiles, ValuesAreWeighedByHowFarALevelRisesAboveTheLowerFloor) {
    constexpr std::size_t kCount = 40;
    const std::vector<float> levels = noise(kCount, 32);
    const std::vector<float> before(kCount, -2.0F);
    std::vector<float> after(kCount, -3.0F);
    std::fill(after.begin() + 20, after.end(), -1.5F);
    std::vector<float> values = noise(kCount, 33);
    const std::vector<float> original = values;
    tiles().weigh_by_rise(levels.data(), before.data(), after.data(), 4.0F, 0.5F, kCount, values.data());
    for (std::size_t k = 0; k < kCount; ++k) {
        const float rise = levels[k] - std::min(before[k], after[k]) + 0.5F;
        EXPECT_NEAR(values[k], original[k] * rise / (rise + 4.0F), 1e-6F) << k;
    }
}

/// The definition, with the product of the slopes on the way.
double spread_mean_at(const float* weights, const float* values, const SpreadSlopes& slopes, std::size_t band) {
    double sum = 0;
    double weighted = 0;
    for (std::size_t k = 0; k < kMapStride; ++k) {
        double reach = 1;
        for (std::size_t b = k; b < band; ++b) {
            reach *= static_cast<double>(slopes.up[b + 1]);
        }
        for (std::size_t b = band; b < k; ++b) {
            reach *= static_cast<double>(slopes.down[b]);
        }
        sum += reach * (static_cast<double>(weights[k]) + static_cast<double>(slopes.own[k]));
        weighted += reach * static_cast<double>(weights[k]) * static_cast<double>(values[k]);
    }
    return weighted / sum;
}

TEST_P(EachKernelTiles, SpreadMeansWeighWhatReachesABand) {
    const std::vector<float> own(kMapStride, 0.5F);
    std::vector<float> up(kMapStride, 0.7F);
    std::vector<float> down(kMapStride, 0.3F);
    std::fill(up.begin() + kNumBands, up.end(), 0.0F);
    std::fill(down.begin() + kNumBands - 1, down.end(), 0.0F);
    const SpreadSlopes slopes{own.data(), up.data(), down.data()};
    for (const std::size_t num_rows : {1U, 8U, 11U}) {
        std::vector<float> weights = noise_map(num_rows, 30);
        std::transform(weights.begin(), weights.end(), weights.begin(), [](float x) { return std::abs(x); });
        const std::vector<float> values = noise_map(num_rows, 31);
        std::vector<float> output(values.size());
        std::vector<float> expected(values.size());
        tiles().spread_mean(weights.data(), values.data(), num_rows, slopes, output.data());
        oracle_tiles().spread_mean(weights.data(), values.data(), num_rows, slopes, expected.data());
        EXPECT_EQ(output, expected);
        for (std::size_t t = 0; t < output.size(); ++t) {
            const std::size_t row = t / kMapStride * kMapStride;
            ASSERT_NEAR(output[t], spread_mean_at(&weights[row], &values[row], slopes, t - row), 1e-5) << t;
        }
    }
}

TEST_P(EachKernelTiles, ArraysAreCombinedElementByElement) {
    constexpr std::size_t kCount = 40;
    const std::vector<float> a = noise(kCount, 7);
    const std::vector<float> b = noise(kCount, 8);
    std::vector<float> ratio(kCount);
    std::vector<float> scaled(kCount);
    std::vector<float> product(kCount);
    std::vector<float> sum = b;
    std::vector<float> blended(kCount);
    tiles().limited_ratio(a.data(), b.data(), kCount, 1.5F, ratio.data());
    tiles().limited_scale(a.data(), kCount, 2.0F, 0.9F, scaled.data());
    tiles().multiply(a.data(), b.data(), kCount, product.data());
    tiles().accumulate(a.data(), kCount, sum.data());
    tiles().blend(a.data(), b.data(), 0.25F, kCount, blended.data());
    for (std::size_t k = 0; k < kCount; ++k) {
        EXPECT_EQ(ratio[k], std::clamp(a[k] / (b[k] + 1e-3F), -1.5F, 1.5F)) << k;
        EXPECT_EQ(scaled[k], std::clamp(a[k] * 2.0F, -0.9F, 0.9F)) << k;
        EXPECT_EQ(product[k], a[k] * b[k]) << k;
        EXPECT_EQ(sum[k], a[k] + b[k]) << k;
        EXPECT_EQ(blended[k], a[k] + 0.25F * (b[k] - a[k])) << k;
    }
}

TEST_P(EachKernelTiles, SumsFollowTheirDefinitionsWithTheBitsOfTheOracle) {
    constexpr std::size_t kCount = 200;
    const std::vector<float> a = noise(kCount, 9);
    const std::vector<float> b = noise(kCount, 10);
    const std::vector<float> c = noise(kCount, 11);
    double dot = 0;
    double energy = 0;
    double costs[2] = {};
    for (std::size_t k = 0; k < kCount; ++k) {
        const double gain = std::clamp(3.0 * a[k], -0.8, 0.8);
        dot += static_cast<double>(a[k]) * b[k];
        energy += static_cast<double>(a[k]) * b[k] * b[k];
        costs[0] += b[k] * gain * gain;
        costs[1] += c[k] * gain * gain;
    }
    float found[2];
    float expected[2];
    tiles().limited_costs(a.data(), b.data(), c.data(), kCount, 3.0F, 0.8F, found);
    oracle_tiles().limited_costs(a.data(), b.data(), c.data(), kCount, 3.0F, 0.8F, expected);
    EXPECT_NEAR(found[0], costs[0], 2e-5);
    EXPECT_NEAR(found[1], costs[1], 2e-5);
    EXPECT_EQ(found[0], expected[0]);
    EXPECT_EQ(found[1], expected[1]);
    EXPECT_NEAR(tiles().dot(a.data(), b.data(), kCount), dot, 2e-5);
    EXPECT_EQ(tiles().dot(a.data(), b.data(), kCount), oracle_tiles().dot(a.data(), b.data(), kCount));
    EXPECT_NEAR(tiles().weighted_energy(a.data(), b.data(), kCount), energy, 2e-5);
    EXPECT_EQ(tiles().weighted_energy(a.data(), b.data(), kCount),
              oracle_tiles().weighted_energy(a.data(), b.data(), kCount));
}

TEST_P(EachKernelTiles, ConjugateProductsAreAdded) {
    const std::vector<ComplexLanes> a = noise_lanes(5, 12);
    const std::vector<ComplexLanes> b = noise_lanes(5, 13);
    const std::vector<ComplexLanes> start = noise_lanes(5, 14);
    std::vector<ComplexLanes> sum = start;
    std::vector<ComplexLanes> expected = start;
    tiles().multiply_conjugate_add(a.data(), b.data(), 5, sum.data());
    oracle_tiles().multiply_conjugate_add(a.data(), b.data(), 5, expected.data());
    for (std::size_t k = 0; k < 5; ++k) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            const float re = a[k].re[lane] * b[k].re[lane] + a[k].im[lane] * b[k].im[lane];
            const float im = a[k].im[lane] * b[k].re[lane] - a[k].re[lane] * b[k].im[lane];
            EXPECT_NEAR(sum[k].re[lane], start[k].re[lane] + re, 1e-6);
            EXPECT_NEAR(sum[k].im[lane], start[k].im[lane] + im, 1e-6);
            EXPECT_EQ(sum[k].re[lane], expected[k].re[lane]);
            EXPECT_EQ(sum[k].im[lane], expected[k].im[lane]);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Kernels, EachKernelTiles, testing::ValuesIn(runnable_kernels()), kernel_name);

} // namespace
} // namespace wm
