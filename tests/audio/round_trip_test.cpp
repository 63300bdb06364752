/// With a residual of zero, every sample survives every container at every depth, bit for bit.

#include <string>
#include <tuple>

#include <gtest/gtest.h>
#include <sndfile.h>

#include "../temporary_folder.h"
#include "recordings.h"

namespace wm::test {
namespace {

constexpr std::size_t kNumSamples = 2346; // even: libsndfile 1.2.0 counts the padding of odd AIFF files as samples

struct Form {
    const char* name;
    const char* extension;
    int sf_format;
};

void PrintTo(const Form& form, std::ostream* out) {
    *out << form.name;
}

constexpr Form kForms[] = {
    {"wav_u8", "wav", SF_FORMAT_WAV | SF_FORMAT_PCM_U8},
    {"wav_16", "wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16},
    {"wav_24", "wav", SF_FORMAT_WAV | SF_FORMAT_PCM_24},
    {"wav_32", "wav", SF_FORMAT_WAV | SF_FORMAT_PCM_32},
    {"wav_f32", "wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT},
    {"wav_f64", "wav", SF_FORMAT_WAV | SF_FORMAT_DOUBLE},
    {"wavex_16", "wav", SF_FORMAT_WAVEX | SF_FORMAT_PCM_16},
    {"wavex_24", "wav", SF_FORMAT_WAVEX | SF_FORMAT_PCM_24},
    {"rf64_16", "rf64", SF_FORMAT_RF64 | SF_FORMAT_PCM_16},
    {"rf64_24", "rf64", SF_FORMAT_RF64 | SF_FORMAT_PCM_24},
    {"rf64_32", "rf64", SF_FORMAT_RF64 | SF_FORMAT_PCM_32},
    {"rf64_f32", "rf64", SF_FORMAT_RF64 | SF_FORMAT_FLOAT},
    {"w64_16", "w64", SF_FORMAT_W64 | SF_FORMAT_PCM_16},
    {"w64_24", "w64", SF_FORMAT_W64 | SF_FORMAT_PCM_24},
    {"w64_f32", "w64", SF_FORMAT_W64 | SF_FORMAT_FLOAT},
    {"aiff_s8", "aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_S8},
    {"aiff_16", "aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16},
    {"aiff_24", "aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_24},
    {"aiff_32", "aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_32},
    {"aiff_f32", "aiff", SF_FORMAT_AIFF | SF_FORMAT_FLOAT},
    {"aiff_f64", "aiff", SF_FORMAT_AIFF | SF_FORMAT_DOUBLE},
    {"flac_8", "flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_S8},
    {"flac_16", "flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16},
    {"flac_24", "flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24},
    {"aifc_sowt", "aifc", SF_FORMAT_AIFF | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE},
};

bool is_integer(int sf_format) {
    const int subtype = sf_format & SF_FORMAT_SUBMASK;
    return subtype != SF_FORMAT_FLOAT && subtype != SF_FORMAT_DOUBLE;
}

class RoundTrip : public testing::TestWithParam<std::tuple<Form, int, int>> {};

TEST_P(RoundTrip, TheSameContainerComesOutByteForByte) {
    const auto& [form, num_channels, rate_hz] = GetParam();
    const TemporaryFolder folder;
    const std::string input = folder / (std::string("in.") + form.extension);
    const std::string output = folder / (std::string("out.") + form.extension);
    const Samples samples = make_noise(form.sf_format & SF_FORMAT_SUBMASK, num_channels, rate_hz, kNumSamples);
    write_with_sndfile(input, form.sf_format, samples);
    EXPECT_EQ(read_with_wm(input), samples);
    copy_or_fail(input, output);
    EXPECT_EQ(read_with_sndfile(output, is_integer(form.sf_format)), samples);
    if ((form.sf_format & SF_FORMAT_TYPEMASK) != SF_FORMAT_FLAC) { // another encoder may choose other frames
        EXPECT_TRUE(read_text(output) == read_text(input));
    }
}

std::string test_name(const testing::TestParamInfo<RoundTrip::ParamType>& info) {
    const auto& [form, num_channels, rate_hz] = info.param;
    return std::string(form.name) + "_" + std::to_string(num_channels) + "ch_" + std::to_string(rate_hz);
}

INSTANTIATE_TEST_SUITE_P(EveryForm, RoundTrip,
                         testing::Combine(testing::ValuesIn(kForms), testing::Values(1, 2, 8),
                                          testing::Values(8000, 44100, 96000, 192000)),
                         test_name);

class Conversion : public testing::TestWithParam<std::tuple<Form, const char*>> {};

TEST_P(Conversion, KeepsEverySampleThatTheNewContainerCanHold) {
    const auto& [form, extension] = GetParam();
    const int subtype = form.sf_format & SF_FORMAT_SUBMASK;
    const bool is_finer_than_flac = !is_integer(form.sf_format) || subtype == SF_FORMAT_PCM_32;
    const TemporaryFolder folder;
    const std::string input = folder / "in";
    const std::string output = folder / (std::string("out.") + extension);
    const Samples samples = make_noise(subtype, 2, 48000, kNumSamples);
    write_with_sndfile(input, form.sf_format, samples);
    copy_or_fail(input, output);
    const bool as_integers = is_integer(form.sf_format);
    const Samples copy = read_with_sndfile(output, as_integers);
    if (std::string(extension) != "flac" || !is_finer_than_flac) {
        EXPECT_EQ(copy, samples);
        return;
    }
    ASSERT_EQ(copy.integers.size() + copy.reals.size(), 2 * kNumSamples);
    for (std::size_t i = 0; i < 2 * kNumSamples; ++i) { // 24 bits with dither: at most 1.5 steps away
        const double wanted = as_integers ? samples.integers[i] * 0x1p-31 : std::clamp(samples.reals[i], -1.0, 1.0);
        const double got = as_integers ? copy.integers[i] * 0x1p-31 : copy.reals[i];
        ASSERT_NEAR(got, wanted, 1.5 * 0x1p-23) << i;
    }
}

std::string conversion_name(const testing::TestParamInfo<Conversion::ParamType>& info) {
    return std::string(std::get<0>(info.param).name) + "_to_" + std::get<1>(info.param);
}

INSTANTIATE_TEST_SUITE_P(EveryPair, Conversion,
                         testing::Combine(testing::ValuesIn(kForms),
                                          testing::Values("wav", "rf64", "w64", "aiff", "flac")),
                         conversion_name);

TEST(Conversion, Bw64OutputIsRf64ButForItsName) {
    const TemporaryFolder folder;
    write_text(folder / "in.wav", small_wav(100));
    copy_or_fail(folder / "in.wav", folder / "out.bw64");
    copy_or_fail(folder / "in.wav", folder / "out.rf64");
    const std::string bw64 = read_text(folder / "out.bw64");
    EXPECT_EQ(bw64.substr(0, 4), "BW64");
    EXPECT_EQ("RF64" + bw64.substr(4), read_text(folder / "out.rf64"));
    EXPECT_EQ(read_with_wm(folder / "out.bw64"), read_with_wm(folder / "in.wav"));
}

TEST(RoundTrip, RewindingGivesTheSameSamplesAgain) {
    const TemporaryFolder folder;
    for (const Form& form : {kForms[1], kForms[4], kForms[22]}) {
        const std::string path = folder / "in";
        write_with_sndfile(path, form.sf_format, make_noise(form.sf_format & SF_FORMAT_SUBMASK, 2, 44100, kNumSamples));
        auto reader = AudioReader::open(path);
        ASSERT_TRUE(reader);
        AudioBlock first;
        AudioBlock again;
        ASSERT_EQ((*reader)->read(first, 2 * kNumSamples).value(), kNumSamples);
        ASSERT_TRUE((*reader)->rewind());
        ASSERT_EQ((*reader)->read(again, 2 * kNumSamples).value(), kNumSamples);
        EXPECT_EQ(first.integers, again.integers);
        EXPECT_EQ(first.reals, again.reals);
        EXPECT_EQ((*reader)->read(again, 1).value(), 0U);
    }
}

} // namespace
} // namespace wm::test
