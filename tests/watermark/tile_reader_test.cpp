#include "watermark/tile_reader.h"

#include "file_case.h"
#include "watermark/tile_grid.h"
#include "wm/audio_hash.h"

namespace wm {
namespace {

using test::Planar;

class ReadTiles : public test::FileCase {};

TEST_F(ReadTiles, GivesTheRecordingAtTheTilesRateAndItsHash) {
    for (const int rate_hz : {22050, 44100, 48000}) {
        const Planar music = test::synthesize_music(7, rate_hz, 2, 3.01);
        const std::string file = record("in.wav", music, rate_hz);
        auto reader = AudioReader::open(file);
        ASSERT_TRUE(reader.has_value());
        AudioHasher hasher((*reader)->spec());
        TileReader samples(**reader, &hasher);
        ASSERT_EQ(samples.num_channels(), 2U);
        Planar read(2);
        double share = 0.0;
        for (auto count = samples.read(); count && *count > 0; count = samples.read()) {
            for (std::size_t c = 0; c < 2; ++c) {
                read[c].insert(read[c].end(), samples.channels()[c], samples.channels()[c] + *count);
            }
            EXPECT_GE(samples.share_done(), share);
            share = samples.share_done();
        }
        EXPECT_EQ(share, 1.0);
        EXPECT_EQ(hasher.hex(), *hash_audio_file(file));
        const double num_expected = static_cast<double>(music[0].size()) * kTileRate_hz / rate_hz;
        ASSERT_EQ(read[1].size(), static_cast<std::size_t>(std::ceil(num_expected)));
        // Where rates are in a ratio of whole numbers, samples of low tones stand where they stood.
        const auto ratio = static_cast<std::size_t>(rate_hz / 22050);
        if (rate_hz % 22050 == 0) {
            double error = 0.0;
            double energy = 0.0;
            for (std::size_t k = 0; k < read[0].size(); ++k) {
                const double wanted = static_cast<double>(music[0][k * ratio]);
                error += (static_cast<double>(read[0][k]) - wanted) * (static_cast<double>(read[0][k]) - wanted);
                energy += wanted * wanted;
            }
            EXPECT_LT(error, 0.05 * energy) << rate_hz;
        }
    }
}

} // namespace
} // namespace wm
