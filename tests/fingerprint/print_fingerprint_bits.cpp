/// Prints the name of the kernels that this process chose, and the hash of the fingerprint of a fixed recording.

#include <cstdio>
#include <vector>

#include <xxhash.h>

#include "fingerprint/mono_resampler.h"
#include "fingerprint/peaks.h"
#include "kernels/unit_root.h"

namespace wm {
namespace {

/// Chirps and bursts made of exact arithmetic alone, so that the input has the same bits everywhere, too.
std::vector<float> fixed_recording(int rate_hz) {
    std::vector<float> samples(static_cast<std::size_t>(rate_hz) * 12);
    std::uint32_t noise = 1;
    std::int64_t phases[4] = {};
    for (std::size_t k = 0; k < samples.size(); ++k) {
        noise = noise * 1664525U + 1013904223U;
        double value = 0.02 * (static_cast<double>(noise >> 8) / 16777216.0 - 0.5);
        for (int voice = 0; voice < 4; ++voice) {
            const std::size_t note = (k * static_cast<std::size_t>(voice + 3)) / static_cast<std::size_t>(rate_hz);
            const std::int64_t frequency_hz =
                200 + static_cast<std::int64_t>((note * 7919U + static_cast<std::size_t>(voice) * 1009U) % 4000U);
            phases[voice] = (phases[voice] + frequency_hz) % rate_hz;
            value += 0.15 * unit_root(phases[voice], rate_hz).sin;
        }
        samples[k] = static_cast<float>(value);
    }
    return samples;
}

void print_hash(int rate_hz) {
    const std::vector<float> samples = fixed_recording(rate_hz);
    MonoResampler resampler(rate_hz);
    std::vector<float> mono;
    resampler.push(samples.data(), samples.size(), mono);
    resampler.finish(mono);
    LevelStream levels;
    std::vector<float> rows;
    levels.push(mono.data(), mono.size(), rows);
    levels.finish(rows);
    PeakFinder finder;
    Fingerprint fingerprint;
    finder.push(rows.data(), rows.size() / kLevelStride, fingerprint.peaks);
    finder.finish(fingerprint.peaks);
    fingerprint.num_frames = static_cast<std::uint32_t>(finder.num_frames());
    const std::vector<std::uint8_t> bytes = encode_fingerprint(fingerprint);
    std::printf("fingerprint_%d %zu peaks %016llx\n", rate_hz, fingerprint.peaks.size(),
                static_cast<unsigned long long>(XXH3_64bits(bytes.data(), bytes.size())));
}

} // namespace
} // namespace wm

int main() {
    std::printf("kernel %s\n", wm::kernels().name);
    for (const int rate_hz : {8000, 16000, 22050, 44100, 48000, 96000}) {
        wm::print_hash(rate_hz);
    }
    return 0;
}
