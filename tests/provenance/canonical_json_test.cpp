#include "provenance/canonical_json.h"

#include <bit>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "expectations.h"

namespace wm {
namespace {

std::string canonical(std::string_view text) {
    return canonical_json(test::expect_value(parse_json(text)));
}

TEST(CanonicalJson, WritesNumbersAsRfc8785AppendixBHasThem) {
    struct Sample {
        std::uint64_t bits;
        const char* text;
    };
    constexpr Sample kSamples[] = {
        {0x0000000000000000, "0"},
        {0x8000000000000000, "0"},
        {0x0000000000000001, "5e-324"},
        {0x8000000000000001, "-5e-324"},
        {0x7fefffffffffffff, "1.7976931348623157e+308"},
        {0xffefffffffffffff, "-1.7976931348623157e+308"},
        {0x4340000000000000, "9007199254740992"},
        {0xc340000000000000, "-9007199254740992"},
        {0x4430000000000000, "295147905179352830000"},
        {0x44b52d02c7e14af5, "9.999999999999997e+22"},
        {0x44b52d02c7e14af6, "1e+23"},
        {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
        {0x444b1ae4d6e2ef4e, "999999999999999700000"},
        {0x444b1ae4d6e2ef4f, "999999999999999900000"},
        {0x444b1ae4d6e2ef50, "1e+21"},
        {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
        {0x3eb0c6f7a0b5ed8d, "0.000001"},
        {0x41b3de4355555553, "333333333.3333332"},
        {0x41b3de4355555554, "333333333.33333325"},
        {0x41b3de4355555555, "333333333.3333333"},
        {0x41b3de4355555556, "333333333.3333334"},
        {0x41b3de4355555557, "333333333.33333343"},
        {0xbecbf647612f3696, "-0.0000033333333333333333"},
        {0x43143ff3c1cb0959, "1424953923781206.2"},
    };
    for (const Sample& sample : kSamples) {
        EXPECT_EQ(canonical_json(Json(std::bit_cast<double>(sample.bits))), sample.text);
    }
}

TEST(CanonicalJson, WritesTheExampleOfRfc8785) {
    EXPECT_EQ(canonical(R"({"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                            "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]})"),
              "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
              "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

TEST(CanonicalJson, SortsNamesByTheirUtf16CodeUnits) {
    // The reference implementation's "weird" vector: U+1F602 sorts before U+FB33, as its first surrogate does.
    EXPECT_EQ(canonical(R"({"\u20ac": "Euro Sign", "1": "One", "\u0080": "Control\u007f", "\ud83d\ude02": "Smiley",
                            "\u00f6": "Latin Small Letter O With Diaeresis", "\ufb33": "Hebrew Letter Dalet With Dagesh",
                            "</script>": "Browser Challenge"})"),
              "{\"1\":\"One\",\"</script>\":\"Browser Challenge\",\"\u0080\":\"Control\u007f\","
              "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
              "\"\U0001f602\":\"Smiley\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
}

TEST(CanonicalJson, ReadsNothingThatHasTwoMeanings) {
    test::expect_failure(parse_json(R"({"a": 1, "b": {"a": 2, "a": 3}})"), ErrorCode::kFormat, {"\"a\"", "twice"});
    test::expect_failure(parse_json("{\"a\": 9007199254740993}"), ErrorCode::kFormat, {"9007199254740993", "exactly"});
    test::expect_failure(parse_json(std::string(100, '[') + std::string(100, ']')), ErrorCode::kFormat, {"deep"});
    for (const char* text : {"", "{", "{}x", "{\"a\":\"\xff\"}", "{\"a\":\"\\ud800\"}", "[1,]", "NaN", "1e999"}) {
        EXPECT_FALSE(parse_json(text)) << text;
    }
    EXPECT_TRUE(parse_json(R"([{"a": 1}, {"a": 2}])"));
}

rc::Gen<Json> json_values(int depth) {
    const auto number =
        rc::gen::map(rc::gen::arbitrary<std::int32_t>(), [](std::int32_t n) { return Json(n / 1024.0); });
    const auto text = rc::gen::map(rc::gen::string<std::string>(), [](std::string s) {
        std::replace_if(
            s.begin(), s.end(), [](char c) { return static_cast<unsigned char>(c) > 0x7e; }, 'x');
        return Json(s);
    });
    if (depth == 0) {
        return rc::gen::oneOf(number, text);
    }
    const auto array = rc::gen::map(rc::gen::container<std::vector<Json>>(json_values(depth - 1)),
                                    [](const std::vector<Json>& values) { return Json(values); });
    const auto object = rc::gen::map(rc::gen::container<std::vector<Json>>(json_values(depth - 1)),
                                     [](const std::vector<Json>& values) {
                                         Json made = Json::object();
                                         for (std::size_t k = 0; k < values.size(); ++k) {
                                             made[std::string(1, static_cast<char>('a' + (k * 7) % 26))] = values[k];
                                         }
                                         return made;
                                     });
    return rc::gen::oneOf(number, text, array, object);
}

RC_GTEST_PROP(CanonicalJson, IsReadBackAsItWasAndStaysTheSame, ()) {
    const Json json = *json_values(3);
    const std::string text = canonical_json(json);
    const Result<Json> read = parse_json(text);
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == json);
    RC_ASSERT(canonical_json(*read) == text);
    RC_ASSERT(*parse_json(json.dump(3)) == json);
}

} // namespace
} // namespace wm
