#include <cstdint>

#include "kernel_test.h"

namespace wm {
namespace {

class EachKernelPairs : public EachKernel {};

constexpr std::size_t kMostPairs = 40;

TEST_P(EachKernelPairs, AreSplitAndJoinedWhateverTheirNumber) {
    const std::vector<float> pairs = noise(2 * kMostPairs, 1);
    for (std::size_t count = 0; count <= kMostPairs; ++count) {
        std::vector<float> first(count + 1, 9.0F);
        std::vector<float> second(count + 1, 9.0F);
        std::vector<float> joined(2 * count + 1, 9.0F);
        kernel().split_pairs(pairs.data(), count, first.data(), second.data());
        kernel().join_pairs(first.data(), second.data(), count, joined.data());
        for (std::size_t k = 0; k < count; ++k) {
            EXPECT_EQ(first[k], pairs[2 * k]) << count;
            EXPECT_EQ(second[k], pairs[2 * k + 1]) << count;
            EXPECT_EQ(joined[2 * k], pairs[2 * k]) << count;
            EXPECT_EQ(joined[2 * k + 1], pairs[2 * k + 1]) << count;
        }
        EXPECT_EQ(first[count], 9.0F);
        EXPECT_EQ(second[count], 9.0F);
        EXPECT_EQ(joined[2 * count], 9.0F);
    }
}

TEST_P(EachKernelPairs, OfIntegersAreScaledAsTheyAreSplit) {
    std::vector<std::int32_t> pairs(2 * kMostPairs);
    for (std::size_t k = 0; k < pairs.size(); ++k) {
        pairs[k] = static_cast<std::int32_t>(static_cast<std::uint32_t>(k) * 2654435761U);
    }
    pairs[4] = INT32_MAX;
    pairs[5] = INT32_MIN;
    for (std::size_t count = 0; count <= kMostPairs; ++count) {
        std::vector<float> first(count + 1, 9.0F);
        std::vector<float> second(count + 1, 9.0F);
        kernel().split_integer_pairs(pairs.data(), count, 0x1p-31F, first.data(), second.data());
        for (std::size_t k = 0; k < count; ++k) {
            EXPECT_EQ(first[k], static_cast<float>(pairs[2 * k]) * 0x1p-31F) << count;
            EXPECT_EQ(second[k], static_cast<float>(pairs[2 * k + 1]) * 0x1p-31F) << count;
        }
        EXPECT_EQ(first[count], 9.0F);
        EXPECT_EQ(second[count], 9.0F);
    }
}

TEST_P(EachKernelPairs, AddScaledAddsTheProductOfEverySample) {
    const std::vector<float> input = noise(kMostPairs, 2);
    for (std::size_t count = 0; count < kMostPairs; ++count) {
        std::vector<float> sum = noise(kMostPairs, 3);
        const std::vector<float> before = sum;
        kernel().add_scaled(input.data(), 0.3F, count, sum.data());
        for (std::size_t k = 0; k < kMostPairs; ++k) {
            const float product = k < count ? input[k] * 0.3F : 0.0F;
            EXPECT_EQ(sum[k], before[k] + product) << count;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Kernels, EachKernelPairs, testing::ValuesIn(runnable_kernels()), kernel_name);

} // namespace
} // namespace wm
