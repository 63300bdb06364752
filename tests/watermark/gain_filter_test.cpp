#include "watermark/gain_filter.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "marking.h"

namespace wm {
namespace {

using test::Planar;

constexpr std::size_t kNumRows = 32;
constexpr std::size_t kNumSamples = kNumRows * kRowSamples;

/// The residual of all rows; `gains` [kNumRows * kMapStride].
Planar filtered(const Planar& host, const TileMap& gains) {
    GainFilter filter;
    SampleHistory history(host.size(), kTileFrameSize);
    SampleHistory residual(host.size(), kTileFrameSize);
    history.append(test::pointers(host).data(), kNumSamples);
    history.append_zeros_until(kNumSamples + kTileFrameSize);
    residual.append_zeros_until(kNumSamples + kTileFrameSize);
    for (std::size_t row = 0; row < kNumRows; row += GainFilter::kRowsPerBatch) {
        filter.apply(history, static_cast<std::int64_t>(row), &gains[row * kMapStride], residual);
    }
    Planar result(host.size());
    for (std::size_t c = 0; c < host.size(); ++c) {
        result[c].assign(residual.at(c, 0), residual.at(c, 0) + kNumSamples);
    }
    return result;
}

TileMap constant_gains(float gain_db) {
    TileMap gains(kNumRows * kMapStride);
    for (std::size_t t = 0; t < gains.size(); ++t) {
        gains[t] = t % kMapStride < kNumBands ? gain_db : 0.0F;
    }
    return gains;
}

Planar sine(double frequency_hz) {
    Planar result(1, std::vector<float>(kNumSamples));
    for (std::size_t k = 0; k < kNumSamples; ++k) {
        result[0][k] =
            static_cast<float>(std::sin(2.0 * std::numbers::pi * frequency_hz / kTileRate_hz * static_cast<double>(k)));
    }
    return result;
}

TEST(GainFilter, NoGainMakesNoResidual) {
    const Planar residual = filtered(test::synthesize_music(1, kTileRate_hz, 2, 0.8), constant_gains(0.0F));
    for (const std::vector<float>& channel : residual) {
        EXPECT_EQ(test::energy(channel), 0.0);
    }
}

TEST(GainFilter, DoublingEveryBandAddsTheHostItselfWithoutDelay) {
    const Planar host = sine(1000.0);
    const Planar residual = filtered(host, constant_gains(6.0206F));
    for (std::size_t k = 1000; k < kNumSamples - 1000; ++k) {
        ASSERT_NEAR(residual[0][k], host[0][k], 2e-3F) << k;
    }
}

TEST(GainFilter, BandsOutsideTheGridStayUntouched) {
    for (const double frequency_hz : {60.0, 9500.0}) {
        const Planar host = sine(frequency_hz);
        const Planar residual = test::excerpt(filtered(host, constant_gains(6.0206F)), 1000, kNumSamples - 2000);
        EXPECT_LT(test::energy(residual[0]), 1e-3 * test::energy(host[0])) << frequency_hz;
    }
}

TEST(GainFilter, TheGainOfARowChangesThatRowOnly) {
    TileMap gains(kNumRows * kMapStride);
    std::fill_n(gains.begin() + 10 * kMapStride, kNumBands, 3.0F);
    const Planar residual = filtered(test::synthesize_music(2, kTileRate_hz, 1, 0.8), gains);
    const double inside = test::energy(test::excerpt(residual, 10 * kRowSamples, kRowSamples)[0]);
    EXPECT_GT(inside, 0.9 * test::energy(residual[0]));
    const std::size_t reach = GainFilter::kFrameSize;
    EXPECT_EQ(test::energy(test::excerpt(residual, 0, 10 * kRowSamples - reach)[0]), 0.0);
    EXPECT_EQ(test::energy(test::excerpt(residual, 11 * kRowSamples + reach, kNumSamples)[0]), 0.0);
}

TEST(GainFilter, AllChannelsGetTheSameGains) {
    const Planar mono = test::synthesize_music(3, kTileRate_hz, 1, 0.8);
    Planar host(3, mono[0]);
    std::transform(mono[0].begin(), mono[0].end(), host[1].begin(), [](float sample) { return 0.5F * sample; });
    const Planar residual = filtered(host, constant_gains(1.0F));
    for (std::size_t k = 0; k < kNumSamples; ++k) {
        ASSERT_NEAR(residual[1][k], 0.5F * residual[0][k], 1e-6F);
        ASSERT_NEAR(residual[2][k], residual[0][k], 1e-6F);
    }
}

} // namespace
} // namespace wm
