#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "attacks/measures.h"
#include "attacks/signals.h"
#include "audio/whole_audio.h"
#include "evaluate/attack_table.h"
#include "evaluate/attack_values.h"
#include "temporary_folder.h"
#include "wm/watermark.h"

namespace wm {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

AttackChain parsed(const std::string& text) {
    const Result<AttackChain> chain = parse_attack_chain(text);
    EXPECT_TRUE(chain.has_value()) << (chain ? "" : chain.error().message);
    return chain.value_or(AttackChain{});
}

std::string refusal(const std::string& text) {
    const Result<AttackChain> chain = parse_attack_chain(text);
    EXPECT_FALSE(chain.has_value()) << text;
    EXPECT_EQ(chain.error().code, ErrorCode::kUsage);
    return chain.error().message;
}

TEST(AttackChain, ReadsTheExampleOfItsHeader) {
    const AttackChain chain = parsed("pitch=+2st mp3=64k noise=white:20dB eq=peak:1kHz:6dB:q=2");
    ASSERT_EQ(chain.size(), 4U);
    EXPECT_EQ(chain[0].values[0].numbers[0].low, 2);
    EXPECT_EQ(chain[1].values[0].numbers[0].low, 64);
    EXPECT_EQ(chain[2].values[0].words[0], "white");
    EXPECT_EQ(chain[3].values[1].numbers[0].low, 1000);
    EXPECT_EQ(chain[3].values[3].numbers[0].low, 2);
    EXPECT_EQ(format_attack_chain(chain), "pitch=2st mp3=64k noise=white eq=peak:1000Hz:6dB:2");
    EXPECT_EQ(format_attack_chain(parsed("mp3 remark polarity")), "mp3=128k remark polarity=all");
}

TEST(AttackChain, UnitsConvert) {
    EXPECT_EQ(parsed("pitch=50ct"), parsed("pitch=0.5st"));
    EXPECT_EQ(parsed("speed=1.25x"), parsed("speed=25%"));
    EXPECT_EQ(parsed("echo=0.1s"), parsed("echo=100ms"));
    EXPECT_EQ(parsed("lowpass=4k"), parsed("lowpass=4000"));
    EXPECT_EQ(parsed("mp3=64kbps"), parsed("mp3=64"));
}

TEST(AttackChain, NoneIsNothing) {
    EXPECT_TRUE(parsed("none").empty());
    EXPECT_TRUE(parsed("").empty());
    EXPECT_EQ(format_attack_chain({}), "none");
    const Audio noise = white_noise(1, 0.1, 0.1);
    EXPECT_EQ(apply_attack_chain(noise, {}, {})->channels, noise.channels);
}

TEST(AttackChain, ErrorsNameTheNearestAndTheRange) {
    EXPECT_THAT(refusal("nonee"), HasSubstr("\"none\""));
    EXPECT_THAT(refusal("ptich=2st"), AllOf(HasSubstr("\"ptich\""), HasSubstr("\"pitch\"")));
    EXPECT_THAT(refusal("noise=wihte"), AllOf(HasSubstr("wihte"), HasSubstr("\"white\"")));
    EXPECT_THAT(refusal("noise=white:sr=3dB"), AllOf(HasSubstr("\"sr\""), HasSubstr("\"snr\"")));
    EXPECT_THAT(refusal("pitch=99st"), AllOf(HasSubstr("99st"), HasSubstr("-24 to 24 st")));
    EXPECT_THAT(refusal("pitch=2Hz"), AllOf(HasSubstr("\"Hz\""), HasSubstr("st, ct")));
    EXPECT_THAT(refusal("pitch=high"), HasSubstr("no number"));
    EXPECT_THAT(refusal("pitch=nan"), HasSubstr("no number"));
    EXPECT_THAT(refusal("pitch=2st..1st"), HasSubstr("begins above its end"));
    EXPECT_THAT(refusal("requantise=8.5"), HasSubstr("whole number"));
    EXPECT_THAT(refusal("mono=1"), HasSubstr("0 parameters"));
    EXPECT_THAT(refusal("pitch=1:2"), HasSubstr("1 parameters"));
    EXPECT_THAT(refusal("noise=white:color=pink"), HasSubstr("twice"));
    EXPECT_THAT(refusal("mix"), HasSubstr("file is missing"));
    EXPECT_THAT(refusal("=3"), HasSubstr("no attack"));
}

TEST(AttackChain, ATextThatStandsAloneTakesAllThatFollows) {
    const AttackChain chain = parsed("'external=sox {in} {out} gain -3 : a=b' mono");
    ASSERT_EQ(chain.size(), 2U);
    EXPECT_EQ(chain[0].values[0].words[0], "sox {in} {out} gain -3 : a=b");
    EXPECT_EQ(parsed(format_attack_chain(chain)), chain);
}

TEST(AttackChain, NonsenseIsRefusedOrRead) {
    rc::check([](const std::string& text) {
        const Result<AttackChain> chain = parse_attack_chain(text);
        RC_ASSERT(chain.has_value() || chain.error().code == ErrorCode::kUsage);
    });
}

TEST(AttackChain, EveryAttackReadsWhatIsWrittenOfIt) {
    for (const AttackDescription& description : attack_descriptions()) {
        AttackStep step{description.name, {}};
        for (const AttackParameter& parameter : description.parameters) {
            step.values.push_back(parameter.kind == ParameterKind::kNumber
                                      ? AttackValue{{{parameter.least, parameter.most}}, {}}
                                  : parameter.kind == ParameterKind::kChoice ? AttackValue{{}, parameter.choices}
                                                                             : AttackValue{{}, {"@x"}});
            if (parameter.kind == ParameterKind::kNumber) {
                EXPECT_LE(parameter.least, parameter.default_number) << description.name << " " << parameter.name;
                EXPECT_GE(parameter.most, parameter.default_number) << description.name << " " << parameter.name;
            }
            EXPECT_FALSE(parameter.description.empty());
        }
        const std::string text = format_attack_chain({step});
        EXPECT_EQ(parsed(text), AttackChain{step}) << text;
        const AttackChain drawn = draw_attack_chain({step}, 5);
        EXPECT_EQ(parsed(format_attack_chain(drawn)), drawn)
            << "drawn values are said exactly: " << format_attack_chain(drawn);
        for (const AttackValue& value : drawn[0].values) {
            EXPECT_TRUE(value.is_fixed());
        }
    }
}

TEST(AttackChain, DrawsWithinItsRangesAndFromAllAlternatives) {
    const AttackChain chain = parsed("gain=-14dB..-6dB,3dB mp3=64k,128k noise=white,pink:20..30dB");
    std::map<std::string, int> colors;
    int loud = 0;
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
        const AttackChain drawn = draw_attack_chain(chain, seed);
        const double gain_db = drawn[0].values[0].numbers[0].low;
        EXPECT_TRUE(gain_db == 3 || (gain_db >= -14 && gain_db <= -6));
        loud += gain_db == 3;
        ++colors[drawn[2].values[0].words[0]];
        EXPECT_EQ(draw_attack_chain(chain, seed), drawn);
    }
    EXPECT_NEAR(loud, 200, 50);
    EXPECT_NEAR(colors["pink"], 200, 50);
}

TEST(AttackChain, StrengthGroupsWhatBelongsTogether) {
    const AttackStrength pitch = strength_of(parsed("pitch=2st"));
    EXPECT_EQ(pitch.group, "pitch");
    EXPECT_EQ(pitch.number, 2);
    EXPECT_EQ(pitch.unit, "st");
    EXPECT_EQ(strength_of(parsed("noise=pink:10dB")).group, "noise pink");
    EXPECT_EQ(strength_of(parsed("noise=pink:10dB")).number, 10);
    EXPECT_EQ(strength_of(parsed("pitch=2st mp3=64k")).group, "pitch+mp3");
    EXPECT_FALSE(strength_of(parsed("pitch=2st mp3=64k")).has_number);
    for (const char* without_number : {"convolve=room.wav", "collude=a.wav,b.wav", "mono"}) {
        EXPECT_FALSE(strength_of(parsed(without_number)).has_number) << without_number;
    }
    EXPECT_EQ(strength_of({}).group, "none");
}

TEST(ApplyAttacks, StepsFollowOneAnother) {
    const Audio tone = sine(440, 0.25, 2);
    const Result<Audio> after = apply_attack_chain(tone, parsed("gain=6.0206dB speed=25% crop=0.5s:0.5s"), {});
    ASSERT_TRUE(after.has_value());
    EXPECT_NEAR(after->duration_s(), 0.5, 1e-4);
    EXPECT_NEAR(tone_frequency(after->channels[0], kTestRate_hz), 550, 0.1);
    EXPECT_NEAR(tone_amplitude(after->channels[0], 550, kTestRate_hz), 0.5, 1e-3);
}

TEST(ApplyAttacks, TheSeedDecidesAndRepeats) {
    const Audio music = white_noise(2, 0.1, 1);
    const AttackChain chain = parsed("noise=white:20dB noise=white:20dB drop=1% reverb=0.2s");
    AttackContext context;
    context.seed = 7;
    const Result<Audio> first = apply_attack_chain(music, chain, context);
    EXPECT_EQ(apply_attack_chain(music, chain, context)->channels, first->channels);
    context.seed = 8;
    EXPECT_NE(apply_attack_chain(music, chain, context)->channels, first->channels);
    // Two steps alike do not add the same noise twice: 17 dB, and not 14.
    EXPECT_NEAR(snr_db(music, *apply_attack_chain(music, parsed("noise=white:20dB noise=white:20dB"), context)), 17,
                0.15);
    // What was drawn, written down and applied with the seed, gives the same.
    const AttackChain ranged = parsed("noise=white,pink:10dB..30dB");
    EXPECT_EQ(apply_attack_chain(music, parsed(format_attack_chain(draw_attack_chain(ranged, 8))), context)->channels,
              apply_attack_chain(music, ranged, context)->channels);
}

TEST(ApplyAttacks, RecordingsAreHandedOver) {
    AttackContext context;
    const Audio music = white_noise(1, 0.1, 0.5, 1);
    Result<Audio> mixed = apply_attack_chain(music, parsed("mix=@speech:3dB"), context);
    ASSERT_FALSE(mixed.has_value());
    EXPECT_THAT(mixed.error().message, AllOf(HasSubstr("mix=@speech:3dB"), HasSubstr("speech=FILE")));
    context.recordings["speech"] = std::make_shared<Audio>(white_noise(1, 0.1, 0.2, 2));
    mixed = apply_attack_chain(music, parsed("mix=@speech:3dB"), context);
    EXPECT_NEAR(snr_db(music, *mixed), 3, 1e-3);
    context.recordings["a"] = context.recordings["b"] = context.recordings["speech"];
    EXPECT_NEAR(apply_attack_chain(music, parsed("collude=@a,@b"), context)->duration_s(), 0.2, 1e-4);
    context.recordings["host"] = std::make_shared<Audio>(music);
    EXPECT_EQ(apply_attack_chain(music, parsed("transplant=@host:@a"), context)->channels,
              context.recordings["a"]->channels);
}

TEST(ApplyAttacks, SayWhichStepFailed) {
    const Audio music = white_noise(1, 0.1, 0.5, 1);
    const Result<Audio> nothing = apply_attack_chain(music, parsed("gain=-3dB crop=5s:1s"), {});
    ASSERT_FALSE(nothing.has_value());
    EXPECT_THAT(nothing.error().message, AllOf(HasSubstr("crop=5s:1s"), HasSubstr("nothing of the recording is left")));
    EXPECT_EQ(apply_attack_chain(Audio{44100, {{}}}, {}, {}).error().code, ErrorCode::kUnsupported);
    AttackContext stopped;
    stopped.goes_on = [] { return false; };
    EXPECT_EQ(apply_attack_chain(music, parsed("mono"), stopped).error().code, ErrorCode::kCancelled);
}

TEST(ApplyAttacks, EveryAttackCopesWithSilenceAndAMoment) {
    AttackContext context;
    context.recordings["x"] = std::make_shared<Audio>(white_noise(2, 0.1, 0.5));
    Audio silence{kTestRate_hz, std::vector<std::vector<float>>(2, std::vector<float>(30000, 0.0F))};
    Audio moment{kTestRate_hz, {{0.5F}, {-0.5F}}};
    for (const AttackDescription& description : attack_descriptions()) {
        std::string text = description.name;
        for (const AttackParameter& parameter : description.parameters) {
            text += has_default(parameter) ? "" : (text == description.name ? "=@x" : ":@x");
        }
        if (description.name == "external") {
            text = "'external=cp {in} {out}'";
        }
        for (const Audio& audio : {silence, moment}) {
            const Result<Audio> after = apply_attack_chain(audio, parsed(text), context);
            if (!after) {
                EXPECT_FALSE(after.error().message.empty());
                continue;
            }
            for (const std::vector<float>& channel : after->channels) {
                for (const float sample : channel) {
                    ASSERT_TRUE(std::isfinite(sample)) << text;
                }
            }
        }
    }
}

TEST(Remark, PutsAMarkOfAnotherKeyOn) {
    test::TemporaryFolder folder;
    const Key key = Key::for_measurement(1, "attacker");
    ASSERT_TRUE(key.save(folder / "a.key").has_value());
    EXPECT_EQ(Key::for_measurement(1, "x").id(), key.id());
    EXPECT_NE(Key::for_measurement(2, "x").id(), key.id());
    const Audio music = white_noise(2, 0.1, 20);
    const Result<Audio> marked = apply_attack_chain(music, parsed("remark=" + (folder / "a.key")), {});
    ASSERT_TRUE(marked.has_value()) << marked.error().message;
    ASSERT_TRUE(write_audio(*marked, folder / "marked.wav").has_value());
    const Result<DetectReport> report = detect_file(folder / "marked.wav", {key});
    ASSERT_TRUE(report.has_value());
    EXPECT_EQ(report->marks.size(), 1U);
}

TEST(Presets, AllRowsCanBeParsedAndAreNamedOnce) {
    EXPECT_GE(attack_presets().size(), 10U);
    for (const AttackPreset& preset : attack_presets()) {
        EXPECT_FALSE(preset.source.empty());
        std::set<std::string> names;
        for (const AttackPreset::Row& row : preset.rows) {
            EXPECT_TRUE(parse_attack_chain(row.chain).has_value())
                << preset.name << ": " << row.chain << ": " << parse_attack_chain(row.chain).error().message;
            EXPECT_TRUE(names.insert(row.name).second) << preset.name << ": " << row.name;
        }
        EXPECT_EQ(find_attack_preset(preset.name)->rows.size(), preset.rows.size());
    }
    EXPECT_THAT(find_attack_preset("raw-bench-stict").error().message, HasSubstr("\"raw-bench-strict\""));
}

} // namespace
} // namespace wm
