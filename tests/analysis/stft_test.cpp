#include "analysis/stft.h"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "analysis/window.h"

namespace wm {
namespace {

std::vector<float> sine(std::size_t count, double cycles_per_sample, double phase) {
    std::vector<float> signal(count);
    for (std::size_t j = 0; j < count; ++j) {
        signal[j] = static_cast<float>(std::sin(2 * M_PI * cycles_per_sample * static_cast<double>(j) + phase));
    }
    return signal;
}

TEST(Window, HannHalvesAddUpToOne) {
    const std::vector<float> window = hann_window(1024);
    for (std::size_t j = 0; j < 512; ++j) {
        EXPECT_FLOAT_EQ(window[j] + window[j + 512], 1.0F);
    }
    EXPECT_EQ(window[0], 0.0F);
    EXPECT_EQ(window[512], 1.0F);
}

TEST(Window, SineIsTheSquareRootOfHann) {
    const std::vector<float> hann = hann_window(2048);
    const std::vector<float> root = sine_window(2048);
    for (std::size_t j = 0; j < 2048; ++j) {
        EXPECT_NEAR(root[j] * root[j], hann[j], 1e-7) << j;
    }
}

RC_GTEST_PROP(Stft, InverseOfForwardRestoresBothChannels, ()) {
    const auto size = *rc::gen::element<std::size_t>(64, 240, 512, 1024, 2048);
    const std::size_t hop = size / 2;
    const std::size_t length = 7 * hop + size;
    const std::vector<float> left = sine(length, *rc::gen::inRange(1, 499) / 1000.0, 0.3);
    const std::vector<float> right = sine(length, *rc::gen::inRange(1, 499) / 1000.0, 1.1);
    std::vector<float> left_again(length);
    std::vector<float> right_again(length);
    std::vector<ComplexLanes> spectrum(size);
    Stft stft(sine_window(size));
    stft.forward(input_frames(left.data(), hop), input_frames(right.data(), hop), spectrum.data());
    stft.inverse(spectrum.data(), output_frames(left_again.data(), hop), output_frames(right_again.data(), hop));
    for (std::size_t j = hop; j < length - hop; ++j) {
        RC_ASSERT(std::abs(left_again[j] - left[j]) < 2e-6F);
        RC_ASSERT(std::abs(right_again[j] - right[j]) < 2e-6F);
    }
}

TEST(Stft, InverseOfForwardRestoresOneChannelAndAddsToWhatStandsThere) {
    constexpr std::size_t kSize = 512;
    constexpr std::size_t kHop = 256;
    constexpr std::size_t kLength = 7 * kHop + kSize;
    const std::vector<float> signal = sine(kLength, 0.0371, 0);
    std::vector<float> again(kLength, 1.0F);
    std::vector<ComplexLanes> spectrum(kSize);
    Stft stft(sine_window(kSize));
    stft.forward(input_frames(signal.data(), kHop), spectrum.data());
    stft.inverse(spectrum.data(), output_frames(again.data(), kHop));
    for (std::size_t j = kHop; j < kLength - kHop; ++j) {
        EXPECT_NEAR(again[j], signal[j] + 1.0F, 2e-6) << j;
    }
}

TEST(Stft, PackedSpectrumHoldsBothSignals) {
    constexpr std::size_t kSize = 1024;
    const std::vector<float> left = sine(kSize + 7, 100.0 / kSize, M_PI / 2);
    const std::vector<float> right = sine(kSize + 7, 300.0 / kSize, 0);
    std::vector<ComplexLanes> packed(kSize);
    Stft stft(std::vector<float>(kSize, 1.0F));
    stft.forward(input_frames(left.data(), 1), input_frames(right.data(), 1), packed.data());
    std::vector<ComplexLanes> a(stft.num_bins());
    std::vector<ComplexLanes> b(stft.num_bins());
    std::vector<RealLanes> power(stft.num_bins());
    kernels().unpack(packed.data(), kSize, a.data(), b.data());
    kernels().packed_power(packed.data(), kSize, power.data());
    for (std::size_t k = 0; k < stft.num_bins(); ++k) {
        EXPECT_NEAR(a[k].re[0], k == 100 ? 512 : 0, 2e-3) << k;
        EXPECT_NEAR(b[k].im[0], k == 300 ? -512 : 0, 2e-3) << k;
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            EXPECT_NEAR(std::hypot(a[k].re[lane], a[k].im[lane]), k == 100 ? 512 : 0, 2e-3) << k;
            EXPECT_NEAR(std::sqrt(power[k].value[lane]), k == 100 || k == 300 ? 512 : 0, 3e-3) << k;
        }
    }
}

TEST(Stft, GainsOnThePackedSpectrumFilterBothSignals) {
    constexpr std::size_t kSize = 256;
    std::vector<float> left = sine(kSize, 16.0 / kSize, 0);
    std::vector<float> right = sine(kSize, 40.0 / kSize, 0);
    std::vector<ComplexLanes> packed(kSize);
    std::vector<RealLanes> gains(kSize / 2 + 1);
    for (float& gain : gains[16].value) {
        gain = 3;
    }
    for (float& gain : gains[40].value) {
        gain = 0.5F;
    }
    Stft stft(std::vector<float>(kSize, 1.0F));
    stft.forward(input_frames(left.data(), 0), input_frames(right.data(), 0), packed.data());
    kernels().packed_scale(gains.data(), kSize, packed.data());
    std::vector<std::vector<float>> outputs(2 * kLanes, std::vector<float>(kSize));
    OutputFrames a;
    OutputFrames b;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        a[lane] = outputs[lane].data();
        b[lane] = outputs[lane + kLanes].data();
    }
    stft.inverse(packed.data(), a, b);
    for (std::size_t j = 0; j < kSize; ++j) {
        EXPECT_NEAR(outputs[6][j], 3 * left[j], 2e-6) << j;
        EXPECT_NEAR(outputs[6 + kLanes][j], 0.5F * right[j], 2e-6) << j;
    }
}

} // namespace
} // namespace wm
