/// Speed of sample-rate conversion and of the true-peak guard on stereo, in seconds of audio per second of CPU time
/// ("items_per_second": times real time).

#include <cmath>
#include <string>

#include <benchmark/benchmark.h>

#include "audio/resampler.h"
#include "audio/true_peak.h"

namespace wm::bench {
namespace {

constexpr int kChannels = 2;

/// A second of a chord that reaches `amplitude`.
std::vector<float> chord(double rate_hz, double amplitude) {
    std::vector<float> signal(static_cast<std::size_t>(rate_hz));
    for (std::size_t k = 0; k < signal.size(); ++k) {
        const double time_s = static_cast<double>(k) / rate_hz;
        const double sum = std::sin(2 * M_PI * 220 * time_s) + std::sin(2 * M_PI * 1661 * time_s);
        signal[k] = static_cast<float>(amplitude / 2 * sum);
    }
    return signal;
}

void resample(benchmark::State& state, double from_hz, double to_hz, Resampler::Quality quality) {
    const std::vector<float> second = chord(from_hz, 0.5);
    const float* const input[kChannels] = {second.data(), second.data()};
    const auto resampler = Resampler::create(from_hz, to_hz, kChannels, quality);
    PlanarQueue output(kChannels);
    while (state.KeepRunning()) {
        output.clear();
        resampler->push(input, second.size(), output);
    }
    state.SetItemsProcessed(state.iterations());
}

void guard_peaks(benchmark::State& state, double amplitude) {
    constexpr double kRateHz = 44100;
    const std::vector<float> host = chord(kRateHz, amplitude);
    const std::vector<float> residual = chord(kRateHz, 0.02);
    const float* const hosts[kChannels] = {host.data(), host.data()};
    const float* const residuals[kChannels] = {residual.data(), residual.data()};
    const auto guard = TruePeakGuard::create(kChannels, kRateHz);
    while (state.KeepRunning()) {
        guard->host().append(hosts, host.size());
        guard->residual().append(residuals, residual.size());
        guard->advance();
        guard->drop(guard->num_ready());
    }
    state.SetItemsProcessed(state.iterations());
}

void register_resampler(double from_hz, double to_hz) {
    using Quality = Resampler::Quality;
    for (const Quality quality : {Quality::kHigh, Quality::kFast}) {
        const std::string name = "resample/" + std::to_string(static_cast<int>(from_hz)) + "/" +
                                 std::to_string(static_cast<int>(to_hz)) +
                                 (quality == Quality::kHigh ? "/high" : "/fast");
        benchmark::RegisterBenchmark(name.c_str(), resample, from_hz, to_hz, quality);
    }
}

} // namespace
} // namespace wm::bench

int main(int argc, char** argv) {
    using namespace wm::bench;
    for (const double rate_hz : {44100.0, 48000.0, 96000.0}) {
        register_resampler(rate_hz, 22050);
        register_resampler(22050, rate_hz);
    }
    benchmark::RegisterBenchmark("true_peak_guard/quiet", guard_peaks, 0.3);
    benchmark::RegisterBenchmark("true_peak_guard/loud", guard_peaks, 0.97);
    benchmark::RegisterBenchmark("true_peak_guard/clipped", guard_peaks, 1.1);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
        return 2;
    }
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
