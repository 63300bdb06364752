/// Speed of each kernel in each instruction set, and of the STFT against KissFFT and FFTW. Ratios between rows of one run are
/// what counts: docs/benchmarks.md gives the command.

#include <string>

#include "analysis/window.h"
#include "kernels/fft_tables.h"
#include "stft_frames.h"

namespace wm::bench {

std::vector<float> noise(std::size_t count, unsigned seed) {
    std::vector<float> values(count);
    for (float& value : values) {
        seed = seed * 1664525U + 1013904223U;
        value = static_cast<float>(seed >> 8) / 8388608.0F - 1.0F;
    }
    return values;
}

StereoFrames::StereoFrames(std::size_t frame_size)
    : size(frame_size), hop(frame_size / 2), window(hann_window(frame_size)),
      left(noise(frame_size + (kFramesPerChannel - 1) * hop, 1)), right(noise(left.size(), 2)) {}

void set_frame_counters(benchmark::State& state, std::size_t frame_size) {
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kFrames));
    state.SetBytesProcessed(state.items_processed() * static_cast<std::int64_t>(frame_size * sizeof(float)));
}

namespace {

/// What each sixteen-frame transform needs, and its memory.
struct Workspace {
    explicit Workspace(std::size_t size)
        : frames(size), tables(size), windowed(size), spectrum(size), left(size / 2 + 1), right(size / 2 + 1),
          power(size / 2 + 1), output(frames.left) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            left_frames[lane] = frames.frame(lane);
            right_frames[lane] = frames.frame(kFramesPerChannel + lane);
            output_frames[lane] = output.data() + lane * frames.hop;
        }
    }

    StereoFrames frames;
    FftTables tables;
    std::vector<ComplexLanes> windowed;
    std::vector<ComplexLanes> spectrum;
    std::vector<ComplexLanes> left;
    std::vector<ComplexLanes> right;
    std::vector<RealLanes> power;
    std::vector<float> output;
    const float* left_frames[kLanes];
    const float* right_frames[kLanes];
    float* output_frames[kLanes];
};

void gather(const Kernels& k, Workspace& w) {
    k.gather(w.left_frames, w.right_frames, w.frames.window.data(), w.frames.size, w.windowed.data());
}

void forward(const Kernels& k, Workspace& w) {
    k.fft_forward(w.tables.plan(), w.windowed.data(), w.spectrum.data());
}

void inverse(const Kernels& k, Workspace& w) {
    k.fft_inverse(w.tables.plan(), w.windowed.data(), w.spectrum.data());
}

void scatter(const Kernels& k, Workspace& w) {
    k.scatter_add(w.windowed.data(), w.frames.window.data(), w.frames.size, w.output_frames, w.output_frames);
}

void packed_power(const Kernels& k, Workspace& w) {
    k.packed_power(w.spectrum.data(), w.frames.size, w.power.data());
}

void unpack(const Kernels& k, Workspace& w) {
    k.unpack(w.spectrum.data(), w.frames.size, w.left.data(), w.right.data());
}

void stft(const Kernels& k, Workspace& w) {
    gather(k, w);
    forward(k, w);
    unpack(k, w);
}

void stft_power(const Kernels& k, Workspace& w) {
    gather(k, w);
    forward(k, w);
    packed_power(k, w);
}

using Step = void (*)(const Kernels&, Workspace&);

void run_step(benchmark::State& state, Step step, const Kernels* kernel, std::size_t size) {
    Workspace workspace(size);
    while (state.KeepRunning()) {
        step(*kernel, workspace);
        benchmark::ClobberMemory();
    }
    set_frame_counters(state, size);
}

constexpr std::size_t kArraySize = 4096;
constexpr std::size_t kNumTaps = 32;

void run_array(benchmark::State& state, void (*step)(const Kernels&, const float*, float*), const Kernels* kernel) {
    const std::vector<float> input = noise(kArraySize + 2 * kNumTaps, 3);
    std::vector<float> output(kArraySize);
    while (state.KeepRunning()) {
        step(*kernel, input.data(), output.data());
        benchmark::ClobberMemory();
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kArraySize * sizeof(float)));
}

void register_steps(const Kernels* kernel, std::size_t size) {
    const auto add = [&](const char* name, Step step) {
        const std::string full = std::string(name) + "/" + std::to_string(size) + "/" + kernel->name;
        benchmark::RegisterBenchmark(full.c_str(), run_step, step, kernel, size);
    };
    add("stft", stft);
    add("stft_power", stft_power);
    add("gather", gather);
    add("fft_forward", forward);
    add("fft_inverse", inverse);
    add("unpack", unpack);
    add("packed_power", packed_power);
    add("scatter_add", scatter);
}

void register_arrays(const Kernels* kernel) {
    const auto add = [&](const char* name, void (*step)(const Kernels&, const float*, float*)) {
        benchmark::RegisterBenchmark((std::string(name) + "/" + kernel->name).c_str(), run_array, step, kernel);
    };
    add("log2", [](const Kernels& k, const float* in, float* out) { k.log2(in, kArraySize, out); });
    add("exp2", [](const Kernels& k, const float* in, float* out) { k.exp2(in, kArraySize, out); });
    add("peak", [](const Kernels& k, const float* in, float* out) { *out = k.peak(in, kArraySize); });
    add("symmetric_fir_64",
        [](const Kernels& k, const float* in, float* out) { k.symmetric_fir(in, in, kNumTaps, kArraySize, out); });
    add("split_pairs", [](const Kernels& k, const float* in, float* out) {
        k.split_pairs(in, kArraySize / 2, out, out + kArraySize / 2);
    });
    add("join_pairs", [](const Kernels& k, const float* in, float* out) {
        k.join_pairs(in, in + kArraySize / 2, kArraySize / 2, out);
    });
    add("block_levels", [](const Kernels& k, const float* in, float* out) {
        k.block_levels(in, kArraySize / kPeakBlock, out, out + kArraySize / kPeakBlock);
    });
    add("interpolated_peak",
        [](const Kernels& k, const float* in, float* out) { *out = k.interpolated_peak(in, in, kArraySize); });
}

} // namespace
} // namespace wm::bench

int main(int argc, char** argv) {
    using namespace wm;
    for (const char* name : {"scalar", "baseline", "avx2"}) {
        const Kernels* kernel = kernels_named(name);
        if (kernel == nullptr) {
            continue;
        }
        for (const std::size_t size : {512U, 1024U, 2048U, 4096U}) {
            bench::register_steps(kernel, size);
        }
        bench::register_arrays(kernel);
    }
    for (const std::size_t size : {512U, 1024U, 2048U, 4096U}) {
        bench::register_stft_rivals(size);
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
        return 2;
    }
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
