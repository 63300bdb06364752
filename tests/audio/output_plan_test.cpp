/// Files of more than 4 GiB, as far as their headers go: no test writes them out.

#include <cstring>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audio/output_plan.h"
#include "recordings.h"

namespace wm::test {
namespace {

constexpr std::uint64_t kGib = std::uint64_t{1} << 30;
const std::string kUnknownSize(4, '\xFF');

/// A few bytes, then zeros up to any size.
class LongSource final : public ByteSource {
public:
    LongSource(std::string begin, std::uint64_t size) : begin_(std::move(begin)), size_(size) {}

    std::uint64_t size() const override { return size_; }
    const std::string& name() const override { return name_; }

    Result<std::size_t> read_at(std::uint64_t offset, void* out, std::size_t size) const override {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(size, size_ - std::min(offset, size_)));
        std::memset(out, 0, count);
        if (offset < begin_.size()) {
            std::memcpy(out, begin_.data() + offset, std::min<std::size_t>(count, begin_.size() - offset));
        }
        return count;
    }

private:
    std::string begin_;
    std::uint64_t size_;
    std::string name_ = "long";
};

std::string pipe_header() {
    return "RIFF" + kUnknownSize + "WAVE" + riff_chunk("fmt ", fmt_payload(2, 96000, 24)) + "data" + kUnknownSize;
}

AudioSpec spec_of(const ContainerLayout& layout) {
    AudioSpec spec;
    spec.sample_rate_hz = layout.format.sample_rate_hz;
    spec.num_channels = layout.format.num_channels;
    spec.num_samples = static_cast<std::int64_t>(layout.data_size / layout.format.bytes_per_moment());
    spec.container = layout.container;
    spec.encoding = layout.format.encoding;
    return spec;
}

/// The output's first bytes once `data_size` bytes of samples are behind them.
std::string header_of(const OutputPlan& plan, std::uint64_t data_size) {
    std::string header;
    for (const OutputPart& segment : plan.before) {
        header += segment.literal;
    }
    const auto end = plan.end(data_size);
    EXPECT_TRUE(end);
    for (const Patch& patch : end->patches) {
        header.replace(patch.offset, patch.bytes.size(), patch.bytes);
    }
    return header;
}

TEST(LongFiles, APipedWavOfMoreThan4GibIsReadToItsEnd) {
    const std::string header = pipe_header();
    const LongSource source(header, header.size() + 6 * kGib + 5);
    const auto layout = scan_riff(source);
    ASSERT_TRUE(layout);
    EXPECT_EQ(layout->data_size, 6 * kGib);
    EXPECT_TRUE(layout->sizes_are_open);
}

TEST(LongFiles, TheSameAsRf64StatesItsSizes) {
    const std::string header = pipe_header();
    const LongSource source(header, header.size() + 6 * kGib);
    const auto layout = scan_riff(source);
    ASSERT_TRUE(layout);
    const OutputPlan plan = plan_new_riff({source, *layout, spec_of(*layout), Container::kWav, ""});
    const std::string written = header_of(plan, 6 * kGib);
    EXPECT_EQ(written.substr(0, 8), "RF64" + kUnknownSize);
    const LongSource output(written, written.size() + 6 * kGib);
    const auto reread = scan_riff(output);
    ASSERT_TRUE(reread);
    EXPECT_EQ(reread->container, Container::kRf64);
    EXPECT_FALSE(reread->sizes_are_open);
    EXPECT_EQ(reread->data_size, 6 * kGib);
    EXPECT_EQ(reread->data_offset, written.size());
}

TEST(LongFiles, AnUnknownLengthKeepsRoomForLongSizesAndUsesItOnlyWhenNeeded) {
    const LongSource source("", 0);
    AudioSpec spec;
    spec.sample_rate_hz = 48000;
    spec.num_channels = 2;
    const OutputPlan plan = plan_new_riff({source, {}, spec, Container::kWav, ""});
    EXPECT_EQ(header_of(plan, 600).substr(0, 4), "RIFF");
    EXPECT_EQ(header_of(plan, 600).substr(12, 4), "JUNK");
    EXPECT_EQ(header_of(plan, 6 * kGib).substr(0, 4), "RF64");
    EXPECT_EQ(header_of(plan, 6 * kGib).substr(12, 4), "ds64");
    spec.num_samples = 100;
    EXPECT_EQ(header_of(plan_new_riff({source, {}, spec, Container::kWav, ""}), 600).substr(12, 4), "fmt ");
}

TEST(LongFiles, AiffSaysWhereItEnds) {
    const LongSource source("", 0);
    AudioSpec spec;
    spec.sample_rate_hz = 48000;
    spec.num_channels = 2;
    const OutputPlan plan = plan_new_aiff({source, {}, spec, Container::kAiff, ""});
    EXPECT_TRUE(plan.end(3 * kGib));
    const auto end = plan.end(4 * kGib);
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().code, ErrorCode::kUnsupported);
    EXPECT_THAT(end.error().message, testing::HasSubstr("4 GiB"));
}

TEST(LongFiles, MoreChunksThanAnyRealFileHasEndTheScanNotTheMemory) {
    std::string chunks = riff_chunk("fmt ", fmt_payload(2, 44100, 16)) + riff_chunk("data", "12345678");
    for (int i = 0; i < 10000; ++i) {
        chunks += riff_chunk("many", "");
    }
    const std::string bytes = riff_file(chunks);
    const auto layout = scan_riff(MemorySource({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}));
    ASSERT_TRUE(layout);
    EXPECT_EQ(layout->chunks.size(), kMaxChunks);
    EXPECT_EQ(layout->data_size, 8U);
}

} // namespace
} // namespace wm::test
