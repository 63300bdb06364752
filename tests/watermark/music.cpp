#include "music.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <random>

#include <gtest/gtest.h>
#include <sndfile.h>

#include "analysis/fft.h"
#include "analysis/window.h"
#include "audio/recordings.h"

namespace wm::test {
namespace {

constexpr double kTau = 2.0 * std::numbers::pi;
constexpr std::size_t kNumLayers = 4;

/// One note: harmonics up to 9 kHz, whose loudness falls with their number and with time.
void add_note(std::vector<float>& layer, double rate_hz, double start_s, double pitch_hz, double loudness) {
    constexpr double kLength_s = 1.6;
    const auto first = static_cast<std::size_t>(start_s * rate_hz);
    const std::size_t end = std::min(layer.size(), first + static_cast<std::size_t>(kLength_s * rate_hz));
    const double highest_hz = std::min(9000.0, 0.45 * rate_hz);
    for (int harmonic = 1; harmonic <= 12 && harmonic * pitch_hz < highest_hz; ++harmonic) {
        const double decay_per_s = 1.5 + 0.7 * harmonic;
        const std::complex<double> turn =
            std::polar(std::exp(-decay_per_s / rate_hz), kTau * harmonic * pitch_hz / rate_hz);
        std::complex<double> oscillator = loudness / std::pow(harmonic, 1.2);
        for (std::size_t k = first; k < end; ++k) {
            layer[k] += static_cast<float>(oscillator.imag());
            oscillator *= turn;
        }
    }
}

void add_notes(std::vector<float>& layer, double rate_hz, std::mt19937& random, double lowest_hz, double step_s) {
    constexpr int kScale[] = {0, 2, 4, 7, 9, 12, 14, 16, 19, 21, 24};
    std::uniform_real_distribution<double> late(0.0, 0.04);
    for (double time_s = 0.0; time_s * rate_hz < static_cast<double>(layer.size()); time_s += step_s) {
        const double pitch_hz = lowest_hz * std::exp2(kScale[random() % std::size(kScale)] / 12.0);
        add_note(layer, rate_hz, time_s + late(random), pitch_hz, 0.3 + 0.7 * late(random) / 0.04);
    }
}

/// White noise through a few one-pole filters (about -3 dB an octave), swelling with every beat.
void add_noise(std::vector<float>& layer, double rate_hz, std::mt19937& random) {
    std::normal_distribution<double> white(0.0, 1.0);
    double slow = 0.0;
    double middle = 0.0;
    double beat = 0.0;
    for (std::size_t k = 0; k < layer.size(); ++k) {
        if (k % static_cast<std::size_t>(0.47 * rate_hz) == 0) {
            beat = 1.0;
        }
        beat *= 1.0 - 9.0 / rate_hz;
        const double sample = white(random);
        slow += kTau * 90.0 / rate_hz * (sample - slow);
        middle += std::min(1.0, kTau * 1200.0 / rate_hz) * (sample - middle);
        layer[k] = static_cast<float>((2.0 * slow + 0.5 * middle + 0.12 * sample) * (0.25 + beat));
    }
}

int sndfile_format(int bits) {
    return SF_FORMAT_WAV | (bits == 16 ? SF_FORMAT_PCM_16 : bits == 24 ? SF_FORMAT_PCM_24 : SF_FORMAT_FLOAT);
}

} // namespace

Planar synthesize_music(std::uint32_t seed, double rate_hz, std::size_t num_channels, double duration_s) {
    std::mt19937 random(seed);
    const auto num_samples = static_cast<std::size_t>(duration_s * rate_hz);
    Planar layers(kNumLayers, std::vector<float>(num_samples));
    add_notes(layers[0], rate_hz, random, 220.0, 0.21);
    add_notes(layers[1], rate_hz, random, 440.0, 0.33);
    add_notes(layers[2], rate_hz, random, 55.0, 0.52);
    add_noise(layers[3], rate_hz, random);
    Planar music(num_channels, std::vector<float>(num_samples));
    float peak = 1e-9F;
    for (std::size_t c = 0; c < num_channels; ++c) {
        for (std::size_t layer = 0; layer < kNumLayers; ++layer) {
            const float share = 0.4F + 0.2F * static_cast<float>((layer + 3 * c) % kNumLayers);
            for (std::size_t k = 0; k < num_samples; ++k) {
                music[c][k] += share * layers[layer][k];
                peak = std::max(peak, std::abs(music[c][k]));
            }
        }
    }
    for (std::vector<float>& channel : music) {
        for (float& sample : channel) {
            sample *= 0.5F / peak;
        }
    }
    return music;
}

void write_wav(const std::string& path, const Planar& samples, int rate_hz, int bits) {
    Samples interleaved{rate_hz, static_cast<int>(samples.size()), {}, {}};
    for (std::size_t k = 0; k < samples[0].size(); ++k) {
        for (const std::vector<float>& channel : samples) {
            interleaved.reals.push_back(static_cast<double>(channel[k]));
        }
    }
    write_with_sndfile(path, sndfile_format(bits), interleaved);
}

Planar read_samples(const std::string& path) {
    const Samples interleaved = read_with_sndfile(path, false);
    const auto num_channels = static_cast<std::size_t>(interleaved.num_channels);
    Planar samples(num_channels);
    for (std::size_t k = 0; k < interleaved.reals.size(); ++k) {
        samples[k % num_channels].push_back(static_cast<float>(interleaved.reals[k]));
    }
    return samples;
}

Planar excerpt(const Planar& samples, std::size_t first, std::size_t count) {
    Planar result;
    for (const std::vector<float>& channel : samples) {
        const std::size_t start = std::min(first, channel.size());
        const std::size_t end = std::min(first + count, channel.size());
        result.emplace_back(channel.begin() + static_cast<std::ptrdiff_t>(start),
                            channel.begin() + static_cast<std::ptrdiff_t>(end));
    }
    return result;
}

std::vector<const float*> pointers(const Planar& samples) {
    std::vector<const float*> result;
    for (const std::vector<float>& channel : samples) {
        result.push_back(channel.data());
    }
    return result;
}

double energy_share(const std::vector<float>& samples, double rate_hz, double low_hz, double high_hz) {
    constexpr std::size_t kSize = 4096;
    const std::vector<float> window = hann_window(kSize);
    BatchFft fft(kSize);
    std::vector<ComplexLanes> frames(kSize);
    std::vector<ComplexLanes> spectrum(kSize);
    double inside = 0.0;
    double all = 1e-30;
    for (std::size_t start = 0; start + kSize * kLanes <= samples.size(); start += kSize * kLanes) {
        for (std::size_t j = 0; j < kSize; ++j) {
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                frames[j].re[lane] = window[j] * samples[start + lane * kSize + j];
                frames[j].im[lane] = 0.0F;
            }
        }
        fft.forward(frames.data(), spectrum.data());
        for (std::size_t k = 0; k <= kSize / 2; ++k) {
            const double frequency_hz = static_cast<double>(k) * rate_hz / kSize;
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                const auto power = static_cast<double>(spectrum[k].re[lane] * spectrum[k].re[lane] +
                                                       spectrum[k].im[lane] * spectrum[k].im[lane]);
                all += power;
                inside += frequency_hz >= low_hz && frequency_hz < high_hz ? power : 0.0;
            }
        }
    }
    return inside / all;
}

} // namespace wm::test
