/// KissFFT's and FFTW's real transforms of the frames that our kernels get. FFTW plans patiently; its fastest way is the one
/// to compare with: a frame at a time while it is in the first-level cache, or all sixteen by one plan, one after the other
/// or side by side in memory.

#include <functional>
#include <memory>
#include <string>
#include <type_traits>

#include <kiss_fftr.h>
#ifdef WM_HAVE_FFTW
#include <fftw3.h>
#endif

#include "stft_frames.h"

namespace wm::bench {
namespace {

/// Multiplies a frame by its window into every `stride`-th float of output.
void window_frame_baseline(const float* frame, const float* window, std::size_t size, std::size_t stride,
                           float* output) {
    for (std::size_t j = 0; j < size; ++j) {
        output[j * stride] = frame[j] * window[j];
    }
}

#if defined(__x86_64__)
/// Rivals may use the instruction set of our fastest kernel for windowing too.
__attribute__((target("avx2"))) void window_frame_avx2(const float* frame, const float* window, std::size_t size,
                                                       std::size_t stride, float* output) {
    if (stride != 1) {
        window_frame_baseline(frame, window, size, stride, output);
        return;
    }
    for (std::size_t j = 0; j < size; ++j) {
        output[j] = frame[j] * window[j];
    }
}

const auto kWindowFrame = __builtin_cpu_supports("avx2") != 0 ? window_frame_avx2 : window_frame_baseline;
#else
const auto kWindowFrame = window_frame_baseline;
#endif

void kissfft(benchmark::State& state, std::size_t size) {
    const StereoFrames frames(size);
    const std::size_t num_bins = size / 2 + 1;
    std::vector<float> windowed(size);
    std::vector<kiss_fft_cpx> spectra(kFrames * num_bins);
    kiss_fftr_cfg config = kiss_fftr_alloc(static_cast<int>(size), 0, nullptr, nullptr);
    while (state.KeepRunning()) {
        for (std::size_t k = 0; k < kFrames; ++k) {
            kWindowFrame(frames.frame(k), frames.window.data(), size, 1, windowed.data());
            kiss_fftr(config, windowed.data(), spectra.data() + k * num_bins);
        }
        benchmark::ClobberMemory();
    }
    kiss_fftr_free(config);
    set_frame_counters(state, size);
}

#ifdef WM_HAVE_FFTW

struct FftwFree {
    void operator()(float* memory) const { fftwf_free(memory); }
    void operator()(fftwf_complex* memory) const { fftwf_free(memory); }
    void operator()(fftwf_plan plan) const { fftwf_destroy_plan(plan); }
};

struct Fftw {
    explicit Fftw(std::size_t frame_size)
        : size(static_cast<int>(frame_size)), input(fftwf_alloc_real(kFrames * frame_size)),
          output(fftwf_alloc_complex(kFrames * output_distance())) {}

    /// Keeps every spectrum on a cache line of its own, as FFTW's aligned plans need.
    std::size_t output_distance() const { return static_cast<std::size_t>(size) / 2 + 8; }

    int size;
    std::unique_ptr<float, FftwFree> input;
    std::unique_ptr<fftwf_complex, FftwFree> output;
    std::unique_ptr<std::remove_pointer_t<fftwf_plan>, FftwFree> plan;
};

void fftw_single(benchmark::State& state, std::size_t size) {
    const StereoFrames frames(size);
    Fftw fftw(size);
    fftw.plan.reset(fftwf_plan_dft_r2c_1d(fftw.size, fftw.input.get(), fftw.output.get(), FFTW_PATIENT));
    while (state.KeepRunning()) {
        for (std::size_t k = 0; k < kFrames; ++k) {
            kWindowFrame(frames.frame(k), frames.window.data(), size, 1, fftw.input.get());
            fftwf_execute_dft_r2c(fftw.plan.get(), fftw.input.get(), fftw.output.get() + k * fftw.output_distance());
        }
        benchmark::ClobberMemory();
    }
    set_frame_counters(state, size);
}

/// One plan for all frames; the samples of a frame lie `stride` apart.
void fftw_many(benchmark::State& state, std::size_t size, std::size_t stride) {
    const StereoFrames frames(size);
    Fftw fftw(size);
    const int step = static_cast<int>(stride);
    const int input_distance = stride == 1 ? fftw.size : 1;
    const int output_distance = stride == 1 ? static_cast<int>(fftw.output_distance()) : 1;
    fftw.plan.reset(fftwf_plan_many_dft_r2c(1, &fftw.size, kFrames, fftw.input.get(), nullptr, step, input_distance,
                                            fftw.output.get(), nullptr, step, output_distance, FFTW_PATIENT));
    while (state.KeepRunning()) {
        for (std::size_t k = 0; k < kFrames; ++k) {
            float* windowed = fftw.input.get() + k * static_cast<std::size_t>(input_distance);
            kWindowFrame(frames.frame(k), frames.window.data(), size, stride, windowed);
        }
        fftwf_execute(fftw.plan.get());
        benchmark::ClobberMemory();
    }
    set_frame_counters(state, size);
}

#endif

} // namespace

void register_stft_rivals(std::size_t size) {
    const std::string prefix = "stft/" + std::to_string(size) + "/";
    benchmark::RegisterBenchmark((prefix + "kissfft").c_str(), kissfft, size);
#ifdef WM_HAVE_FFTW
    benchmark::RegisterBenchmark((prefix + "fftw_single").c_str(), fftw_single, size);
    benchmark::RegisterBenchmark((prefix + "fftw_many").c_str(), fftw_many, size, 1);
    benchmark::RegisterBenchmark((prefix + "fftw_many_side_by_side").c_str(), fftw_many, size, kFrames);
#endif
}

} // namespace wm::bench
