#include "recordings.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <memory>
#include <random>

#include <gtest/gtest.h>
#include <sndfile.h>

namespace wm::test {
namespace {

constexpr std::size_t kBlockSamples = 1000; // no divisor of the lengths that the tests use

using Handle = std::unique_ptr<SNDFILE, decltype(&sf_close)>;

int bits_of(int sf_subtype) {
    switch (sf_subtype) {
    case SF_FORMAT_PCM_U8:
    case SF_FORMAT_PCM_S8:
        return 8;
    case SF_FORMAT_PCM_16:
        return 16;
    case SF_FORMAT_PCM_24:
        return 24;
    default:
        return 32;
    }
}

std::string little(std::uint32_t value, int num_bytes) {
    std::string bytes;
    for (int i = 0; i < num_bytes; ++i) {
        bytes += static_cast<char>(value >> (8 * i));
    }
    return bytes;
}

} // namespace

Samples make_noise(int sf_subtype, int num_channels, int sample_rate_hz, std::size_t num_samples) {
    std::mt19937 random(7);
    Samples samples{sample_rate_hz, num_channels, {}, {}};
    const std::size_t count = num_samples * static_cast<std::size_t>(num_channels);
    if (sf_subtype == SF_FORMAT_FLOAT || sf_subtype == SF_FORMAT_DOUBLE) {
        for (std::size_t i = 0; i < count; ++i) {
            const double value = std::uniform_real_distribution<double>(-1.5, 1.5)(random);
            samples.reals.push_back(sf_subtype == SF_FORMAT_FLOAT ? static_cast<double>(static_cast<float>(value))
                                                                  : value);
        }
        return samples;
    }
    const int unused_bits = 32 - bits_of(sf_subtype);
    for (std::size_t i = 0; i < count; ++i) {
        samples.integers.push_back(
            static_cast<std::int32_t>(static_cast<std::uint32_t>(random()) >> unused_bits << unused_bits));
    }
    if (count >= 2) {
        samples.integers[0] = std::numeric_limits<std::int32_t>::min();
        samples.integers[1] = std::numeric_limits<std::int32_t>::max() >> unused_bits << unused_bits;
    }
    return samples;
}

void write_with_sndfile(const std::string& path, int sf_format, const Samples& samples) {
    SF_INFO info{};
    info.samplerate = samples.sample_rate_hz;
    info.channels = samples.num_channels;
    info.format = sf_format;
    const Handle file(sf_open(path.c_str(), SFM_WRITE, &info), sf_close);
    ASSERT_NE(file, nullptr) << path << ": " << sf_strerror(nullptr);
    const auto count = static_cast<sf_count_t>(samples.integers.size());
    ASSERT_EQ(sf_write_int(file.get(), samples.integers.data(), count), count);
    const auto num_reals = static_cast<sf_count_t>(samples.reals.size());
    ASSERT_EQ(sf_write_double(file.get(), samples.reals.data(), num_reals), num_reals);
}

Samples read_with_sndfile(const std::string& path, bool as_integers) {
    SF_INFO info{};
    const Handle file(sf_open(path.c_str(), SFM_READ, &info), sf_close);
    Samples samples{info.samplerate, info.channels, {}, {}};
    if (file == nullptr) {
        ADD_FAILURE() << path << ": " << sf_strerror(nullptr);
        return samples;
    }
    const auto count = static_cast<std::size_t>(info.frames * info.channels);
    if (as_integers) {
        samples.integers.resize(count);
        EXPECT_EQ(sf_readf_int(file.get(), samples.integers.data(), info.frames), info.frames);
    } else {
        samples.reals.resize(count);
        EXPECT_EQ(sf_readf_double(file.get(), samples.reals.data(), info.frames), info.frames);
    }
    return samples;
}

Samples read_with_wm(const std::string& path) {
    auto reader = AudioReader::open(path);
    if (!reader) {
        ADD_FAILURE() << reader.error().message;
        return {};
    }
    Samples samples{(*reader)->spec().sample_rate_hz, (*reader)->spec().num_channels, {}, {}};
    AudioBlock block;
    for (;;) {
        auto count = (*reader)->read(block, kBlockSamples);
        if (!count || *count == 0) {
            EXPECT_TRUE(count.has_value()) << count.error().message;
            return samples;
        }
        const auto num_values = static_cast<std::ptrdiff_t>(*count * static_cast<std::size_t>(block.num_channels));
        if (block.is_integer) {
            samples.integers.insert(samples.integers.end(), block.integers.begin(),
                                    block.integers.begin() + num_values);
        } else {
            samples.reals.insert(samples.reals.end(), block.reals.begin(), block.reals.begin() + num_values);
        }
    }
}

Result<std::vector<std::string>> copy_recording(const std::string& input, const std::string& output, float residual,
                                                const WriterOptions& options) {
    auto reader = AudioReader::open(input);
    if (!reader) {
        return tl::unexpected(reader.error());
    }
    auto writer = AudioWriter::create(output, **reader, options);
    if (!writer) {
        return tl::unexpected(writer.error());
    }
    const std::vector<float> one_channel(kBlockSamples, residual);
    const std::vector<const float*> planar(8, one_channel.data());
    AudioBlock block;
    for (;;) {
        auto count = (*reader)->read(block, kBlockSamples);
        if (!count) {
            return tl::unexpected(count.error());
        }
        if (*count == 0) {
            break;
        }
        if (auto written = (*writer)->write(block, planar.data()); !written) {
            return tl::unexpected(written.error());
        }
    }
    if (auto finished = (*writer)->finish(); !finished) {
        return tl::unexpected(finished.error());
    }
    if (auto committed = (*writer)->commit(); !committed) {
        return tl::unexpected(committed.error());
    }
    return (*writer)->warnings();
}

std::vector<std::string> copy_or_fail(const std::string& input, const std::string& output, float residual,
                                      const WriterOptions& options) {
    auto warnings = copy_recording(input, output, residual, options);
    EXPECT_TRUE(warnings.has_value()) << warnings.error().message;
    return warnings.value_or(std::vector<std::string>{});
}

std::string riff_chunk(std::string_view id, std::string_view payload) {
    std::string bytes(id);
    bytes += little(static_cast<std::uint32_t>(payload.size()), 4);
    bytes += payload;
    return bytes + std::string(payload.size() & 1, '\0');
}

std::string fmt_payload(int num_channels, std::uint32_t sample_rate_hz, int bits, int tag) {
    const auto block_align = static_cast<std::uint32_t>(num_channels * (bits / 8));
    return little(static_cast<std::uint32_t>(tag), 2) + little(static_cast<std::uint32_t>(num_channels), 2) +
           little(sample_rate_hz, 4) + little(sample_rate_hz * block_align, 4) + little(block_align, 2) +
           little(static_cast<std::uint32_t>(bits), 2);
}

std::string riff_file(std::string_view chunks) {
    return "RIFF" + little(static_cast<std::uint32_t>(chunks.size() + 4), 4) + "WAVE" + std::string(chunks);
}

std::string small_wav(std::size_t num_samples) {
    std::string samples;
    for (std::size_t i = 0; i < 2 * num_samples; ++i) {
        samples += little(static_cast<std::uint32_t>(i * 2654435761U) >> 16, 2);
    }
    return riff_file(riff_chunk("fmt ", fmt_payload(2, 44100, 16)) + riff_chunk("data", samples));
}

void run_command(const std::string& command) {
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
}

} // namespace wm::test
