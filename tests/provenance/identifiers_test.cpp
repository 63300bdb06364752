#include "expectations.h"
#include "wm/claim.h"

namespace wm {
namespace {

using test::expect_failure;

TEST(Identifiers, AcceptPublishedOnes) {
    EXPECT_TRUE(check_isrc("USRC17607839"));
    EXPECT_TRUE(check_iswc("T-034.524.680-1"));
    EXPECT_TRUE(check_isni("0000000081266409"));
    EXPECT_TRUE(check_isni("000000012150090X"));
    EXPECT_TRUE(check_icpn("075596130967"));
    EXPECT_TRUE(check_icpn("4006381333931"));
    EXPECT_TRUE(check_grid("A12425GABC1234002M"));
    EXPECT_TRUE(check_ipi("00014107338"));
}

TEST(Identifiers, SayWhatIsWrong) {
    expect_failure(check_isrc("USRC1760783"), ErrorCode::kFormat, {"11 characters", "12", "USRC17607839"});
    expect_failure(check_isrc("usRC17607839"), ErrorCode::kFormat, {"character 1", "capital letter"});
    expect_failure(check_isrc("USRC1760783X"), ErrorCode::kFormat, {"character 12", "a digit"});
    expect_failure(check_iswc("T-034.524.680-2"), ErrorCode::kFormat, {"check digit", "give 1"});
    expect_failure(check_iswc("T034.524.680-1"), ErrorCode::kFormat, {"characters", "T-034.524.680-1"});
    expect_failure(check_iswc("T-034-524.680-1"), ErrorCode::kFormat, {"character 6", "must be ."});
    expect_failure(check_isni("0000000081266408"), ErrorCode::kFormat, {"check digit", "give 9"});
    expect_failure(check_icpn("075596130968"), ErrorCode::kFormat, {"UPC", "give 7"});
    expect_failure(check_icpn("4006381333932"), ErrorCode::kFormat, {"EAN", "give 1"});
    expect_failure(check_icpn("40063813339"), ErrorCode::kFormat, {"11 characters"});
    expect_failure(check_grid("A12425GABC1234002N"), ErrorCode::kFormat, {"GRid", "give M"});
    expect_failure(check_grid("B12425GABC1234002M"), ErrorCode::kFormat, {"character 1"});
    expect_failure(check_ipi("1410733"), ErrorCode::kFormat, {"7 characters", "11"});
}

TEST(Identifiers, NoSingleWrongDigitPassesACheckDigit) {
    struct Sample {
        std::string text;
        Result<void> (*check)(std::string_view);
    };
    const Sample samples[] = {
        {"0000000081266409", check_isni}, {"075596130967", check_icpn}, {"A12425GABC1234002M", check_grid}};
    for (const Sample& sample : samples) {
        for (std::size_t k = 0; k < sample.text.size(); ++k) {
            for (char digit = '0'; digit <= '9'; ++digit) {
                std::string changed = sample.text;
                changed[k] = digit;
                EXPECT_EQ(sample.check(changed).has_value(), changed == sample.text) << changed;
            }
        }
    }
}

TEST(Territories, AreIsoCodesOrWorldwide) {
    for (const char* code : {"FR", "US", "ZW", "AD", "AX", "Worldwide"}) {
        EXPECT_TRUE(check_territory(code)) << code;
    }
    for (const char* code : {"UK", "fr", "F", "", "XX", "R ", " F", "EU", "worldwide"}) {
        expect_failure(check_territory(code), ErrorCode::kFormat, {"no territory", code});
    }
}

TEST(Territories, CoverWhatTheyNameAndDoNotExclude) {
    const Territories world = {{"Worldwide"}, {}};
    const Territories not_france = {{"Worldwide"}, {"FR"}};
    const Territories two = {{"FR", "DE"}, {}};
    EXPECT_TRUE(world.cover("FR") && world.cover("Worldwide"));
    EXPECT_TRUE(not_france.cover("DE"));
    EXPECT_FALSE(not_france.cover("FR") || not_france.cover("Worldwide"));
    EXPECT_TRUE(two.cover("DE"));
    EXPECT_FALSE(two.cover("US") || two.cover("Worldwide"));
}

TEST(Uses, MayDropTheirPrefix) {
    EXPECT_EQ(parse_use("cawg.ai_training"), Use::kAiTraining);
    EXPECT_EQ(parse_use("c2pa.ai_training"), Use::kAiTraining);
    EXPECT_EQ(parse_use("ai_training"), Use::kAiTraining);
    EXPECT_EQ(parse_use("stream"), Use::kStream);
    for (const char* name : {"cawg.stream", "cawg.c2pa.ai_training", "training", "", "Stream"}) {
        EXPECT_FALSE(parse_use(name)) << name;
    }
    expect_failure(parse_use("monetize"), ErrorCode::kUsage, {"monetize", "did you mean \"monetise\"?"});
}

TEST(Uuid, IsOfVersion7AndSortsByTime) {
    const std::string first = new_uuid();
    const std::string second = new_uuid();
    EXPECT_EQ(first.size(), 36U);
    EXPECT_EQ(first[14], '7');
    EXPECT_NE(std::string("89ab").find(first[19]), std::string::npos);
    EXPECT_NE(first, second);
    EXPECT_LE(first.substr(0, 13), second.substr(0, 13));
    const std::string time_digits = first.substr(0, 8) + first.substr(9, 4);
    EXPECT_NEAR(static_cast<double>(std::stoull(time_digits, nullptr, 16)), 1000.0 * static_cast<double>(now().unix_s),
                5000);
}

} // namespace
} // namespace wm
