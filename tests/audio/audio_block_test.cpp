#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "audio/audio_file.h"

namespace wm::test {
namespace {

/// Channel-major copy of a block.
std::vector<std::vector<float>> planar_of(const AudioBlock& block) {
    std::vector<std::vector<float>> channels(static_cast<std::size_t>(block.num_channels),
                                             std::vector<float>(block.num_samples, 99.0F));
    std::vector<float*> pointers;
    for (auto& channel : channels) {
        pointers.push_back(channel.data());
    }
    block.to_planar(pointers.data());
    return channels;
}

TEST(AudioBlock, ChannelsAreTakenApartAndScaledToOne) {
    for (const int num_channels : {1, 2, 3, 8}) {
        AudioBlock block;
        block.num_channels = num_channels;
        block.num_samples = 5;
        AudioBlock reals = block;
        reals.is_integer = false;
        for (std::size_t i = 0; i < 5 * static_cast<std::size_t>(num_channels); ++i) {
            const auto value = static_cast<int>(i) - 7;
            block.integers.push_back(value * (1 << 24));
            reals.reals.push_back(value / 128.0);
        }
        const auto channels = planar_of(block);
        for (std::size_t channel = 0; channel < channels.size(); ++channel) {
            for (std::size_t i = 0; i < 5; ++i) {
                EXPECT_EQ(channels[channel][i], (static_cast<float>(i * channels.size() + channel) - 7.0F) / 128.0F);
            }
        }
        EXPECT_EQ(planar_of(reals), channels);
    }
}

TEST(AudioBlock, WhatIsNoNumberOrNoSoundBecomesSilence) {
    AudioBlock block;
    block.num_channels = 1;
    block.is_integer = false;
    block.reals = {std::numeric_limits<double>::quiet_NaN(),
                   std::numeric_limits<double>::infinity(),
                   -std::numeric_limits<double>::infinity(),
                   1e300,
                   -1e30,
                   1.01 * AudioBlock::kLoudest,
                   -AudioBlock::kLoudest,
                   0.5};
    block.num_samples = block.reals.size();
    EXPECT_EQ(planar_of(block).front(), (std::vector<float>{0, 0, 0, 0, 0, 0, -0x1p24F, 0.5F}));
}

} // namespace
} // namespace wm::test
