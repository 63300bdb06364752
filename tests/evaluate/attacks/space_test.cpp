#include "evaluate/attacks/space.h"

#include <gtest/gtest.h>

#include "audio/whole_audio.h"
#include "measures.h"
#include "signals.h"

namespace wm {
namespace {

/// The time in which Schroeder's integral of a response falls by 60 dB, from its slope between -5 and -35 dB (ISO 3382 T30).
double rt60_of(const std::vector<float>& response, int sample_rate_hz) {
    std::vector<double> rest(response.size() + 1, 0.0);
    for (std::size_t i = response.size(); i-- > 0;) {
        rest[i] = rest[i + 1] + static_cast<double>(response[i]) * static_cast<double>(response[i]);
    }
    const auto falls_to = [&](double level_db) {
        std::size_t i = 0;
        while (i < rest.size() && 10 * std::log10(rest[i] / rest[0]) > level_db) {
            ++i;
        }
        return static_cast<double>(i) / sample_rate_hz;
    };
    return 2 * (falls_to(-35) - falls_to(-5));
}

TEST(Echo, ComesAfterItsDelayAtItsGain) {
    Audio impulse{kTestRate_hz, {std::vector<float>(20000, 0.0F)}};
    impulse.channels[0][100] = 0.5F;
    const std::vector<float> heard = add_echo(impulse, 100, -6).channels[0];
    EXPECT_FLOAT_EQ(heard[100], 0.5F);
    EXPECT_NEAR(heard[4510], 0.5 * std::pow(10, -6.0 / 20), 1e-6);
    EXPECT_EQ(heard[300], 0);
    const Audio noise = white_noise(2, 0.1, 1);
    EXPECT_NEAR(peak_of(add_echo(noise, 37, -3)), peak_of(noise), 1e-6);
}

TEST(Room, DecaysInItsReverberationTime) {
    for (const double rt60_s : {0.2, 0.8, 2.0}) {
        const Audio response = room_response({rt60_s, 6}, 2, kTestRate_hz, 5);
        std::vector<float> tail = response.channels[1];
        tail[0] = 0;
        EXPECT_NEAR(rt60_of(tail, kTestRate_hz), rt60_s, 0.1 * rt60_s);
        EXPECT_NEAR(10 * std::log10(1 / std::pow(rms_between({kTestRate_hz, {tail}}, 0, tail.size()), 2) /
                                    static_cast<double>(tail.size())),
                    6, 1e-3);
    }
}

TEST(Room, IsHeardInTheRecording) {
    Audio impulse{kTestRate_hz, {std::vector<float>(60000, 0.0F)}};
    impulse.channels[0][1000] = 0.5F;
    const Audio heard = add_room(impulse, {0.5, 0}, 3);
    ASSERT_EQ(heard.num_samples(), impulse.num_samples());
    std::vector<float> tail(heard.channels[0].begin() + 1050, heard.channels[0].end());
    EXPECT_NEAR(rt60_of(tail, kTestRate_hz), 0.5, 0.05);
    EXPECT_NEAR(rms_of(heard), rms_of(impulse), 1e-6);
    EXPECT_EQ(add_room(impulse, {0.5, 0}, 3).channels, heard.channels);
    EXPECT_NE(add_room(impulse, {0.5, 0}, 4).channels, heard.channels);
}

TEST(ConvolveWith, ResamplesTheResponseAndServesAllChannels) {
    Audio response{22050, {std::vector<float>(2205, 0.0F)}};
    response.channels[0][1000] = 1; // 1000 samples at half the rate: 2000 of the recording's
    const Audio noise = white_noise(2, 0.1, 0.5);
    const Audio heard = convolve_with(noise, response);
    EXPECT_EQ(delay_of(heard.channels[0], noise.channels[0], 2100), 2000);
    EXPECT_EQ(delay_of(heard.channels[1], noise.channels[1], 2100), 2000);
}

} // namespace
} // namespace wm
