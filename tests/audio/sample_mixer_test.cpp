/// What mixing does to samples: nothing where the residual is zero, unbiased dither elsewhere, cuts at full scale.

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "audio/dither.h"
#include "audio/sample_mixer.h"

namespace wm::test {
namespace {

constexpr std::size_t kNumSamples = 50000;

PcmFormat integer_format(int bits, int num_channels = 1) {
    PcmFormat format;
    format.encoding = integer_encoding(bits, false);
    format.num_channels = num_channels;
    format.sample_rate_hz = 44100;
    format.bytes_per_sample = (bits + 7) / 8;
    format.valid_bits = bits;
    return format;
}

AudioSpec spec_of(Encoding encoding, int num_channels = 1) {
    AudioSpec spec;
    spec.encoding = encoding;
    spec.num_channels = num_channels;
    return spec;
}

AudioBlock integer_block(std::vector<std::int32_t> samples, int num_channels = 1) {
    AudioBlock block;
    block.num_channels = num_channels;
    block.num_samples = samples.size() / static_cast<std::size_t>(num_channels);
    block.integers = std::move(samples);
    return block;
}

AudioBlock real_block(std::vector<double> samples) {
    AudioBlock block;
    block.num_channels = 1;
    block.num_samples = samples.size();
    block.is_integer = false;
    block.reals = std::move(samples);
    return block;
}

std::vector<std::int32_t> mix(SampleMixer& mixer, const AudioBlock& host, const std::vector<float>& residual) {
    std::vector<std::int32_t> out(host.num_samples * static_cast<std::size_t>(host.num_channels));
    const std::vector<const float*> planar(8, residual.data());
    mixer.mix_integers(host, planar.data(), 0, host.num_samples, out.data());
    return out;
}

RC_GTEST_PROP(SampleMixer, LeavesEverySampleWithAZeroResidualAsItIs, (std::vector<std::int32_t> samples)) {
    const int bits = *rc::gen::element(8, 12, 16, 20, 24, 32);
    SampleMixer mixer(spec_of(Encoding::kPcm8), integer_format(bits));
    const std::vector<float> zero(samples.size(), 0.0F);
    RC_ASSERT(mix(mixer, integer_block(samples), zero) == samples);
    const std::vector<float> negative_zero(samples.size(), -0.0F);
    RC_ASSERT(mix(mixer, integer_block(samples), negative_zero) == samples);
    RC_ASSERT(mixer.num_clipped() == 0U);
}

TEST(SampleMixer, DitherIsUnbiasedTriangularAndIndependentOfTheResidual) {
    for (const int bits : {8, 16, 24}) {
        const double step = std::ldexp(1.0, 1 - bits);
        for (const double offset_steps : {0.01, 0.25, 0.5, 0.9}) {
            SampleMixer mixer(spec_of(integer_encoding(bits, false)), integer_format(bits));
            const std::vector<float> residual(kNumSamples, static_cast<float>(offset_steps * step));
            const auto out = mix(mixer, integer_block(std::vector<std::int32_t>(kNumSamples, 0)), residual);
            double sum = 0;
            double sum_of_squares = 0;
            for (const std::int32_t sample : out) {
                const double error_steps = sample * 0x1p-31 / step - offset_steps;
                sum += error_steps;
                sum_of_squares += error_steps * error_steps;
            }
            // TPDF noise (1/6) plus rounding (1/12): a variance of 1/4 whatever the residual (Lipshitz et al., 1992).
            EXPECT_NEAR(sum / kNumSamples, 0.0, 0.01) << bits << " " << offset_steps;
            EXPECT_NEAR(sum_of_squares / kNumSamples, 0.25, 0.01) << bits << " " << offset_steps;
        }
    }
}

TEST(SampleMixer, EqualInputsGiveEqualOutputsWhateverTheBlockSizes) {
    std::mt19937 random(3);
    std::vector<std::int32_t> samples(6000);
    for (auto& sample : samples) {
        sample = static_cast<std::int32_t>(random() & 0x7FFF0000U);
    }
    const std::vector<float> residual(3000, 1e-4F);
    const std::vector<const float*> planar(2, residual.data());
    const AudioBlock block = integer_block(samples, 2);
    SampleMixer at_once(spec_of(Encoding::kPcm16, 2), integer_format(16, 2));
    SampleMixer in_parts(spec_of(Encoding::kPcm16, 2), integer_format(16, 2));
    std::vector<std::int32_t> whole(6000);
    std::vector<std::int32_t> parts(6000);
    at_once.mix_integers(block, planar.data(), 0, 3000, whole.data());
    for (std::size_t first = 0; first < 3000; first += 7) {
        in_parts.mix_integers(block, planar.data(), first, std::min<std::size_t>(7, 3000 - first),
                              parts.data() + 2 * first);
    }
    EXPECT_EQ(whole, parts);
}

TEST(SampleMixer, CutsAtFullScaleAndCountsWhatTheHostDidNotHaveThere) {
    for (const int bits : {16, 24, 32}) {
        SampleMixer mixer(spec_of(integer_encoding(bits, false)), integer_format(bits));
        const std::int32_t unused = bits == 32 ? 0 : (1 << (32 - bits)) - 1;
        const std::int32_t high = std::numeric_limits<std::int32_t>::max() - unused;
        const std::int32_t low = std::numeric_limits<std::int32_t>::min();
        const auto out =
            mix(mixer, integer_block({high - unused - 1, low + unused + 1, high, low}), {0.5F, -0.5F, 1e30F, -1e30F});
        EXPECT_EQ(out, (std::vector<std::int32_t>{high, low, high, low})) << bits;
        EXPECT_EQ(mixer.num_clipped(), 2U) << bits;
    }
}

TEST(SampleMixer, ResidualsThatAreNoNumbersStayWithinFullScale) {
    SampleMixer mixer(spec_of(Encoding::kPcm16), integer_format(16));
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinity = std::numeric_limits<float>::infinity();
    const auto out = mix(mixer, integer_block({0, 0, 0}), {nan, infinity, -infinity});
    EXPECT_EQ(out[1], 0x7FFF0000);
    EXPECT_EQ(out[2], std::numeric_limits<std::int32_t>::min());
}

TEST(SampleMixer, RealSamplesOnAStepStayThereAndOthersAreDithered) {
    SampleMixer mixer(spec_of(Encoding::kLossy), integer_format(24));
    const double step = 0x1p-23;
    const auto on_step = mix(mixer, real_block({0.0, 5 * step, -7 * step, 2.0}), std::vector<float>(4, 0.0F));
    EXPECT_EQ(on_step, (std::vector<std::int32_t>{0, 5 << 8, -(7 << 8), 0x7FFFFF00}));
    EXPECT_EQ(mixer.num_clipped(), 1U);
    const auto between =
        mix(mixer, real_block(std::vector<double>(kNumSamples, 0.3 * step)), std::vector<float>(kNumSamples, 0.0F));
    double sum = 0;
    for (const std::int32_t sample : between) {
        sum += sample / 256.0;
    }
    EXPECT_NEAR(sum / kNumSamples, 0.3, 0.01);
}

TEST(SampleMixer, RealSamplesThatAreNoNumbersBecomeSilenceInIntegers) {
    SampleMixer mixer(spec_of(Encoding::kFloat32), integer_format(24));
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double infinity = std::numeric_limits<double>::infinity();
    EXPECT_EQ(mix(mixer, real_block({nan, infinity, -infinity}), std::vector<float>(3, 0.0F)),
              (std::vector<std::int32_t>{0, 0, 0}));
}

TEST(SampleMixer, FloatOutputsKeepTheSignOfZeroAndWhatLiesBeyondFullScale) {
    PcmFormat format;
    format.encoding = Encoding::kFloat32;
    SampleMixer mixer(spec_of(Encoding::kFloat32), format);
    const std::vector<float> residual{0.0F, 0.0F, 0.25F};
    const float* planar[] = {residual.data()};
    std::vector<double> out(3);
    mixer.mix_reals(real_block({-0.0, 3.5, 1.5}), planar, 0, 3, out.data());
    EXPECT_TRUE(std::signbit(out[0]));
    EXPECT_EQ(out[1], 3.5);
    EXPECT_EQ(out[2], 1.75);
}

TEST(DitherNoise, IsTriangularWithinOneStep) {
    DitherNoise noise;
    std::vector<int> histogram(8);
    for (std::size_t i = 0; i < 80000;) {
        for (const float value : noise.take(80000 - i)) {
            ASSERT_LT(std::fabs(value), 1.0F);
            ++histogram[static_cast<std::size_t>((value + 1.0F) * 4.0F)];
            ++i;
        }
    }
    constexpr double kExpected[] = {1, 3, 5, 7, 7, 5, 3, 1}; // of 32: the area of a triangle's slices
    for (std::size_t i = 0; i < histogram.size(); ++i) {
        EXPECT_NEAR(histogram[i] / 80000.0, kExpected[i] / 32.0, 0.006) << i;
    }
}

} // namespace
} // namespace wm::test
