#include "index/posting_row.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace wm {
namespace {

std::vector<Posting> random_postings(std::uint32_t first_key) {
    std::vector<Posting> postings;
    const auto count = *rc::gen::inRange(1, 200);
    for (int k = 0; k < count; ++k) {
        postings.push_back({first_key + *rc::gen::inRange<std::uint32_t>(0, 64),
                            *rc::gen::inRange<std::uint32_t>(0, 1U << 30),
                            static_cast<std::uint8_t>(*rc::gen::inRange(0, 252)),
                            static_cast<std::uint8_t>(*rc::gen::inRange(0, 121))});
    }
    std::sort(postings.begin(), postings.end());
    return postings;
}

std::vector<Posting> read(std::span<const std::uint8_t> bytes, std::uint32_t first_key) {
    PostingRowReader reader(bytes, first_key);
    PostingBlock block;
    std::vector<Posting> postings;
    std::vector<std::uint32_t> positions;
    while (reader.next(block)) {
        decode_positions(block, positions);
        for (std::size_t k = 0; k < block.count; ++k) {
            postings.push_back({block.key, positions[k], block.bands[k], block.spans[k]});
        }
    }
    std::sort(postings.begin(), postings.end());
    return postings;
}

RC_GTEST_PROP(PostingRow, GivesBackWhatWasWritten, ()) {
    const std::vector<Posting> postings = random_postings(640);
    std::vector<std::uint8_t> bytes;
    append_posting_row(postings, 640, bytes);
    RC_ASSERT(PostingRowReader::is_intact(bytes));
    RC_ASSERT(read(bytes, 640) == postings);
}

TEST(PostingRow, KeepsALongListInBlocksByBand) {
    std::vector<Posting> postings;
    for (std::uint32_t k = 0; k < 200; ++k) {
        postings.push_back({3, 10 * k, static_cast<std::uint8_t>(k * 37 % 200), 20});
    }
    std::vector<std::uint8_t> bytes;
    append_posting_row(postings, 0, bytes);
    EXPECT_EQ(read(bytes, 0), postings);
    PostingRowReader reader(bytes, 0);
    PostingBlock block;
    std::uint8_t reached = 0;
    for (int k = 0; k < 3; ++k) {
        ASSERT_TRUE(reader.next(block));
        EXPECT_EQ(block.count, 64U);
        EXPECT_EQ(block.first_band, reached);
        EXPECT_EQ(block.last_band, reached + 63);
        reached = static_cast<std::uint8_t>(block.last_band + 1);
    }
    ASSERT_TRUE(reader.next(block));
    EXPECT_EQ(block.count, 8U);
    EXPECT_FALSE(reader.next(block));
}

RC_GTEST_PROP(PostingRow, AnyChangedByteIsNoticed, ()) {
    std::vector<std::uint8_t> bytes;
    append_posting_row(random_postings(0), 0, bytes);
    const auto place = *rc::gen::inRange<std::size_t>(0, bytes.size());
    bytes[place] = static_cast<std::uint8_t>(bytes[place] ^ *rc::gen::inRange(1, 256));
    RC_ASSERT(!PostingRowReader::is_intact(bytes));
}

/// Whoever writes a checksum of his own must not make the reader leave its bytes.
RC_GTEST_PROP(PostingRow, NonsenseEndsTheReadingWithinItsBytes, ()) {
    auto bytes = *rc::gen::container<std::vector<std::uint8_t>>(rc::gen::arbitrary<std::uint8_t>());
    bytes.resize(bytes.size() + 8);
    RC_ASSERT(read(bytes, 0).size() <= bytes.size());
}

} // namespace
} // namespace wm
