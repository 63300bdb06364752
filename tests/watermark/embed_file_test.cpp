#include <algorithm>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "file_case.h"
#include "wm/audio_hash.h"

namespace wm {
namespace {

using test::FileCase;
using test::Planar;
using test::synthesize_music;
using testing::HasSubstr;

struct Format {
    int rate_hz;
    std::size_t num_channels;
    int bits;
};

class EmbedFormats : public FileCase, public testing::WithParamInterface<Format> {};

TEST_P(EmbedFormats, TheMarkIsReadBackFromAFileOfTheSameShape) {
    const Format format = GetParam();
    const Planar music = synthesize_music(1, format.rate_hz, format.num_channels, 15.37);
    const std::string input = record("in.wav", music, format.rate_hz, format.bits);
    const auto report = embed_file(input, path("out.wav"), label_, kId);
    ASSERT_TRUE(report.has_value()) << report.error().message;
    EXPECT_TRUE(report->mark.verified);
    EXPECT_LE(report->mark.p_value, 1e-9);
    EXPECT_GE(report->mark.margin_db, 0.0);
    const bool is_narrow = format.rate_hz < 16000; // its few bands carry more each
    EXPECT_GE(report->snr_db, is_narrow ? 22.0 : 26.0);
    EXPECT_LE(report->nmr_db, -10.0);
    EXPECT_NEAR(report->duration_s, 15.37, 1e-3);
    EXPECT_EQ(report->audio_hash, hash_audio_file(path("out.wav")).value());
    const Planar found = test::read_samples(path("out.wav"));
    ASSERT_EQ(found.size(), music.size());
    EXPECT_EQ(found[0].size(), music[0].size());
    const DetectReport detected = detect(path("out.wav"), {label_});
    ASSERT_EQ(detected.marks.size(), 1U);
    EXPECT_EQ(detected.marks[0].id, kId);
}

INSTANTIATE_TEST_SUITE_P(EachFormat, EmbedFormats,
                         testing::Values(Format{8000, 1, 16}, Format{44100, 2, 16}, Format{48000, 2, 24},
                                         Format{96000, 2, 24}, Format{44100, 6, 16}, Format{22050, 1, 32}),
                         [](const testing::TestParamInfo<Format>& test) {
                             return "Rate" + std::to_string(test.param.rate_hz) + "Channels" +
                                    std::to_string(test.param.num_channels) + "Bits" + std::to_string(test.param.bits);
                         });

class Embed : public FileCase {
protected:
    /// The code with which embedding must fail, and no output stand.
    ErrorCode refusal(const std::string& input, const EmbedOptions& options = {}) {
        const auto report = embed_file(input, path("refused.wav"), label_, kId, options);
        EXPECT_FALSE(report.has_value());
        EXPECT_EQ(folder_.num_entries(), 1U);
        return report ? ErrorCode::kInternal : report.error().code;
    }
};

/// 15 s that carry a mark of the label and the notice 77.
class EmbedNotice : public Embed {
protected:
    EmbedNotice() {
        options_.notice = 77;
        report_ =
            embed_file(record("in.wav", synthesize_music(2, 44100, 2, 15.0)), path("both.wav"), label_, kId, options_);
    }

    EmbedOptions options_;
    Result<EmbedReport> report_;
};

TEST_F(EmbedNotice, StandsBesideTheMarkAndBothAreReadBack) {
    ASSERT_TRUE(report_.has_value()) << report_.error().message;
    EXPECT_TRUE(report_->mark.verified);
    ASSERT_TRUE(report_->notice.has_value());
    EXPECT_TRUE(report_->notice->verified);
    EXPECT_EQ(report_->notice->id, 77U);
    EXPECT_GT(report_->notice->margin_db, 3.0);
    EXPECT_GT(report_->mark.margin_db, 3.0);
    DetectOptions looking;
    looking.public_notices = true;
    const auto found = detect_file(path("both.wav"), {label_}, looking);
    ASSERT_EQ(found->marks.size(), 2U);
    EXPECT_NE(found->marks[0].key_id, found->marks[1].key_id);
    for (const Mark& mark : found->marks) {
        EXPECT_EQ(mark.id, mark.key_id == label_.id() ? kId : 77U);
    }
}

TEST_F(EmbedNotice, CostsNoMoreChangeThanOneMark) {
    const auto single = embed_file(path("in.wav"), path("single.wav"), label_, kId);
    ASSERT_TRUE(report_ && single);
    EXPECT_GE(report_->snr_db, single->snr_db);
    EXPECT_LE(report_->nmr_db, single->nmr_db);
}

TEST_F(EmbedNotice, IsRefusedWhereOneStandsAlready) {
    ASSERT_TRUE(report_.has_value()) << report_.error().message;
    const auto again = embed_file(path("both.wav"), path("again.wav"), other_, 1, options_);
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error().code, ErrorCode::kAlreadyMarked);
    EXPECT_THAT(again.error().message, HasSubstr("public notice"));
    EXPECT_EQ(folder_.num_entries(), 2U);
}

TEST_F(EmbedNotice, IsNotPutBesideANotice) {
    const auto twice = embed_file(path("in.wav"), path("twice.wav"), Key::of_public_notices(), 1, options_);
    ASSERT_FALSE(twice.has_value());
    EXPECT_EQ(twice.error().code, ErrorCode::kUsage);
}

TEST_F(Embed, RefusesAFileMarkedAlreadyNamingTheIdAndTakesTheSameIdWithForce) {
    const std::string marked = mark(record("in.wav", synthesize_music(2, 44100, 2, 15.0)), "marked.wav", label_);
    const auto refused = embed_file(marked, path("again.wav"), label_, 42);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, ErrorCode::kAlreadyMarked);
    EXPECT_THAT(refused.error().message, HasSubstr(format_id(kId)));
    EXPECT_EQ(folder_.num_entries(), 2U);
    EmbedOptions force;
    force.force = true;
    const auto accepted = embed_file(marked, path("again.wav"), label_, kId, force);
    ASSERT_TRUE(accepted.has_value()) << accepted.error().message;
    EXPECT_EQ(folder_.num_entries(), 3U);
}

TEST_F(Embed, AForcedMarkOfTheSameKeyStandsBesideTheFirst) {
    const std::string marked = mark(record("in.wav", synthesize_music(2, 44100, 2, 30.0)), "marked.wav", label_);
    EmbedOptions force;
    force.force = true;
    const auto report = embed_file(marked, path("both.wav"), label_, 42, force);
    ASSERT_TRUE(report.has_value()) << report.error().message;
    EXPECT_TRUE(report->mark.verified);
    std::vector<std::uint64_t> ids;
    for (const Mark& found : detect(path("both.wav"), {label_}).marks) {
        ids.push_back(found.id);
    }
    EXPECT_THAT(ids, testing::UnorderedElementsAre(kId, 42U));
}

TEST_F(Embed, AnotherKeysMarkIsNoObstacleAndBothAreReported) {
    const std::string first = mark(record("in.wav", synthesize_music(3, 44100, 2, 20.0)), "first.wav", label_);
    ASSERT_TRUE(embed_file(first, path("both.wav"), other_, 42).has_value());
    const DetectReport report = detect(path("both.wav"), {other_, label_});
    ASSERT_EQ(report.marks.size(), 2U);
    for (const Mark& found : report.marks) {
        EXPECT_EQ(found.id, found.key_name == "label" ? kId : 42U);
        EXPECT_EQ(found.key_id, found.key_name == "label" ? label_.id() : other_.id());
    }
    EXPECT_NE(report.marks[0].key_name, report.marks[1].key_name);
}

TEST_F(Embed, RefusesSilence) {
    EXPECT_EQ(refusal(record("in.wav", Planar(2, std::vector<float>(20 * 44100)))), ErrorCode::kCannotCarry);
}

TEST_F(Embed, RefusesTwoSeconds) {
    EXPECT_EQ(refusal(record("in.wav", synthesize_music(4, 44100, 2, 2.0))), ErrorCode::kCannotCarry);
}

TEST_F(Embed, RefusesAnEmptyRecordingAndASingleSample) {
    for (const std::size_t length : {0U, 1U}) {
        EXPECT_EQ(refusal(record("in.wav", Planar(1, std::vector<float>(length, 0.5F)))), ErrorCode::kCannotCarry);
    }
}

TEST_F(Embed, RefusesBassAlone) {
    Planar bass(1, std::vector<float>(15 * 44100));
    for (std::size_t k = 0; k < bass[0].size(); ++k) {
        bass[0][k] = 0.6F * static_cast<float>(std::sin(0.0085 * static_cast<double>(k))); // 60 Hz
    }
    EXPECT_EQ(refusal(record("in.wav", bass, 44100, 24)), ErrorCode::kCannotCarry);
}

TEST_F(Embed, RefusesStrengthsOutsideTheirRange) {
    const std::string input = record("in.wav", synthesize_music(5, 22050, 1, 4.0), 22050);
    for (const double strength : {0.05, 3.5, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
        EmbedOptions options;
        options.strength = strength;
        EXPECT_EQ(refusal(input, options), ErrorCode::kUsage);
    }
}

TEST_F(Embed, WarnsWhereLittleTimeCanHoldTheMark) {
    const std::string input = record("in.wav", synthesize_music(6, 44100, 2, 8.0));
    const auto report = embed_file(input, path("out.wav"), label_, kId);
    ASSERT_TRUE(report.has_value()) << report.error().message;
    EXPECT_THAT(report->warnings, testing::Contains(HasSubstr("strong processing")));
}

TEST_F(Embed, HalfTheStrengthChangesSixDecibelsLess) {
    const std::string input = record("in.wav", synthesize_music(7, 44100, 2, 10.0));
    EmbedOptions options;
    options.verify = false;
    const double snr_db = embed_file(input, path("a.wav"), label_, kId, options).value().snr_db;
    options.strength = 0.5;
    EXPECT_NEAR(embed_file(input, path("b.wav"), label_, kId, options).value().snr_db, snr_db + 6.02, 0.5);
}

TEST_F(Embed, LeavesWhatLiesAboveElevenKilohertzUntouched) {
    const Planar music = synthesize_music(8, 96000, 1, 12.0);
    const std::string input = record("in.wav", music, 96000, 32);
    const Planar marked = test::read_samples(mark(input, "out.wav", label_));
    Planar residual = marked;
    for (std::size_t k = 0; k < residual[0].size(); ++k) {
        residual[0][k] -= music[0][k];
    }
    EXPECT_GT(test::energy_share(residual[0], 96000, 150.0, 8400.0), 0.998);
    EXPECT_LT(test::energy_share(residual[0], 96000, 11000.0, 48000.0), 1e-7);
}

TEST_F(Embed, SamplesOfSilenceStayBitExact) {
    Planar music = synthesize_music(9, 44100, 2, 14.0);
    for (std::vector<float>& channel : music) {
        std::fill(channel.begin() + 6 * 44100, channel.begin() + 8 * 44100, 0.0F);
    }
    const Planar marked = test::read_samples(mark(record("in.wav", music), "out.wav", label_));
    for (const std::vector<float>& channel : marked) {
        for (std::size_t k = 6 * 44100 + 4410; k < 8 * 44100 - 4410; ++k) {
            ASSERT_EQ(channel[k], 0.0F) << k;
        }
    }
}

TEST_F(Embed, ProgressRisesFromNothingToTheWholeAndCancellingLeavesNoFile) {
    const std::string input = record("in.wav", synthesize_music(10, 44100, 2, 12.0));
    std::vector<double> shares;
    ASSERT_TRUE(embed_file(input, path("out.wav"), label_, kId, {}, [&](double share) {
                    shares.push_back(share);
                    return true;
                }).has_value());
    EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
    EXPECT_GE(shares.front(), 0.0);
    EXPECT_GT(shares.back(), 0.95);
    EXPECT_LE(shares.back(), 1.0);
    std::filesystem::remove(path("out.wav"));
    for (const std::size_t last : {std::size_t{1}, shares.size() / 2, shares.size()}) {
        std::size_t num_calls = 0;
        const auto report =
            embed_file(input, path("out.wav"), label_, kId, {}, [&](double) { return ++num_calls < last; });
        ASSERT_FALSE(report.has_value()) << last;
        EXPECT_EQ(report.error().code, ErrorCode::kCancelled);
        EXPECT_EQ(folder_.num_entries(), 1U);
    }
}

} // namespace
} // namespace wm
