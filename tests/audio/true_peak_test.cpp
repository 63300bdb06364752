#include "audio/true_peak.h"

#include <algorithm>
#include <cmath>

#include <ebur128.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace wm {
namespace {

using Planar = std::vector<std::vector<float>>;

constexpr unsigned long kRateHz = 44100;

/// libebur128's true peak, the highest of all channels. Silence is appended, for its interpolator lags by six samples.
double reference_true_peak(const Planar& audio) {
    const auto num_channels = static_cast<unsigned>(audio.size());
    ebur128_state* state = ebur128_init(num_channels, kRateHz, EBUR128_MODE_TRUE_PEAK);
    std::vector<float> interleaved;
    for (std::size_t k = 0; k < audio[0].size(); ++k) {
        for (const std::vector<float>& channel : audio) {
            interleaved.push_back(channel[k]);
        }
    }
    interleaved.resize(interleaved.size() + 12 * audio.size(), 0.0F);
    ebur128_add_frames_float(state, interleaved.data(), audio[0].size() + 12);
    double highest = 0;
    for (unsigned c = 0; c < num_channels; ++c) {
        double peak = 0;
        ebur128_true_peak(state, c, &peak);
        highest = std::max(highest, peak);
    }
    ebur128_destroy(&state);
    return highest;
}

std::vector<float> noise(std::size_t count, float amplitude, std::uint32_t seed) {
    std::vector<float> signal(count);
    for (float& sample : signal) {
        seed = seed * 1664525U + 1013904223U;
        sample = amplitude * (static_cast<float>(seed >> 8) / 8388608.0F - 1.0F);
    }
    return signal;
}

/// Tones whose samples reach `amplitude`, and whose true peak lies well above.
std::vector<float> tones(std::size_t count, double amplitude, double phase) {
    std::vector<float> signal(count);
    for (std::size_t k = 0; k < count; ++k) {
        const double time = static_cast<double>(k);
        const double envelope = 0.6 + 0.4 * std::sin(time * 0.0011 + phase);
        const double sum = 1.6 * std::sin(M_PI / 2 * time + M_PI / 4) + 0.3 * std::sin(0.31 * time + phase);
        signal[k] = static_cast<float>(std::clamp(sum * envelope, -1.0, 1.0) * amplitude);
    }
    return signal;
}

Planar sum(const Planar& a, const Planar& b) {
    Planar result = a;
    for (std::size_t c = 0; c < a.size(); ++c) {
        for (std::size_t k = 0; k < a[c].size(); ++k) {
            result[c][k] += b[c][k];
        }
    }
    return result;
}

/// Takes what the guard has ready.
void take(TruePeakGuard& guard, std::size_t count, Planar& output) {
    const std::vector<const float*> ready = guard.ready();
    for (std::size_t c = 0; c < output.size(); ++c) {
        output[c].insert(output[c].end(), ready[c], ready[c] + count);
    }
    guard.drop(count);
}

std::vector<const float*> from(const Planar& audio, std::size_t start) {
    std::vector<const float*> starts;
    for (const std::vector<float>& channel : audio) {
        starts.push_back(channel.data() + start);
    }
    return starts;
}

/// Feeds host and residual, and takes what is ready, in pieces of the given sizes, in turn.
Planar guard(const Planar& host, const Planar& residual, const std::vector<std::size_t>& piece_sizes) {
    const auto guard = TruePeakGuard::create(static_cast<int>(host.size()), kRateHz);
    Planar output(host.size());
    std::size_t start = 0;
    for (std::size_t piece = 0; start < host[0].size(); ++piece) {
        const std::size_t size = piece_sizes[piece % piece_sizes.size()];
        const std::size_t count = std::min(size, host[0].size() - start);
        guard->host().append(from(host, start).data(), count);
        guard->residual().append(from(residual, start).data(), count);
        guard->advance();
        take(*guard, std::min(size, guard->num_ready()), output);
        start += count;
    }
    guard->finish();
    take(*guard, guard->num_ready(), output);
    return output;
}

RC_GTEST_PROP(TruePeakGuard, KeepsTheMarkedPeakBelowZeroDbtpOrTheHostsOwn, ()) {
    const double amplitude = *rc::gen::inRange(50, 120) / 100.0;
    const float strength = static_cast<float>(*rc::gen::inRange(1, 30)) / 100.0F;
    const auto seed = *rc::gen::arbitrary<std::uint32_t>();
    const std::size_t count = *rc::gen::inRange<std::size_t>(1, 20000);
    const Planar host = {tones(count, amplitude, 0.1 * (seed % 60)), tones(count, 0.8 * amplitude, 2)};
    const Planar residual = {noise(count, strength, seed), noise(count, strength, seed + 1)};
    const Planar guarded = guard(host, residual, {3000});
    RC_ASSERT(guarded[0].size() == count);
    RC_ASSERT(guarded[1].size() == count);
    RC_ASSERT(reference_true_peak(sum(host, guarded)) <= std::max(1.0, reference_true_peak(host)) + 2e-6);
}

TEST(TruePeakGuard, TheUnguardedMarkOfTheseSignalsWouldExceedTheCeiling) {
    const Planar host = {tones(20000, 0.8, 0)};
    const Planar residual = {noise(20000, 0.1F, 1)};
    EXPECT_GT(reference_true_peak(sum(host, residual)), std::max(1.0, reference_true_peak(host)) + 0.01);
}

TEST(TruePeakGuard, LeavesAQuietMarkBitExact) {
    const Planar host = {tones(30000, 0.3, 0), tones(30000, 0.3, 1)};
    const Planar residual = {noise(30000, 0.02F, 1), noise(30000, 0.02F, 2)};
    EXPECT_EQ(guard(host, residual, {4096}), residual);
}

TEST(TruePeakGuard, ScalesDownOnlyAroundTheLoudMomentAndWithoutSteps) {
    constexpr std::size_t kCount = 40000;
    Planar host = {std::vector<float>(kCount, 0.0F)};
    for (std::size_t k = 20000; k < 20040; ++k) {
        host[0][k] = 0.999F;
    }
    const Planar residual = {std::vector<float>(kCount, 0.05F)};
    const Planar guarded = guard(host, residual, {1000});
    float lowest = 1;
    for (std::size_t k = 1; k < kCount; ++k) {
        const float gain = guarded[0][k] / 0.05F;
        lowest = std::min(lowest, gain);
        EXPECT_LT(std::abs(guarded[0][k] - guarded[0][k - 1]), 0.05F / 380) << k;
        if (k < 19000 || k > 21000) {
            EXPECT_EQ(guarded[0][k], 0.05F) << k;
        }
    }
    EXPECT_LT(lowest, 0.5F);
}

TEST(TruePeakGuard, GivesAllChannelsTheSameGain) {
    const Planar host = {tones(9000, 0.9, 0), std::vector<float>(9000, 0.0F)};
    const Planar residual = {noise(9000, 0.1F, 5), noise(9000, 0.1F, 5)};
    const Planar guarded = guard(host, residual, {9000});
    EXPECT_EQ(guarded[0], guarded[1]);
    EXPECT_NE(guarded[0], residual[0]);
}

RC_GTEST_PROP(TruePeakGuard, DoesNotDependOnHowTheInputIsCut, ()) {
    const Planar host = {tones(7001, 0.9, 0), tones(7001, 0.9, 1)};
    const Planar residual = {noise(7001, 0.1F, 5), noise(7001, 0.1F, 6)};
    const auto sizes =
        *rc::gen::nonEmpty(rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 2000)));
    RC_ASSERT(guard(host, residual, sizes) == guard(host, residual, {7001}));
}

} // namespace
} // namespace wm
