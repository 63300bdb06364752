#include "histories.h"

namespace wm {
namespace {

using namespace test;

TEST(Profile, IsReadFromToml) {
    const Profile profile = expect_value(parse_profile_toml(R"(
        schema = "wm-profile/1"
        name = "Platform"
        unknown = "review"
        minMatchSeconds = 10
        uses = ["stream", "cawg.ai_training"]
        territories = ["FR"]
        licensee = "dpid:PADPIDA2014")"));
    EXPECT_EQ(profile.unknown, Decision::kReview);
    EXPECT_EQ(profile.min_match_s, 10);
    const Question question = with_profile({{Use::kStream}, {"DE"}, "", kTime_s, false}, profile);
    EXPECT_EQ(question.uses, (std::vector{Use::kStream, Use::kAiTraining}));
    EXPECT_EQ(question.territories, (std::vector<std::string>{"DE", "FR"}));
    EXPECT_EQ(question.licensee, kLicensee);
    EXPECT_NE(profile.hash(), Profile().hash());
    EXPECT_EQ(profile.hash().size(), 64U);
}

TEST(Profile, HasLimitsOfSignals) {
    const Profile profile = expect_value(parse_profile_toml(
        "schema = \"wm-profile/1\"\n[signals]\nshortSeconds = 10\nmanyNames = 5\nburstSeconds = 60"));
    EXPECT_EQ(profile.signals.short_s, 10);
    EXPECT_EQ(profile.signals.many_names, 5);
    EXPECT_EQ(profile.signals.burst_s, 60);
    EXPECT_EQ(profile.signals.duplicate_share, SignalLimits().duplicate_share);
    EXPECT_NE(profile.hash(), Profile().hash());
}

TEST(Profile, SaysWhatIsWrong) {
    const std::string head = "schema = \"wm-profile/1\"\n";
    expect_failure(parse_profile_toml(head + "unkown = \"review\""), ErrorCode::kFormat,
                   {"unkown", "did you mean \"unknown\"?"});
    expect_failure(parse_profile_toml(head + "unknown = \"allow_with_terms\""), ErrorCode::kFormat, {"unknown"});
    expect_failure(parse_profile_toml(head + "maxMarkPValue = 0.5"), ErrorCode::kFormat, {"maxMarkPValue"});
    expect_failure(parse_profile_toml(head + "territories = [\"UK\"]"), ErrorCode::kFormat, {"UK"});
    for (const char* limit :
         {"paddedShare = 0", "loopedShare = 1.5", "manyNames = 1", "burstSeconds = -1", "short = 3"}) {
        const std::string name = std::string(limit).substr(0, std::string(limit).find(' '));
        expect_failure(parse_profile_toml(head + "[signals]\n" + limit), ErrorCode::kFormat, {"signals", name});
    }
    expect_failure(parse_profile_toml("name = \"x\""), ErrorCode::kFormat, {"schema", "wm-profile/1"});
    expect_failure(parse_profile_toml(head + "name = "), ErrorCode::kFormat, {"line 2"});
}

} // namespace
} // namespace wm
