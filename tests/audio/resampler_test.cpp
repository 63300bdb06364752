#include "audio/resampler.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace wm {
namespace {

using Quality = Resampler::Quality;
using Planar = std::vector<std::vector<float>>;

double sine_at(double frequency_hz, double time_s, double phase) {
    return std::sin(2 * M_PI * frequency_hz * time_s + phase);
}

std::vector<float> sine(double frequency_hz, double rate_hz, std::size_t count, double phase = 0) {
    std::vector<float> signal(count);
    for (std::size_t k = 0; k < count; ++k) {
        signal[k] = static_cast<float>(sine_at(frequency_hz, static_cast<double>(k) / rate_hz, phase));
    }
    return signal;
}

Planar contents(const PlanarQueue& queue) {
    Planar channels;
    for (const float* front : queue.fronts()) {
        channels.emplace_back(front, front + queue.size());
    }
    return channels;
}

/// Pushes all channels in pieces of the given sizes, repeated as long as input lasts.
Planar convert(Resampler& resampler, const Planar& input, const std::vector<std::size_t>& piece_sizes) {
    PlanarQueue output(input.size());
    std::size_t start = 0;
    for (std::size_t piece = 0; start < input[0].size(); ++piece) {
        const std::size_t count = std::min(piece_sizes[piece % piece_sizes.size()], input[0].size() - start);
        std::vector<const float*> pointers;
        for (const std::vector<float>& channel : input) {
            pointers.push_back(channel.data() + start);
        }
        resampler.push(pointers.data(), count, output);
        start += count;
    }
    resampler.finish(output);
    return contents(output);
}

std::vector<float> convert(double from_hz, double to_hz, Quality quality, const std::vector<float>& input) {
    const auto resampler = Resampler::create(from_hz, to_hz, 1, quality);
    return convert(*resampler, {input}, {4096})[0];
}

double to_db(double amplitude) {
    return 20 * std::log10(amplitude + 1e-20);
}

double rms(const std::vector<float>& signal, std::size_t margin) {
    double sum = 0;
    for (std::size_t k = margin; k + margin < signal.size(); ++k) {
        sum += static_cast<double>(signal[k]) * signal[k];
    }
    return std::sqrt(sum / static_cast<double>(signal.size() - 2 * margin));
}

struct Conversion {
    double from_hz;
    double to_hz;
};

class EachConversion : public testing::TestWithParam<Conversion> {};

TEST_P(EachConversion, GivesTheSamplesOfTheSameSineAtTheirOwnTimes) {
    const auto [from_hz, to_hz] = GetParam();
    for (const Quality quality : {Quality::kHigh, Quality::kFast, Quality::kFull}) {
        const double highest_hz = 0.37 * std::min(from_hz, to_hz);
        for (const double frequency_hz : {100.0, 0.3 * highest_hz, 0.99 * highest_hz}) {
            const std::vector<float> output = convert(from_hz, to_hz, quality, sine(frequency_hz, from_hz, 40000, 0.7));
            double error = 0;
            for (std::size_t k = 1000; k + 1000 < output.size(); ++k) {
                const double expected = sine_at(frequency_hz, static_cast<double>(k) / to_hz, 0.7);
                error = std::max(error, std::abs(output[k] - expected));
            }
            // At the band's upper edge an error of 1e-3 is a phase of four ten-thousandths of a sample.
            EXPECT_LT(error, quality == Quality::kFast ? 2e-3 : 1e-3) << frequency_hz << " Hz";
        }
    }
}

TEST_P(EachConversion, GivesExactlyTheCeilingOfTheCount) {
    const auto [from_hz, to_hz] = GetParam();
    for (const std::size_t count : {0U, 1U, 2U, 3U, 100U, 4095U, 44101U}) {
        const std::vector<float> output = convert(from_hz, to_hz, Quality::kHigh, std::vector<float>(count, 0.5F));
        EXPECT_EQ(output.size(), std::ceil(static_cast<double>(count) * to_hz / from_hz)) << count;
    }
}

TEST_P(EachConversion, DoesNotDependOnHowTheInputIsCut) {
    const auto [from_hz, to_hz] = GetParam();
    const Planar input = {sine(1000, from_hz, 9001), sine(3333, from_hz, 9001, 1)};
    const auto whole = Resampler::create(from_hz, to_hz, 2, Quality::kHigh);
    const Planar expected = convert(*whole, input, {input[0].size()});
    rc::check([&, from = from_hz, to = to_hz] {
        const auto sizes =
            *rc::gen::nonEmpty(rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 3000)));
        const auto pieces = Resampler::create(from, to, 2, Quality::kHigh);
        RC_ASSERT(convert(*pieces, input, sizes) == expected);
    });
}

INSTANTIATE_TEST_SUITE_P(Resampler, EachConversion,
                         testing::Values(Conversion{44100, 22050}, Conversion{22050, 44100}, Conversion{48000, 22050},
                                         Conversion{22050, 48000}, Conversion{22050, 96000}, Conversion{8000, 22050},
                                         Conversion{192000, 22050}));

TEST(Resampler, SameRateIsABitExactCopy) {
    const std::vector<float> input = sine(12345, 44100, 5000);
    EXPECT_EQ(convert(44100, 44100, Quality::kHigh, input), input);
}

TEST(Resampler, StopsWhatTheLowerRateCannotHold) {
    for (const double from_hz : {44100.0, 48000.0}) {
        for (const double frequency_hz : {0.635 * 22050, 17000.0, 21000.0}) {
            const std::vector<float> input = sine(frequency_hz, from_hz, 40000);
            EXPECT_LT(to_db(rms(convert(from_hz, 22050, Quality::kHigh, input), 1000)), -84) << frequency_hz;
            EXPECT_LT(to_db(rms(convert(from_hz, 22050, Quality::kFast, input), 1000)), -60) << frequency_hz;
        }
    }
}

TEST(Resampler, KeepsWhatIsHeardWhenAskedForAll) {
    const double full_scale_db = to_db(std::sqrt(0.5));
    const auto level_db = [](double from_hz, double to_hz, double frequency_hz) {
        return to_db(rms(convert(from_hz, to_hz, Quality::kFull, sine(frequency_hz, from_hz, 40000)), 2000));
    };
    EXPECT_NEAR(level_db(44100, 48000, 20000), full_scale_db, 0.01);
    EXPECT_NEAR(level_db(48000, 44100, 20000), full_scale_db, 0.01);
    EXPECT_NEAR(level_db(44100, 22050, 10000), full_scale_db, 0.01);
    EXPECT_LT(level_db(48000, 44100, 22100), -120);
    EXPECT_LT(level_db(44100, 22050, 11100), -120);
}

TEST(Resampler, LeavesNoImageAboveTheLowerRate) {
    const double frequency_hz = 7000;
    const std::vector<float> output = convert(22050, 44100, Quality::kHigh, sine(frequency_hz, 22050, 30000));
    std::vector<float> rest(output.size());
    for (std::size_t k = 0; k < output.size(); ++k) {
        rest[k] = output[k] - static_cast<float>(sine_at(frequency_hz, static_cast<double>(k) / 44100, 0));
    }
    EXPECT_LT(to_db(rms(rest, 1000)), -84);
}

} // namespace
} // namespace wm
