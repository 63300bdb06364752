#include "wm/index.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sndfile.h>

#include "audio/recordings.h"
#include "fingerprint/music.h"
#include "random_peaks.h"
#include "temporary_folder.h"
#include "wm/audio_hash.h"

namespace wm {
namespace {

void write_wav(const std::string& path, const std::vector<float>& mono, int rate_hz = 16000) {
    test::Samples samples{rate_hz, 1, {}, {}};
    for (const float value : mono) {
        samples.integers.push_back(static_cast<std::int32_t>(value * 32767) * 65536);
    }
    test::write_with_sndfile(path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, samples);
}

IndexEntry entry_of(std::uint32_t seed, const std::string& id) {
    IndexEntry entry;
    entry.track.id = id;
    entry.fingerprint = test::random_recording(seed);
    return entry;
}

/// An index of four pieces of music of 40 s, "0" to "3".
class MusicIndex : public testing::Test {
protected:
    void SetUp() override {
        Result<Index> index = Index::create(path_);
        ASSERT_TRUE(index) << index.error().message;
        std::vector<IndexEntry> entries;
        for (std::uint32_t k = 0; k < 4; ++k) {
            write_wav(folder_ / "x.wav", music(k));
            Result<Fingerprint> fingerprint = fingerprint_file(folder_ / "x.wav");
            ASSERT_TRUE(fingerprint);
            entries.push_back({{std::to_string(k), "USRC1760783" + std::to_string(k), "Piece", "", 0}, *fingerprint});
        }
        ASSERT_EQ(*index->add(entries), std::vector(4, AddOutcome::kAdded));
    }

    static std::vector<float> music(std::uint32_t k) { return test::plucked_music(40, 100 + k); }

    static std::vector<float> cut(std::uint32_t k, double start_s, double seconds) {
        const std::vector<float> whole = music(k);
        const auto first = whole.begin() + static_cast<std::ptrdiff_t>(start_s * 16000);
        return {first, first + static_cast<std::ptrdiff_t>(seconds * 16000)};
    }

    IdentifyReport identify(const std::vector<float>& samples, int rate_hz = 16000,
                            const IdentifyOptions& options = {}) {
        write_wav(folder_ / "query.wav", samples, rate_hz);
        const Result<Index> index = Index::open(path_, Index::Mode::kRead);
        Result<IdentifyReport> report = index->identify_file(folder_ / "query.wav", options);
        EXPECT_TRUE(report) << report.error().message;
        return *report;
    }

    test::TemporaryFolder folder_;
    std::string path_ = folder_ / "music.index";
};

TEST_F(MusicIndex, NamesAnExcerptAndSaysWhereItIsFrom) {
    const IdentifyReport report = identify(cut(2, 12.34, 10));
    ASSERT_EQ(report.outcome, IdentifyOutcome::kFound);
    ASSERT_EQ(report.matches.size(), 1U);
    const Match& match = report.matches.front();
    EXPECT_EQ(match.track.id, "2");
    EXPECT_EQ(match.track.isrc, "USRC17607832");
    EXPECT_NEAR(match.asset_start_s - match.query_start_s, 12.34, 0.1);
    EXPECT_NEAR(match.audio_speed, 1, 0.003);
    EXPECT_NEAR(match.audio_pitch, 0, 0.2);
    EXPECT_GT(match.query_match_percentage, 80);
    EXPECT_LT(match.p_value, 1e-3);
    EXPECT_EQ(report.rows_asked, report.rows_answered);
}

TEST_F(MusicIndex, LooksForTheOthersOfTheExcludedTrack) {
    IdentifyOptions options;
    options.excluded_track = "2";
    EXPECT_EQ(identify(cut(2, 12.34, 10), 16000, options).outcome, IdentifyOutcome::kNotFound);
    std::vector<float> both = cut(2, 0, 20);
    const std::vector<float> second = cut(3, 5, 20);
    both.insert(both.end(), second.begin(), second.end());
    const IdentifyReport report = identify(both, 16000, options);
    ASSERT_EQ(report.matches.size(), 1U);
    EXPECT_EQ(report.matches.front().track.id, "3");
    options.excluded_track = "unknown";
    EXPECT_EQ(identify(cut(2, 12.34, 10), 16000, options).outcome, IdentifyOutcome::kFound);
}

TEST_F(MusicIndex, NamesAFasterCopyWithItsSpeedAndPitch) {
    // Samples at 16 kHz, said to be at 17,600: ten per cent faster, and 1.65 semitones higher.
    const IdentifyReport report = identify(cut(1, 5, 13), 17600);
    ASSERT_EQ(report.matches.size(), 1U);
    EXPECT_EQ(report.matches.front().track.id, "1");
    EXPECT_NEAR(report.matches.front().audio_speed, 1.1, 0.0033);
    EXPECT_NEAR(report.matches.front().audio_pitch, 1.65, 0.2);
}

TEST_F(MusicIndex, NamesBothOfTwoPlayedAtOnceAndOneAfterTheOther) {
    std::vector<float> both = cut(0, 3, 10);
    const std::vector<float> other = cut(3, 20, 10);
    std::vector<float> sequence = both;
    sequence.insert(sequence.end(), other.begin(), other.end());
    for (std::size_t k = 0; k < both.size(); ++k) {
        both[k] = 0.5F * (both[k] + other[k]);
    }
    EXPECT_EQ(identify(both).matches.size(), 2U);
    const IdentifyReport report = identify(sequence);
    ASSERT_EQ(report.matches.size(), 2U);
    for (const Match& match : report.matches) {
        const double start_s = match.track.id == "0" ? 0 : 10;
        EXPECT_NEAR(match.query_start_s, start_s, 1.2) << match.track.id;
        EXPECT_NEAR(match.query_end_s, start_s + 10, 1.2) << match.track.id;
    }
}

TEST_F(MusicIndex, DoesNotNameAStranger) {
    const IdentifyReport report = identify(test::plucked_music(10, 999));
    EXPECT_EQ(report.outcome, IdentifyOutcome::kNotFound);
    EXPECT_TRUE(report.matches.empty());
}

TEST_F(MusicIndex, ReturnsTheQuerysOwnRecordWhereItIsAskedFor) {
    std::vector<float> query = cut(0, 3, 15);
    const std::vector<float> rest = music(3);
    query.insert(query.end(), rest.begin(), rest.end());
    IdentifyOptions options;
    EXPECT_TRUE(identify(query).query.audio_hash.empty());
    options.want_query = true;
    const IdentifyReport report = identify(query, 16000, options);
    const Result<SoundRecord> alone = record_sound(folder_ / "query.wav");
    EXPECT_EQ(report.query.audio_hash, alone->audio_hash);
    EXPECT_EQ(report.query.fingerprint, alone->fingerprint);
    EXPECT_EQ(alone->audio_hash, hash_audio_file(folder_ / "query.wav"));
    EXPECT_EQ(alone->fingerprint, fingerprint_file(folder_ / "query.wav"));
}

TEST_F(MusicIndex, SilenceAndScrapsAreInconclusiveAndNoiseAndTonesAreNotFound) {
    EXPECT_EQ(identify(std::vector<float>(16000 * 30, 0.0F)).outcome, IdentifyOutcome::kInconclusive);
    const IdentifyReport scrap = identify(cut(0, 1, 0.1));
    EXPECT_EQ(scrap.outcome, IdentifyOutcome::kInconclusive);
    EXPECT_NE(scrap.reason.find("too short"), std::string::npos);
    EXPECT_TRUE(identify(test::sine(1000, 16000, 160000)).matches.empty());
}

TEST_F(MusicIndex, ARemovedTrackIsNotNamedBeforeNorAfterCompacting) {
    Result<Index> index = Index::open(path_, Index::Mode::kWrite);
    ASSERT_TRUE(*index->remove("2"));
    EXPECT_FALSE(*index->remove("2"));
    EXPECT_TRUE(identify(cut(2, 12, 10)).matches.empty());
    ASSERT_TRUE(index->compact());
    EXPECT_TRUE(identify(cut(2, 12, 10)).matches.empty());
    EXPECT_EQ(identify(cut(3, 12, 10)).matches.size(), 1U);
    EXPECT_EQ(index->stat()->num_tracks, 3U);
    EXPECT_TRUE(index->check()->faults.empty());
}

TEST_F(MusicIndex, GivesBackTheFingerprintsItWasGiven) {
    const Result<Index> index = Index::open(path_, Index::Mode::kRead);
    write_wav(folder_ / "x.wav", music(3));
    EXPECT_EQ(*index->fingerprint("3"), *fingerprint_file(folder_ / "x.wav"));
    EXPECT_EQ(index->fingerprint("9").error().code, ErrorCode::kUsage);
}

TEST_F(MusicIndex, FindsTheSameRecordingUnderTwoIds) {
    Result<Index> index = Index::open(path_, Index::Mode::kWrite);
    EXPECT_TRUE(index->duplicates()->empty());
    IndexEntry copy{{"copy of 1", "", "", "", 0}, *index->fingerprint("1")};
    ASSERT_TRUE(index->add(std::span(&copy, 1)));
    EXPECT_EQ(*index->duplicates(), (std::vector<std::vector<std::string>>{{"1", "copy of 1"}}));
}

TEST(Index, AddsOnceAndReplacesOnlyWhenAsked) {
    const test::TemporaryFolder folder;
    Result<Index> index = Index::create(folder / "x.index");
    const std::vector<IndexEntry> first = {entry_of(1, "a"), entry_of(2, "b")};
    EXPECT_EQ(*index->add(first), std::vector(2, AddOutcome::kAdded));
    EXPECT_EQ(*index->add(first), std::vector(2, AddOutcome::kThere));
    const IndexEntry other = entry_of(3, "a");
    EXPECT_EQ(index->add(std::span(&other, 1))->front(), AddOutcome::kConflict);
    EXPECT_EQ(*index->fingerprint("a"), first[0].fingerprint);
    EXPECT_EQ(index->add(std::span(&other, 1), true)->front(), AddOutcome::kReplaced);
    EXPECT_EQ(*index->fingerprint("a"), other.fingerprint);
    const IndexEntry nameless = entry_of(4, "");
    EXPECT_EQ(index->add(std::span(&nameless, 1)).error().code, ErrorCode::kUsage);
    EXPECT_EQ(index->stat()->num_tracks, 2U);
}

TEST(Index, ManySmallAddsStayFewSegments) {
    const test::TemporaryFolder folder;
    Result<Index> index = Index::create(folder / "x.index");
    for (std::uint32_t k = 0; k < 20; ++k) {
        const IndexEntry entry = entry_of(k, std::to_string(k));
        ASSERT_TRUE(index->add(std::span(&entry, 1)));
        ASSERT_LE(index->stat()->num_segments, 8U);
    }
    EXPECT_TRUE(index->check()->faults.empty());
    ASSERT_TRUE(index->compact());
    EXPECT_EQ(index->stat()->num_segments, 1U);
    EXPECT_EQ(index->stat()->num_tracks, 20U);
    EXPECT_TRUE(index->check()->faults.empty());
}

TEST(Index, OneWriterAtATimeAndReadersBesideIt) {
    const test::TemporaryFolder folder;
    Result<Index> writer = Index::create(folder / "x.index");
    const IndexEntry entry = entry_of(1, "a");
    ASSERT_TRUE(writer->add(std::span(&entry, 1)));
    const Result<Index> second = Index::open(folder / "x.index", Index::Mode::kWrite);
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().message.find("another wm is writing"), std::string::npos);
    const Result<Index> reader = Index::open(folder / "x.index", Index::Mode::kRead);
    ASSERT_TRUE(reader);
    const IndexEntry next = entry_of(2, "b");
    ASSERT_TRUE(writer->add(std::span(&next, 1)));
    EXPECT_EQ(reader->stat()->num_tracks, 2U);
}

TEST(Index, SaysWhatIsWrongWithAFile) {
    const test::TemporaryFolder folder;
    EXPECT_EQ(Index::open(folder / "none", Index::Mode::kRead).error().code, ErrorCode::kIo);
    test::write_text(folder / "text", std::string(5000, 'x'));
    EXPECT_EQ(Index::open(folder / "text", Index::Mode::kRead).error().code, ErrorCode::kFormat);
    ASSERT_TRUE(Index::create(folder / "x.index"));
    EXPECT_EQ(Index::create(folder / "x.index").error().code, ErrorCode::kUsage);
}

TEST(Index, ChecksumsFindAFlippedBitInPostingsAndInPeaks) {
    const test::TemporaryFolder folder;
    {
        Result<Index> index = Index::create(folder / "x.index");
        std::vector<IndexEntry> entries;
        for (std::uint32_t k = 0; k < 8; ++k) {
            entries.push_back(entry_of(k, std::to_string(k)));
        }
        ASSERT_TRUE(index->add(entries));
    }
    const std::string bytes = test::read_text(folder / "x.index");
    int num_found = 0;
    int num_tried = 0;
    for (std::size_t place = 8 * 8192 + 100; place < bytes.size(); place += 1021, ++num_tried) {
        std::string damaged = bytes;
        damaged[place] = static_cast<char>(damaged[place] ^ 4);
        test::write_text(folder / "damaged.index", damaged);
        const Result<Index> index = Index::open(folder / "damaged.index", Index::Mode::kRead);
        const Result<IndexCheck> check = index ? index->check() : tl::unexpected(index.error());
        num_found += !check || !check->faults.empty() ? 1 : 0;
    }
    EXPECT_GT(num_tried, 10);
    EXPECT_GT(num_found, num_tried / 2) << "the rest hit space that is not used";
    test::write_text(folder / "cut.index", bytes.substr(0, bytes.size() / 2));
    const Result<Index> cut = Index::open(folder / "cut.index", Index::Mode::kRead);
    const Result<IndexCheck> check = cut ? cut->check() : tl::unexpected(cut.error());
    EXPECT_TRUE(!check || !check->faults.empty());
}

} // namespace
} // namespace wm
