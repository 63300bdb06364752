#include "kernel_test.h"

namespace wm {
namespace {

class EachKernelFraming : public EachKernel {};

constexpr std::size_t kSize = 48;

TEST_P(EachKernelFraming, GatherPlacesWindowedSamplesOfEachFrameInItsLane) {
    const std::vector<float> left = noise(400, 1);
    const std::vector<float> right = noise(400, 2);
    const std::vector<float> window = noise(kSize, 3);
    const float* left_frames[kLanes];
    const float* right_frames[kLanes];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        left_frames[lane] = left.data() + 37 * lane % 101;
        right_frames[lane] = right.data() + 11 * lane;
    }
    std::vector<ComplexLanes> stereo(kSize);
    std::vector<ComplexLanes> mono(kSize);
    kernel().gather(left_frames, right_frames, window.data(), kSize, stereo.data());
    kernel().gather(left_frames, nullptr, window.data(), kSize, mono.data());
    for (std::size_t j = 0; j < kSize; ++j) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            EXPECT_EQ(stereo[j].re[lane], left_frames[lane][j] * window[j]);
            EXPECT_EQ(stereo[j].im[lane], right_frames[lane][j] * window[j]);
            EXPECT_EQ(mono[j].re[lane], left_frames[lane][j] * window[j]);
            EXPECT_EQ(mono[j].im[lane], 0.0F);
        }
    }
}

/// Lanes that overlap in memory, at a hop that is no multiple of anything: the sums, and the order of their additions.
TEST_P(EachKernelFraming, ScatterAddsOverlappingFramesInTheOrderOfTheOracle) {
    constexpr std::size_t kHop = 13;
    constexpr std::size_t kLength = 7 * kHop + kSize;
    const std::vector<ComplexLanes> frames = noise_lanes(kSize, 4);
    const std::vector<float> window = noise(kSize, 5);
    const auto scatter = [&](const Kernels& k, bool stereo) {
        std::vector<float> output(2 * kLength, 1.0F);
        float* re[kLanes];
        float* im[kLanes];
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            re[lane] = output.data() + lane * kHop;
            im[lane] = re[lane] + kLength;
        }
        k.scatter_add(frames.data(), window.data(), kSize, re, stereo ? im : nullptr);
        return output;
    };
    const std::vector<float> stereo = scatter(kernel(), true);
    EXPECT_EQ(stereo, scatter(oracle(), true));
    EXPECT_EQ(scatter(kernel(), false), scatter(oracle(), false));
    std::vector<double> expected(2 * kLength, 1.0);
    for (std::size_t j = 0; j < kSize; ++j) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            expected[lane * kHop + j] += static_cast<double>(window[j]) * frames[j].re[lane];
            expected[kLength + lane * kHop + j] += static_cast<double>(window[j]) * frames[j].im[lane];
        }
    }
    for (std::size_t k = 0; k < stereo.size(); ++k) {
        EXPECT_NEAR(stereo[k], expected[k], 2e-6) << k;
    }
}

TEST_P(EachKernelFraming, PackUndoesUnpack) {
    const std::vector<ComplexLanes> z = noise_lanes(64, 6);
    std::vector<ComplexLanes> a(33);
    std::vector<ComplexLanes> b(33);
    std::vector<ComplexLanes> again(64);
    kernel().unpack(z.data(), 64, a.data(), b.data());
    kernel().pack(a.data(), b.data(), 64, again.data());
    for (std::size_t k = 0; k < 64; ++k) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            EXPECT_NEAR(again[k].re[lane], z[k].re[lane], 2e-7) << k;
            EXPECT_NEAR(again[k].im[lane], z[k].im[lane], 2e-7) << k;
        }
    }
}

TEST_P(EachKernelFraming, PowersAreThoseOfTheUnpackedSpectra) {
    const std::vector<ComplexLanes> z = noise_lanes(64, 8);
    std::vector<ComplexLanes> a(33);
    std::vector<ComplexLanes> b(33);
    std::vector<RealLanes> packed(33);
    std::vector<RealLanes> added(33);
    kernel().unpack(z.data(), 64, a.data(), b.data());
    kernel().packed_power(z.data(), 64, packed.data());
    kernel().power_add(a.data(), 33, added.data());
    kernel().power_add(b.data(), 33, added.data());
    for (std::size_t k = 0; k < 33; ++k) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            EXPECT_NEAR(packed[k].value[lane], added[k].value[lane], 1e-6) << k;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Kernels, EachKernelFraming, testing::ValuesIn(runnable_kernels()), kernel_name);

} // namespace
} // namespace wm
