#include "manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wm::cli {
namespace {

TEST(Manifest, FillsInOutputsAndLeavesIdsToChance) {
    const auto rows = parse_manifest("id,input\n5F3A9C0212AB77E1,a.WAV\n,sub/b.mp3\n,c\n", "album");
    ASSERT_TRUE(rows.has_value()) << rows.error().message;
    ASSERT_EQ(rows->size(), 3U);
    EXPECT_EQ((*rows)[0].id, 0x5f3a9c0212ab77e1U);
    EXPECT_EQ((*rows)[0].output, "a.WAV");
    EXPECT_EQ((*rows)[1].id, std::nullopt);
    EXPECT_EQ((*rows)[1].input, "album/sub/b.mp3");
    EXPECT_EQ((*rows)[1].output, "b.wav");
    EXPECT_EQ((*rows)[2].output, "c.wav");
}

TEST(Manifest, KeepsOutputsInsideTheFolder) {
    for (const char* output : {"../x.wav", "a/../../x.wav", "/x.wav", "a/", ".."}) {
        const auto rows = parse_manifest(std::string("input,output\na.wav,") + output + "\n", "");
        ASSERT_FALSE(rows.has_value()) << output;
        EXPECT_THAT(rows.error().message, testing::HasSubstr("line 2"));
    }
}

TEST(Manifest, KnowsTheSameOutputByAnotherSpelling) {
    EXPECT_FALSE(parse_manifest("input,output\na.wav,x.wav\nb.wav,./sub/../x.wav\n", "").has_value());
}

TEST(Manifest, MayHaveNoRowsButNotNoHeader) {
    EXPECT_TRUE(parse_manifest("input\n", "").has_value());
    EXPECT_FALSE(parse_manifest("\n", "").has_value());
}

} // namespace
} // namespace wm::cli
