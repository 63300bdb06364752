#include "index/verifier.h"

#include <gtest/gtest.h>
#include <sndfile.h>

#include "audio/recordings.h"
#include "fingerprint/level_map.h"
#include "fingerprint/music.h"
#include "temporary_folder.h"
#include "wm/index.h"

namespace wm {
namespace {

constexpr double kStart_s = 12.5;

/// A recording of 40 s in an index of its own, and four seconds of it from kStart_s on.
class Verification : public testing::Test {
protected:
    void SetUp() override {
        const std::vector<float> music = test::plucked_music(40, 100);
        const Fingerprint fingerprint = fingerprint_of(music);
        num_frames_ = fingerprint.num_frames;
        Result<Index> index = Index::create(folder_ / "music.index");
        const std::vector<IndexEntry> entries = {{{"piece", "", "", "", 0}, fingerprint}};
        ASSERT_EQ(*index->add(entries), std::vector(1, AddOutcome::kAdded));

        LevelStream levels;
        levels.push(&music[static_cast<std::size_t>(kStart_s * kFingerprintRate_hz)], 4 * kFingerprintRate_hz, rows_);
        levels.finish(rows_);
    }

    /// What becomes of a candidate that lies ten seconds beside the place, in a recording said to have num_frames.
    Candidate moved(std::uint32_t num_frames) {
        const Result<std::unique_ptr<Catalogue>> catalogue =
            Catalogue::open(folder_ / "music.index", OpenMode::kReadOnly);
        const ContrastMap map(rows_.data(), rows_.size() / kLevelStride);
        PeakCache cache(**catalogue);
        Candidate candidate;
        candidate.track = 1;
        candidate.num_frames = num_frames;
        candidate.alignment.offset = (kStart_s + 10) * kFrameRate_hz;
        Result<Candidate> best = Verifier(map, cache, 0.0).best_place(candidate);
        EXPECT_TRUE(best);
        return *best;
    }

    Fingerprint fingerprint_of(const std::vector<float>& mono) const {
        test::Samples samples{kFingerprintRate_hz, 1, {}, {}};
        for (const float value : mono) {
            samples.integers.push_back(static_cast<std::int32_t>(value * 32767) * 65536);
        }
        test::write_with_sndfile(folder_ / "music.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, samples);
        return *fingerprint_file(folder_ / "music.wav");
    }

    test::TemporaryFolder folder_;
    std::uint32_t num_frames_ = 0;
    std::vector<float> rows_;
};

TEST_F(Verification, FindsTheBestPlaceAlongTheWholeRecording) {
    const Candidate best = moved(num_frames_);
    EXPECT_NEAR(best.alignment.offset / kFrameRate_hz, kStart_s, 0.03);
    EXPECT_GT(best.raw_score, 10);
    EXPECT_GT(best.score, 7.5);
}

TEST_F(Verification, LeavesARecordingOfHoursAsItIs) {
    const Candidate best = moved(62 * 3600 * 2);
    EXPECT_EQ(best.alignment.offset, (kStart_s + 10) * kFrameRate_hz);
}

} // namespace
} // namespace wm
