#include "evaluate/quality/difference.h"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "quality/pairs.h"

namespace wm {
namespace {

DifferenceMeter measured(const Audio& reference, const Audio& test) {
    DifferenceMeter meter(reference.num_channels(), reference.sample_rate_hz);
    meter.push(pointers(reference).data(), pointers(test).data(), reference.num_samples());
    return meter;
}

TEST(Difference, IsTheRatioOfEnergies) {
    const Audio reference = sine(441, 0.5, 2);
    const DifferenceMeter meter = measured(reference, mixed(reference, sine(882, 0.5, 2), 0.01));
    EXPECT_NEAR(meter.snr_db(), 40, 1e-4);
    EXPECT_NEAR(meter.si_snr_db(), 40, 1e-4);
    EXPECT_FALSE(meter.is_identical());
}

RC_GTEST_PROP(Difference, ScaleInvariantRatioIgnoresGain, ()) {
    const double gain = *rc::gen::inRange(10, 1000) / 100.0;
    const Audio reference = white_noise(2, 0.1, 0.1, 1);
    const Audio test = mixed(reference, white_noise(2, 0.1, 0.1, 2), 0.1);
    Audio louder{test.sample_rate_hz, std::vector<std::vector<float>>(2, std::vector<float>(test.num_samples(), 0.0F))};
    louder = mixed(louder, test, gain);
    RC_ASSERT(std::abs(measured(reference, louder).si_snr_db() - measured(reference, test).si_snr_db()) < 0.001);
}

TEST(Difference, OfTheSameIsNone) {
    const Audio reference = white_noise(2, 0.1, 0.5);
    const DifferenceMeter meter = measured(reference, reference);
    EXPECT_TRUE(meter.is_identical());
    EXPECT_TRUE(std::isinf(meter.snr_db()));
    EXPECT_TRUE(std::isinf(meter.si_snr_db()));
    EXPECT_EQ(meter.segmental_snr_db(), 35);
}

/// The first half at 30 dB, the second at 10: segments average in dB, energies do not.
TEST(Difference, SegmentsCountAlike) {
    Audio reference = sine(441, 0.5, 2);
    Audio test = reference;
    const Audio change = sine(882, 0.5, 2);
    for (std::size_t j = 0; j < test.num_samples(); ++j) {
        const double weight = j < test.num_samples() / 2 ? std::pow(10, -1.5) : std::pow(10, -0.5);
        test.channels[0][j] += static_cast<float>(weight) * change.channels[0][j];
    }
    EXPECT_NEAR(measured(reference, test).segmental_snr_db(), 20, 0.2);
    EXPECT_NEAR(measured(reference, test).snr_db(), 12.967, 0.01);
}

TEST(Difference, SegmentsOfSilenceDoNotCount) {
    Audio reference = sine(441, 0.5, 2);
    std::fill(reference.channels[0].begin(), reference.channels[0].begin() + kTestRate_hz, 0.0F);
    const DifferenceMeter meter = measured(reference, mixed(reference, sine(882, 0.5, 2), 0.1));
    EXPECT_NEAR(meter.segmental_snr_db(), 20, 0.2);
}

} // namespace
} // namespace wm
