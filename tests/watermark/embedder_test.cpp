#include "watermark/embedder.h"

#include <cmath>

#include <gtest/gtest.h>

#include "fixed_key.h"
#include "music.h"

namespace wm {
namespace {

using test::Planar;

constexpr std::uint64_t kPayload = 0x5f3a9c0212ab77e1U;

/// Keeps what it is given.
class KeepingWriter : public AudioWriter {
public:
    explicit KeepingWriter(std::size_t num_channels) : residual(num_channels) {}

    Result<void> write(const AudioBlock& host, const float* const* samples) override {
        if (num_writes_left_-- == 0) {
            return fail(ErrorCode::kIo, "the disk is full");
        }
        integers.insert(integers.end(), host.integers.begin(), host.integers.end());
        for (std::size_t c = 0; c < residual.size(); ++c) {
            residual[c].insert(residual[c].end(), samples[c], samples[c] + host.num_samples);
        }
        return {};
    }
    Result<void> finish() override { return {}; }
    Result<void> commit() override { return {}; }
    const std::string& temporary_path() const override { return nothing_; }
    const std::vector<std::string>& warnings() const override { return none_; }

    void fail_after(int num_writes) { num_writes_left_ = num_writes; }

    std::vector<std::int32_t> integers;
    Planar residual;

private:
    int num_writes_left_ = -1;
    std::string nothing_;
    std::vector<std::string> none_;
};

AudioSpec stereo_at(int rate_hz) {
    AudioSpec spec;
    spec.sample_rate_hz = rate_hz;
    spec.num_channels = 2;
    spec.encoding = Encoding::kPcm16;
    return spec;
}

/// 16-bit samples of music, interleaved and left-justified.
std::vector<std::int32_t> music(int rate_hz, double seconds) {
    const Planar planar = test::synthesize_music(90, rate_hz, 2, seconds);
    std::vector<std::int32_t> samples;
    for (std::size_t k = 0; k < planar[0].size(); ++k) {
        for (const std::vector<float>& channel : planar) {
            samples.push_back(static_cast<std::int32_t>(channel[k] * 32767.0F) * 65536);
        }
    }
    return samples;
}

Result<void> embed(Embedder& embedder, const std::vector<std::int32_t>& samples, std::size_t block_samples) {
    for (std::size_t start = 0; start < samples.size(); start += 2 * block_samples) {
        const std::size_t end = std::min(samples.size(), start + 2 * block_samples);
        AudioBlock block = embedder.spare_block();
        block.num_channels = 2;
        block.num_samples = (end - start) / 2;
        block.integers.assign(samples.begin() + static_cast<std::ptrdiff_t>(start),
                              samples.begin() + static_cast<std::ptrdiff_t>(end));
        if (Result<void> pushed = embedder.push(std::move(block)); !pushed) {
            return pushed;
        }
    }
    return embedder.finish();
}

TileMap signs() {
    return ChipLayout(test::fixed_key(91)).signs(polar_encode(kPayload));
}

TEST(Embedder, HandsEveryHostSampleOnWithAResidualOfTheSameLengthHoweverItIsCut) {
    for (const int rate_hz : {44100, 48000}) {
        const std::vector<std::int32_t> host = music(rate_hz, 9.13);
        Planar expected;
        for (const std::size_t block_samples : {8192U, 1000U, 100000U}) {
            KeepingWriter writer(2);
            Embedder embedder(stereo_at(rate_hz), signs(), 1.0, nullptr, writer);
            ASSERT_TRUE(embed(embedder, host, block_samples).has_value());
            EXPECT_EQ(writer.integers, host);
            EXPECT_EQ(writer.residual[0].size(), host.size() / 2);
            if (expected.empty()) {
                expected = writer.residual;
            }
            EXPECT_EQ(writer.residual, expected) << rate_hz << " Hz, blocks of " << block_samples;
        }
    }
}

TEST(Embedder, TheTallyOfTheChangeIsThatOfWhatWasWritten) {
    const std::vector<std::int32_t> host = music(44100, 9.0);
    KeepingWriter writer(2);
    Embedder embedder(stereo_at(44100), signs(), 1.0, nullptr, writer);
    ASSERT_TRUE(embed(embedder, host, 8192).has_value());
    double host_energy = 0;
    for (const std::int32_t sample : host) {
        host_energy += sample * 0x1p-31 * (sample * 0x1p-31);
    }
    double residual_energy = 0;
    for (const std::vector<float>& channel : writer.residual) {
        for (const float sample : channel) {
            residual_energy += static_cast<double>(sample) * static_cast<double>(sample);
        }
    }
    EXPECT_GT(residual_energy, 0.0);
    EXPECT_NEAR(embedder.change().host_energy / host_energy, 1.0, 1e-5);
    EXPECT_NEAR(embedder.change().residual_energy / residual_energy, 1.0, 1e-5);
}

TEST(Embedder, FindsTheMarkThatItsHostCarriesAlready) {
    const std::vector<ChipLayout> layouts{ChipLayout(test::fixed_key(91))};
    std::vector<std::int32_t> host = music(44100, 15.0);
    KeepingWriter writer(2);
    Embedder first(stereo_at(44100), signs(), 1.0, nullptr, writer);
    ASSERT_TRUE(embed(first, host, 8192).has_value());
    for (std::size_t k = 0; k < host.size(); ++k) {
        host[k] += static_cast<std::int32_t>(writer.residual[k % 2][k / 2] * 0x1p31F);
    }
    host.erase(host.begin(), host.begin() + 2 * 12345); // cut anywhere
    SpanSearch search(layouts, std::log(1e-9), 2);
    Embedder second(stereo_at(44100), signs(), 1.0, &search, writer);
    ASSERT_TRUE(embed(second, host, 8192).has_value());
    ASSERT_EQ(search.findings().size(), 1U);
    EXPECT_EQ(search.findings()[0].payload, kPayload);
}

TEST(Embedder, HandsTheWritersErrorOn) {
    KeepingWriter writer(2);
    writer.fail_after(3);
    Embedder embedder(stereo_at(44100), signs(), 1.0, nullptr, writer);
    const Result<void> embedded = embed(embedder, music(44100, 9.0), 8192);
    ASSERT_FALSE(embedded.has_value());
    EXPECT_EQ(embedded.error().message, "the disk is full");
}

} // namespace
} // namespace wm
