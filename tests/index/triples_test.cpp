#include "index/triples.h"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "random_peaks.h"

namespace wm {
namespace {

TEST(Triples, StayInTheirBoundsAndLeaveOutOneNoteRepeated) {
    const Fingerprint recording = test::random_recording(1);
    const std::vector<Triple> triples = find_triples(recording.peaks, kStoredTriples);
    ASSERT_GT(triples.size(), 300U);
    for (const Triple& triple : triples) {
        EXPECT_LT(key_of(triple), kNumKeys);
        EXPECT_LE(triple.span, kMaxSpan);
        EXPECT_GE(triple.to_middle, kMinStep);
        EXPECT_GE(triple.span - triple.to_middle, 6);
        EXPECT_LT(std::abs(triple.to_second), kMaxInterval);
        EXPECT_LT(std::abs(triple.to_third), kMaxInterval);
        EXPECT_TRUE(std::abs(triple.to_second) > 10 || std::abs(triple.to_third) > 10);
    }
}

TEST(Triples, TakeNoMoreFromAPeakThanWasAsked) {
    const Fingerprint recording = test::random_recording(2);
    std::map<std::pair<std::uint32_t, std::uint16_t>, int> counts;
    for (const Triple& triple : find_triples(recording.peaks, kStoredTriples)) {
        EXPECT_LE((++counts[{triple.time, triple.band}]), 2);
    }
}

TEST(Triples, KeysDoNotChangeWithPitchOrPlace) {
    Fingerprint recording = test::random_recording(3);
    std::erase_if(recording.peaks, [](const SpectralPeak& peak) { return peak.band < 252 || peak.band > 1000; });
    Fingerprint changed = recording;
    for (SpectralPeak& peak : changed.peaks) {
        peak.band = static_cast<std::uint16_t>(peak.band + 63);
        peak.time += 640;
    }
    const std::vector<Triple> before = find_triples(recording.peaks, kStoredTriples);
    const std::vector<Triple> after = find_triples(changed.peaks, kStoredTriples);
    ASSERT_EQ(before.size(), after.size());
    for (std::size_t k = 0; k < before.size(); ++k) {
        EXPECT_EQ(key_of(before[k]), key_of(after[k]));
        EXPECT_EQ(before[k].band + 63, after[k].band);
    }
}

RC_GTEST_PROP(Triples, TheKeysNearATripleHoldThoseOfEverySmallChange, ()) {
    const auto interval = [] { return static_cast<std::int16_t>(*rc::gen::inRange(-300, 301)); };
    const auto span = static_cast<std::uint8_t>(*rc::gen::inRange(20, 121));
    const auto to_middle = static_cast<std::uint8_t>(*rc::gen::inRange(span / 5, span * 4 / 5));
    const Triple triple{100, 500, interval(), interval(), to_middle, span};
    std::vector<std::uint32_t> keys;
    append_keys_near(triple, {3, 5}, keys);
    Triple changed = triple;
    changed.to_second = static_cast<std::int16_t>(changed.to_second + *rc::gen::inRange(-3, 4));
    changed.to_third = static_cast<std::int16_t>(changed.to_third + *rc::gen::inRange(-3, 4));
    changed.to_middle = static_cast<std::uint8_t>(changed.to_middle + *rc::gen::inRange(-1, 2));
    RC_ASSERT(std::find(keys.begin(), keys.end(), key_of(changed)) != keys.end());
    RC_ASSERT(std::set(keys.begin(), keys.end()).size() == keys.size());
}

} // namespace
} // namespace wm
