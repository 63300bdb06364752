#include "evaluate/quality/peaq_meter.h"

#include <gtest/gtest.h>

#include "quality/pairs.h"

namespace wm {
namespace {

std::optional<PeaqGrade> graded(const Audio& reference, const Audio& test, std::size_t piece = 5000) {
    PeaqMeter meter(reference.num_channels());
    for (std::size_t done = 0; done < reference.num_samples(); done += piece) {
        const std::size_t count = std::min(piece, reference.num_samples() - done);
        meter.push(pointers(reference, done).data(), pointers(test, done).data(), count);
    }
    return meter.finish();
}

Audio noise(std::size_t num_channels, double duration_s, double rms = 0.01, std::uint64_t seed = 1) {
    return white_noise(num_channels, rms, duration_s, seed); // the rate that it names does not matter here
}

Audio music(std::size_t num_channels = 1) {
    return mixed(warbling_harmonics(num_channels, 3), noise(num_channels, 4, 0.003, 7), 1);
}

TEST(PeaqMeter, GradesWhatIsTheSameAsImperceptible) {
    const auto result = graded(music(2), music(2));
    ASSERT_TRUE(result.has_value());
    EXPECT_GT(result->odg, 0);
    EXPECT_EQ(result->variables.mfpd, 0);
    EXPECT_EQ(result->variables.ehs, 0);
    EXPECT_EQ(result->variables.rms_noise_loud, 0);
    EXPECT_EQ(result->variables.rel_dist_frames, 0);
    EXPECT_EQ(result->variables.bandwidth_ref, result->variables.bandwidth_test);
}

TEST(PeaqMeter, GradesMoreNoiseWorse) {
    double last = 1;
    for (const double amount : {0.003, 0.03, 0.3, 3.0}) {
        const auto result = graded(music(), mixed(music(), noise(1, 4), amount));
        ASSERT_TRUE(result.has_value());
        EXPECT_LT(result->odg, last) << amount;
        last = result->odg;
    }
    EXPECT_LT(last, -3);
}

TEST(PeaqMeter, TakesPiecesOfAnySize) {
    const Audio test = mixed(music(), noise(1, 4), 0.2);
    const auto whole = graded(music(), test, 1000000);
    for (const std::size_t piece : {1777U, 1024U, 48000U}) {
        EXPECT_EQ(graded(music(), test, piece)->distortion_index, whole->distortion_index);
    }
}

TEST(PeaqMeter, HasNoFavouriteEar) {
    Audio reference = music(2);
    Audio test = mixed(reference, noise(2, 4), 0.2);
    const auto one_way = graded(reference, test);
    std::swap(reference.channels[0], reference.channels[1]);
    std::swap(test.channels[0], test.channels[1]);
    EXPECT_NEAR(graded(reference, test)->distortion_index, one_way->distortion_index, 1e-9);
}

/// Two equal ears are like one: every variable is a mean over them or their larger.
TEST(PeaqMeter, GradesTwoEqualChannelsAsOne) {
    const Audio test = mixed(music(), noise(1, 4), 0.2);
    const auto doubled = [](Audio audio) {
        audio.channels.push_back(audio.channels[0]);
        return audio;
    };
    EXPECT_NEAR(graded(doubled(music()), doubled(test))->distortion_index, graded(music(), test)->distortion_index,
                1e-9);
}

/// Data before the first and after the last sound of the reference are not graded.
TEST(PeaqMeter, LeavesOutSilenceAtTheEnds) {
    const Audio test = mixed(music(), noise(1, 4), 0.2);
    const auto padded = [](Audio audio) {
        audio.channels[0].insert(audio.channels[0].begin(), 40 * kPeaqHop, 0.0F);
        audio.channels[0].resize(audio.num_samples() + 40 * kPeaqHop, 0.0F);
        return audio;
    };
    const auto bare = graded(music(), test);
    const auto with_silence = graded(padded(music()), padded(test));
    EXPECT_NEAR(with_silence->odg, bare->odg, 0.03);
    EXPECT_NEAR(with_silence->variables.total_nmr_db, bare->variables.total_nmr_db, 0.1);
}

TEST(PeaqMeter, NamesTheBandwidthOfBoth) {
    const Audio low = mixed(sine(9000, 0.3, 3, kPeaqTestRate_hz), noise(1, 4), 0.03);
    const Audio high = mixed(low, sine(15000, 0.3, 3, kPeaqTestRate_hz), 1);
    const auto result = graded(high, low);
    EXPECT_NEAR(result->variables.bandwidth_ref, 15000 * kPeaqFrame / kPeaqRate_hz, 12); // the window spreads a line
    EXPECT_NEAR(result->variables.bandwidth_test, 9000 * kPeaqFrame / kPeaqRate_hz, 12); // the window spreads a line
}

TEST(PeaqMeter, GivesNoGradeToSilenceAndToMoments) {
    const Audio silence{kPeaqTestRate_hz, {std::vector<float>(3 * kPeaqTestRate_hz, 0.0F)}};
    EXPECT_FALSE(graded(silence, noise(1, 4)).has_value());
    const Audio moment = sine(1000, 0.5, 0.4, kPeaqTestRate_hz);
    EXPECT_FALSE(graded(moment, moment).has_value());
    const Audio empty{kPeaqTestRate_hz, {{}}};
    EXPECT_FALSE(graded(empty, empty).has_value());
}

} // namespace
} // namespace wm
