/// How high the detector's statistics come on audio that was made without the key, at fixed geometry: for excerpts of
/// recordings, fresh keys and every shift, the energy s = (pilot^2 + payload^2) / 2 of a payload chosen beforehand. Prints a
/// CSV: for each level, how many statistics reach it, and how many the proved bound (1 + s) exp(-s) allows.
///
///     bench_null_statistics NUM_KEYS RECORDING...      10 s from the middle of each recording; 128 statistics a key
///
/// Plot it with bench/plot_null_statistics.py.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "kernels/kernels.h"
#include "watermark/reading.h"
#include "watermark/tile_levels.h"
#include "watermark/tile_reader.h"
#include "wm/id.h"
#include "wm/key.h"

namespace wm {
namespace {

constexpr double kExcerpt_s = 10.0;
constexpr double kStep = 0.25;
constexpr std::size_t kNumLevels = 4 * 40;

[[noreturn]] void stop(const std::string& message) {
    std::fprintf(stderr, "%s\n", message.c_str());
    std::exit(2);
}

/// The folded features of the middle of a recording; its mono sum by energy, as the detector sees it.
TileMap folded_excerpt(const std::string& path) {
    const auto reader = AudioReader::open(path);
    if (!reader) {
        stop(reader.error().message);
    }
    TileReader samples(**reader);
    std::vector<std::vector<float>> channels(samples.num_channels());
    while (true) {
        const Result<std::size_t> count = samples.read();
        if (!count) {
            stop(path + ": " + count.error().message);
        }
        if (*count == 0) {
            break;
        }
        for (std::size_t c = 0; c < channels.size(); ++c) {
            channels[c].insert(channels[c].end(), samples.channels()[c], samples.channels()[c] + *count);
        }
    }
    const auto length = static_cast<std::size_t>(kExcerpt_s * kTileRate_hz);
    if (channels[0].size() < length + kTileFrameSize) {
        stop(path + ": shorter than an excerpt");
    }
    const std::size_t start = (channels[0].size() - length) / 2;
    const std::size_t num_rows = (length - kTileFrameSize) / kRowSamples / kLanes * kLanes;
    TileLevels tile_levels(channels.size());
    const std::vector<BandSpan> bands = band_spans(1.0);
    std::array<RealLanes, kMapStride> energies;
    TileMap levels(num_rows * kMapStride);
    std::vector<const float*> pointers;
    for (const std::vector<float>& channel : channels) {
        pointers.push_back(channel.data() + start);
    }
    for (std::size_t row = 0; row < num_rows; row += kLanes) {
        std::size_t starts[kLanes];
        float* rows[kLanes];
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            starts[lane] = (row + lane) * kRowSamples;
            rows[lane] = &levels[(row + lane) * kMapStride];
        }
        TileLevels::energies(tile_levels.spectra(pointers.data(), starts), bands, energies.data());
        TileLevels::levels(energies.data(), energies.data());
        kernels().tiles.lanes_to_rows(energies.data(), kMapStride, rows);
    }
    TileMap scratch;
    TileMap features(levels.size());
    tile_features(levels.data(), num_rows, scratch, features.data());
    TileMap folded(kBlockTiles, 0.0F);
    for (std::size_t r = 0; r < num_rows; ++r) {
        kernels().tiles.accumulate(&features[r * kMapStride], kMapStride, &folded[r % kBlockRows * kMapStride]);
    }
    return folded;
}

/// counts[k] = how many statistics lie in [k, k + 1) steps.
void count_statistics(const std::vector<TileMap>& maps, std::size_t num_keys, std::array<double, kNumLevels>& counts) {
    for (std::size_t key = 0; key < num_keys; ++key) {
        const ChipLayout layout(Key::generate("null"));
        const std::uint64_t payload = random_id();
        for (const TileMap& map : maps) {
            for (std::size_t shift = 0; shift < kBlockRows; ++shift) {
                const ReadingEvidence evidence = evidence_for(turn_back(map.data(), shift), layout, payload);
                const auto level = static_cast<std::size_t>(evidence.energy() / kStep);
                counts[std::min(level, kNumLevels - 1)] += 1.0;
            }
        }
    }
}

void print_tail(const std::array<double, kNumLevels>& counts, double total) {
    std::printf("energy,reached,allowed,total\n");
    double reached = total;
    for (std::size_t k = 0; k < kNumLevels && reached > 0.0; ++k) {
        const double s = static_cast<double>(k) * kStep;
        std::printf("%.2f,%.0f,%.6g,%.0f\n", s, reached, total * (1.0 + s) * std::exp(-s), total);
        reached -= counts[k];
    }
}

} // namespace
} // namespace wm

int main(int argc, char** argv) {
    const long num_keys = argc > 2 ? std::strtol(argv[1], nullptr, 10) : 0;
    if (num_keys < 1) {
        wm::stop("bench_null_statistics NUM_KEYS RECORDING...");
    }
    std::vector<wm::TileMap> maps;
    for (int i = 2; i < argc; ++i) {
        maps.push_back(wm::folded_excerpt(argv[i]));
    }
    std::array<double, wm::kNumLevels> counts{};
    wm::count_statistics(maps, static_cast<std::size_t>(num_keys), counts);
    const double total = static_cast<double>(maps.size()) * static_cast<double>(num_keys) * wm::kBlockRows;
    wm::print_tail(counts, total);
    return 0;
}
