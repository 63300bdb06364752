#include "fingerprint/peaks.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "music.h"

namespace wm {
namespace {

std::vector<SpectralPeak> peaks_of(const std::vector<float>& samples, std::size_t rows_at_once) {
    LevelStream levels;
    std::vector<float> rows;
    levels.push(samples.data(), samples.size(), rows);
    levels.finish(rows);
    PeakFinder finder;
    std::vector<SpectralPeak> peaks;
    const std::size_t num_rows = rows.size() / kLevelStride;
    for (std::size_t row = 0; row < num_rows; row += rows_at_once) {
        finder.push(rows.data() + row * kLevelStride, std::min(rows_at_once, num_rows - row), peaks);
    }
    finder.finish(peaks);
    EXPECT_EQ(finder.num_frames(), num_rows);
    return peaks;
}

/// A note that swells and fades around `center_s`.
std::vector<float> note(double frequency_hz, double center_s) {
    std::vector<float> samples = test::sine(frequency_hz, 16000, 48000);
    for (std::size_t k = 0; k < samples.size(); ++k) {
        const double distance_s = static_cast<double>(k) / 16000 - center_s;
        samples[k] *= static_cast<float>(std::exp(-distance_s * distance_s / 0.005));
    }
    return samples;
}

TEST(PeakFinder, FindsANoteWhereItIs) {
    for (const double frequency_hz : {700.0, 1500.0, 3300.0}) {
        const std::vector<SpectralPeak> peaks = peaks_of(note(frequency_hz, 1.3), 1000);
        const auto strongest = std::find_if(peaks.begin(), peaks.end(), [&](const SpectralPeak& peak) {
            return std::abs(180 * std::exp2(peak.band / 252.0) / frequency_hz - 1) < 0.006;
        });
        ASSERT_NE(strongest, peaks.end()) << frequency_hz;
        EXPECT_NEAR(strongest->time * 0.008 + 0.064, 1.3, 0.012) << frequency_hz; // a frame's middle is 64 ms in
        EXPECT_EQ(strongest->rank, 0);
    }
}

TEST(PeakFinder, KeepsAtMostFiveOfACellInOrder) {
    const std::vector<SpectralPeak> peaks = peaks_of(test::plucked_music(20, 7), 1000);
    EXPECT_GT(peaks.size(), 200U);
    std::map<std::pair<std::uint32_t, int>, int> counts;
    for (const SpectralPeak& peak : peaks) {
        const int rank = counts[{peak.time / 64, peak.band / 252}]++;
        EXPECT_EQ(rank, peak.rank);
        EXPECT_LT(rank, 5);
        EXPECT_LT(peak.band, 1260);
    }
    EXPECT_TRUE(std::is_sorted(peaks.begin(), peaks.end(), [](const SpectralPeak& a, const SpectralPeak& b) {
        return std::tuple(a.time / 64, a.band / 252, a.rank) < std::tuple(b.time / 64, b.band / 252, b.rank);
    }));
}

TEST(PeakFinder, DoesNotDependOnHowRowsArrive) {
    const std::vector<float> samples = test::plucked_music(6, 8);
    EXPECT_EQ(peaks_of(samples, 1), peaks_of(samples, 1000));
}

TEST(PeakFinder, DoesNotDependOnTheVolume) {
    std::vector<float> samples = test::plucked_music(6, 9);
    const std::vector<SpectralPeak> loud = peaks_of(samples, 1000);
    for (float& sample : samples) {
        sample *= 0.25F;
    }
    const std::vector<SpectralPeak> quiet = peaks_of(samples, 1000);
    std::size_t num_same = 0;
    for (const SpectralPeak& peak : loud) {
        num_same += std::find(quiet.begin(), quiet.end(), peak) != quiet.end() ? 1 : 0;
    }
    EXPECT_GT(num_same, loud.size() * 9 / 10);
}

TEST(PeakFinder, FindsNothingInSilence) {
    EXPECT_TRUE(peaks_of(std::vector<float>(32000, 0.0F), 1000).empty());
}

} // namespace
} // namespace wm
