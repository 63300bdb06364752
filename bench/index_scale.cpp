/// Makes an index large: the recordings of an index, and as many distractors as asked for.
///
///   index_scale SOURCE TARGET NUM_DISTRACTORS [PIECES]
///
/// A distractor is 200 s of pieces of 0.512 s, drawn at random from the recordings whose ids the file PIECES lists (default: all),
/// each piece moved by up to ten bands and its peaks by up to two half frames and three sevenths of a band: the density and the
/// statistics of music, and nothing that is heard in a query. Recordings that are queried should not be among PIECES.

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <random>
#include <set>
#include <string>

#include "wm/index.h"

namespace wm {
namespace {

constexpr std::uint32_t kRowHalfFrames = 64;
constexpr std::uint32_t kRowFrames = 32;
constexpr int kOctaveSteps = 252;
constexpr int kNumSteps = 5 * kOctaveSteps;
constexpr std::size_t kDistractorRows = 391; // 200 s
constexpr std::size_t kBatch = 500;

/// Peaks of one row of cells, times from its start.
using Piece = std::vector<SpectralPeak>;

std::vector<Piece> cut(const Fingerprint& fingerprint) {
    std::vector<Piece> pieces(fingerprint.num_frames / kRowFrames + 1);
    for (SpectralPeak peak : fingerprint.peaks) {
        Piece& piece = pieces[peak.time / kRowHalfFrames];
        peak.time %= kRowHalfFrames;
        piece.push_back(peak);
    }
    return pieces;
}

/// The piece moved a little, as a row of cells again.
Piece varied(const Piece& piece, std::mt19937& draw) {
    std::uniform_int_distribution<int> shift(-70, 70);
    std::uniform_int_distribution<int> band_jitter(-3, 3);
    std::uniform_int_distribution<int> time_jitter(-2, 2);
    const int moved_by = shift(draw);
    Piece moved;
    for (const SpectralPeak& peak : piece) {
        const int band = peak.band + moved_by + band_jitter(draw);
        const int time = static_cast<int>(peak.time) + time_jitter(draw);
        if (band >= 0 && band < kNumSteps) {
            moved.push_back({static_cast<std::uint32_t>(std::clamp(time, 0, static_cast<int>(kRowHalfFrames) - 1)),
                             static_cast<std::uint16_t>(band), peak.rank});
        }
    }
    std::stable_sort(moved.begin(), moved.end(), [](const SpectralPeak& a, const SpectralPeak& b) {
        return std::pair(a.band / kOctaveSteps, a.rank) < std::pair(b.band / kOctaveSteps, b.rank);
    });
    int counts[5] = {};
    std::erase_if(moved, [&](SpectralPeak& peak) {
        peak.rank = static_cast<std::uint8_t>(counts[peak.band / kOctaveSteps]++);
        return peak.rank >= 5;
    });
    return moved;
}

Fingerprint distractor(const std::vector<Piece>& pieces, std::mt19937& draw) {
    std::uniform_int_distribution<std::size_t> which(0, pieces.size() - 1);
    Fingerprint fingerprint;
    fingerprint.num_frames = static_cast<std::uint32_t>(kDistractorRows) * kRowFrames;
    for (std::uint32_t row = 0; row < kDistractorRows; ++row) {
        for (SpectralPeak peak : varied(pieces[which(draw)], draw)) {
            peak.time += row * kRowHalfFrames;
            fingerprint.peaks.push_back(peak);
        }
    }
    return fingerprint;
}

int stop(const Error& error) {
    std::fprintf(stderr, "index_scale: %s\n", error.message.c_str());
    return 2;
}

int run(const std::string& source_path, const std::string& target_path, std::size_t num_distractors,
        const std::set<std::string>& wanted) {
    Result<Index> source = Index::open(source_path, Index::Mode::kRead);
    Result<Index> target = Index::create(target_path);
    const Result<std::vector<IndexTrack>> tracks = source ? source->tracks() : tl::unexpected(source.error());
    if (!target || !tracks) {
        return stop(target ? tracks.error() : target.error());
    }
    std::vector<Piece> pieces;
    std::vector<IndexEntry> entries;
    for (const IndexTrack& track : *tracks) {
        const Result<Fingerprint> fingerprint = source->fingerprint(track.id);
        if (!fingerprint) {
            return stop(fingerprint.error());
        }
        if (wanted.empty() || wanted.contains(track.id)) {
            const std::vector<Piece> more = cut(*fingerprint);
            pieces.insert(pieces.end(), more.begin(), more.end());
        }
        entries.push_back({track, *fingerprint});
    }
    if (pieces.empty()) {
        return stop({ErrorCode::kUsage, "none of the listed recordings is in the index"});
    }
    std::mt19937 draw(1);
    for (std::size_t k = 0; k <= num_distractors; ++k) {
        if (entries.size() >= kBatch || k == num_distractors) {
            if (const auto added = target->add(entries); !added) {
                return stop(added.error());
            }
            entries.clear();
        }
        if (k < num_distractors) {
            entries.push_back({{"distractor " + std::to_string(k), "", "", "", 0}, distractor(pieces, draw)});
        }
    }
    const Result<void> compacted = target->compact();
    return compacted ? 0 : stop(compacted.error());
}

} // namespace
} // namespace wm

int main(int argc, char** argv) {
    if (argc < 4) {
        std::fprintf(stderr, "usage: index_scale SOURCE TARGET NUM_DISTRACTORS [PIECES]\n");
        return 2;
    }
    std::set<std::string> wanted;
    if (argc > 4) {
        std::ifstream file(argv[4]);
        for (std::string line; std::getline(file, line);) {
            wanted.insert(line);
        }
    }
    return wm::run(argv[1], argv[2], std::stoul(argv[3]), wanted);
}
