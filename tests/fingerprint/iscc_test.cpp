#include "wm/iscc.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <sndfile.h>

#include "audio/recordings.h"
#include "music.h"
#include "temporary_folder.h"

namespace wm {
namespace {

/// The conformance vectors of the reference implementation (iscc-core, data.json, gen_audio_code_v0): bits, code, features.
TEST(IsccAudioCode, GivesTheCodesOfTheReferenceImplementation) {
    std::ifstream file(WM_ISCC_VECTORS);
    int num_vectors = 0;
    for (std::string line; std::getline(file, line); ++num_vectors) {
        std::istringstream fields(line);
        std::size_t num_bits = 0;
        std::string code;
        fields >> num_bits >> code;
        std::vector<std::int32_t> features;
        for (std::int32_t feature = 0; fields >> feature;) {
            features.push_back(feature);
        }
        EXPECT_EQ(iscc_audio_code_of_features(features, num_bits), code);
    }
    EXPECT_EQ(num_vectors, 5);
}

TEST(IsccAudioCode, IsThatOfTheSamplesWhateverTheContainer) {
    const test::TemporaryFolder folder;
    test::Samples samples{44100, 1, {}, {}};
    for (const float value : test::plucked_music(8, 6, 44100)) {
        samples.integers.push_back(static_cast<std::int32_t>(value * 32767) * 65536);
    }
    test::write_with_sndfile(folder / "a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, samples);
    test::write_with_sndfile(folder / "a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24, samples);
    const Result<std::string> code = iscc_audio_code(folder / "a.wav");
    ASSERT_TRUE(code) << code.error().message;
    EXPECT_EQ(code->size(), 5U + 16U);
    EXPECT_NE(*code, iscc_audio_code_of_features({}));
    EXPECT_EQ(*iscc_audio_code(folder / "a.flac"), *code);
}

TEST(IsccAudioCode, SaysWhatIsWrong) {
    EXPECT_EQ(iscc_audio_code("/nowhere/x.wav").error().code, ErrorCode::kIo);
}

} // namespace
} // namespace wm
