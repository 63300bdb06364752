#include "watermark/read_back.h"

#include <gtest/gtest.h>

#include "fixed_key.h"
#include "marking.h"

namespace wm {
namespace {

using test::Planar;

constexpr std::uint64_t kPayload = 0x5f3a9c0212ab77e1U;

const ChipLayout& layout() {
    static const ChipLayout instance(test::fixed_key(95));
    return instance;
}

const Planar& music() {
    static const Planar instance = test::synthesize_music(95, kTileRate_hz, 1, 20.0);
    return instance;
}

std::optional<Reading> read_back(const Planar& audio, std::uint64_t expected, std::size_t shift = 0) {
    ReadBack marked(audio.size(), layout(), expected, shift);
    for (std::size_t done = 0; done < audio[0].size(); done += 30000) {
        const Planar part = test::excerpt(audio, done, 30000);
        marked.push(test::pointers(part).data(), part[0].size());
    }
    return marked.finish();
}

TEST(ReadBack, ReadsTheIdThatWasWritten) {
    const auto reading = read_back(test::marked(music(), layout(), kPayload), kPayload);
    ASSERT_TRUE(reading.has_value());
    EXPECT_EQ(reading->payload, kPayload);
    EXPECT_GT(reading->evidence.statistic(), 20.0);
}

TEST(ReadBack, ReadsWhatStandsThereAndNotWhatIsExpected) {
    const auto reading = read_back(test::marked(music(), layout(), kPayload), 42);
    ASSERT_TRUE(reading.has_value());
    EXPECT_EQ(reading->payload, kPayload);
}

TEST(ReadBack, FindsNoEvidenceInUnmarkedMusicOrUnderAnotherShift) {
    for (const auto& reading :
         {read_back(music(), kPayload), read_back(test::marked(music(), layout(), kPayload), kPayload, 64)}) {
        EXPECT_TRUE(!reading || reading->evidence.statistic() < 10.0);
    }
}

TEST(ReadBack, TenMinutesOfRoundingNoiseDoNotHideTwentySeconds) {
    Planar audio = test::marked(music(), layout(), kPayload);
    std::uint32_t state = 1;
    for (std::size_t k = 0; k < 600 * 22050; ++k) {
        state = state * 1664525U + 1013904223U;
        audio[0].push_back(static_cast<float>(state >> 31) * 0x1p-15F);
    }
    const auto reading = read_back(audio, kPayload);
    ASSERT_TRUE(reading.has_value());
    EXPECT_EQ(reading->payload, kPayload);
    EXPECT_GT(reading->evidence.statistic(), 20.0);
}

} // namespace
} // namespace wm
