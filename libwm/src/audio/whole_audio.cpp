/// Recordings as a whole: read through AudioReader, written through libsndfile.

#include "audio/whole_audio.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string_view>

#include <fmt/format.h>
#include <sndfile.h>

#include "audio/audio_file.h"
#include "audio/output_file.h"
#include "audio/output_plan.h"
#include "base/portable_math.h"
#include "kernels/kernels.h"

namespace wm {
namespace {

constexpr std::size_t kBlockSamples = 65536;
constexpr float kHighestPeak = 0.999F;

struct CloseSndfile {
    void operator()(SNDFILE* file) const { sf_close(file); }
};

Result<int> sndfile_container(const std::string& path) {
    const std::string extension = path == "-" ? "wav" : extension_of(path);
    constexpr std::array<std::pair<std::string_view, int>, 7> kByName{{{"wav", SF_FORMAT_WAV},
                                                                       {"wave", SF_FORMAT_WAV},
                                                                       {"w64", SF_FORMAT_W64},
                                                                       {"rf64", SF_FORMAT_RF64},
                                                                       {"aif", SF_FORMAT_AIFF},
                                                                       {"aiff", SF_FORMAT_AIFF},
                                                                       {"flac", SF_FORMAT_FLAC}}};
    for (const auto& [name, container] : kByName) {
        if (extension == name) {
            return container;
        }
    }
    return fail(ErrorCode::kUsage,
                fmt::format("{}: its name must end in .wav, .w64, .rf64, .aif, .aiff or .flac", path));
}

int sndfile_depth(SampleDepth depth) {
    switch (depth) {
    case SampleDepth::kPcm16:
        return SF_FORMAT_PCM_16;
    case SampleDepth::kPcm24:
        return SF_FORMAT_PCM_24;
    case SampleDepth::kFloat32:
        break;
    }
    return SF_FORMAT_FLOAT;
}

/// libsndfile's integers are left-justified; full scale is one step below 2^(bits - 1), as in the readers.
std::int32_t to_integer(float sample, int bits) {
    const double limit = static_cast<double>(1 << (bits - 1));
    const double rounded = std::nearbyint(static_cast<double>(sample) * limit);
    return static_cast<std::int32_t>(std::clamp(rounded, -limit, limit - 1)) * (1 << (32 - bits));
}

/// Interleaves and writes samples [first, first + count) of all channels; false when libsndfile cannot.
bool write_block(SNDFILE* file, const Audio& audio, std::size_t first, std::size_t count, float gain,
                 SampleDepth depth) {
    const std::size_t num_channels = audio.num_channels();
    const bool is_float = depth == SampleDepth::kFloat32;
    const int bits = depth == SampleDepth::kPcm16 ? 16 : 24;
    std::vector<float> reals(is_float ? count * num_channels : 0);
    std::vector<std::int32_t> integers(is_float ? 0 : count * num_channels);
    for (std::size_t c = 0; c < num_channels; ++c) {
        for (std::size_t i = 0; i < count; ++i) {
            const float sample = audio.channels[c][first + i] * gain;
            if (is_float) {
                reals[i * num_channels + c] = sample;
            } else {
                integers[i * num_channels + c] = to_integer(sample, bits);
            }
        }
    }
    const auto wanted = static_cast<sf_count_t>(count);
    return (is_float ? sf_writef_float(file, reals.data(), wanted) : sf_writef_int(file, integers.data(), wanted)) ==
           wanted;
}

Result<void> write_samples(const Audio& audio, const OutputFile& output, int format, float gain, SampleDepth depth) {
    SF_INFO info{};
    info.samplerate = audio.sample_rate_hz;
    info.channels = static_cast<int>(audio.num_channels());
    info.format = format;
    const std::unique_ptr<SNDFILE, CloseSndfile> file(sf_open(output.temporary_path().c_str(), SFM_WRITE, &info));
    if (!file) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("{} channels at {} Hz cannot be written so: {}", audio.num_channels(),
                                audio.sample_rate_hz, sf_strerror(nullptr)));
    }
    // A peak chunk holds the time of day, and the same audio would give other bytes each time.
    sf_command(file.get(), SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE);
    for (std::size_t first = 0; first < audio.num_samples(); first += kBlockSamples) {
        const std::size_t count = std::min(kBlockSamples, audio.num_samples() - first);
        if (!write_block(file.get(), audio, first, count, gain, depth)) {
            return fail(ErrorCode::kIo,
                        fmt::format("cannot write {}: {}", output.temporary_path(), sf_strerror(file.get())));
        }
    }
    return {};
}

} // namespace

Result<Audio> read_audio(const std::string& path) {
    Result<std::unique_ptr<AudioReader>> reader = AudioReader::open(path);
    if (!reader) {
        return tl::unexpected(reader.error());
    }
    const AudioSpec& spec = (*reader)->spec();
    Audio audio{spec.sample_rate_hz, std::vector<std::vector<float>>(static_cast<std::size_t>(spec.num_channels))};
    AudioBlock block;
    for (;;) {
        const Result<std::size_t> count = (*reader)->read(block, kBlockSamples);
        if (!count) {
            return tl::unexpected(count.error());
        }
        if (*count == 0) {
            return audio;
        }
        std::vector<float*> ends;
        for (std::vector<float>& channel : audio.channels) {
            channel.resize(channel.size() + *count);
            ends.push_back(channel.data() + channel.size() - *count);
        }
        block.to_planar(ends.data());
    }
}

Result<double> write_audio(const Audio& audio, const std::string& path, const WriteAudioOptions& options) {
    const Result<int> container = sndfile_container(path);
    if (!container) {
        return tl::unexpected(container.error());
    }
    if (*container == SF_FORMAT_FLAC && options.depth == SampleDepth::kFloat32) {
        return fail(ErrorCode::kUsage, fmt::format("{}: FLAC holds no floats; write 16 or 24 bits, or .wav", path));
    }
    if (audio.num_channels() == 0 || audio.num_samples() == 0) {
        return fail(ErrorCode::kUnsupported, fmt::format("{}: there are no samples to write", path));
    }
    const float peak = peak_of(audio);
    const float gain = options.depth != SampleDepth::kFloat32 && peak > 1 ? kHighestPeak / peak : 1.0F;
    Result<std::unique_ptr<OutputFile>> output = OutputFile::create(path, options.overwrite);
    if (!output) {
        return tl::unexpected(output.error());
    }
    return write_samples(audio, **output, *container | sndfile_depth(options.depth), gain, options.depth)
        .and_then([&] { return (*output)->sync(); })
        .and_then([&] { return (*output)->commit(); })
        .map([&] { return gain < 1 ? db_of_amplitude(static_cast<double>(gain)) : 0.0; });
}

float peak_of(const Audio& audio) {
    float peak = 0;
    for (const std::vector<float>& channel : audio.channels) {
        peak = std::max(peak, kernels().peak(channel.data(), channel.size()));
    }
    return peak;
}

double rms_of(const Audio& audio) {
    double energy = 0;
    for (const std::vector<float>& channel : audio.channels) {
        for (const float sample : channel) {
            energy += static_cast<double>(sample) * static_cast<double>(sample);
        }
    }
    const auto count = static_cast<double>(audio.num_samples() * audio.num_channels());
    return count > 0 ? std::sqrt(energy / count) : 0.0;
}

} // namespace wm
