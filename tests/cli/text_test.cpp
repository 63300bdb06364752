#include "text.h"

#include <gtest/gtest.h>

namespace wm::cli {
namespace {

TEST(Text, TellsTimeAsPeopleDo) {
    EXPECT_EQ(minutes_seconds(0), "0:00");
    EXPECT_EQ(minutes_seconds(187.4), "3:07");
    EXPECT_EQ(minutes_seconds(59.6), "1:00");
    EXPECT_EQ(minutes_seconds(3725), "1:02:05");
}

TEST(Text, RoundsOddsToTheSafeSide) {
    EXPECT_EQ(odds(-22.4), "at most 1 in 10^22");
    EXPECT_EQ(odds(-22.99), "at most 1 in 10^22");
    EXPECT_EQ(odds(0), "no evidence");
}

TEST(Text, NamesCannotDriveTheTerminal) {
    EXPECT_EQ(printable("a\x1b[31m\r\x7f\tü"), "a?[31m???ü");
}

} // namespace
} // namespace wm::cli
