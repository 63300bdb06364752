#include "index/segment_merge.h"

#include <algorithm>

#include <fmt/format.h>

#include "index/segment_writer.h"

namespace wm {
namespace {

/// A source's tracks with their places in the segment that comes out.
struct Source {
    const Segment* segment = nullptr;
    std::vector<std::uint32_t> new_positions; ///< of each track; kDropped for the ones that go
};

constexpr std::uint32_t kDropped = UINT32_MAX;

/// Lays out the kept tracks one after the other.
std::vector<Source> lay_out(const std::vector<Segment>& segments, const std::function<bool(std::int64_t)>& is_kept,
                            Segment& merged) {
    std::vector<Source> sources;
    std::uint32_t next_position = 0;
    for (const Segment& segment : segments) {
        Source source{&segment, {}};
        for (const SegmentTrack& track : segment.tracks) {
            if (!is_kept(track.track)) {
                source.new_positions.push_back(kDropped);
                continue;
            }
            source.new_positions.push_back(next_position);
            merged.tracks.push_back({next_position, track.num_frames, track.track});
            next_position = position_after(merged.tracks.back());
        }
        merged.num_postings += segment.num_postings;
        sources.push_back(std::move(source));
    }
    return sources;
}

/// Appends a block's postings at their new places.
void append_moved(const PostingBlock& block, const Source& source, std::vector<Posting>& postings) {
    std::vector<std::uint32_t> positions;
    decode_positions(block, positions);
    const std::vector<SegmentTrack>& tracks = source.segment->tracks;
    std::size_t track = 0;
    for (std::size_t k = 0; k < positions.size(); ++k) {
        while (track + 1 < tracks.size() && tracks[track + 1].first_position <= positions[k]) {
            ++track;
        }
        if (track < tracks.size() && source.new_positions[track] != kDropped) {
            const std::uint32_t position = source.new_positions[track] + positions[k] - tracks[track].first_position;
            postings.push_back({block.key, position, block.bands[k], block.spans[k]});
        }
    }
}

/// Collects what `sources` hold of the keys [first_key, end_key).
Result<std::vector<Posting>> collect(PostingStore& store, const std::vector<Source>& sources, std::uint32_t first_key,
                                     std::uint32_t end_key) {
    std::vector<Posting> postings;
    for (const Source& source : sources) {
        const unsigned bits = source.segment->key_bits;
        const Result<Coverage> coverage = store.scan(source.segment->id, first_key >> bits, ((end_key - 1) >> bits) + 1,
                                                     [&](std::uint32_t row, std::span<const std::uint8_t> bytes) {
                                                         PostingRowReader reader(bytes, row << bits);
                                                         PostingBlock block;
                                                         while (reader.next(block)) {
                                                             append_moved(block, source, postings);
                                                         }
                                                     });
        if (!coverage) {
            return tl::unexpected(coverage.error());
        }
        if (coverage->answered < coverage->asked) {
            return fail(ErrorCode::kFormat,
                        fmt::format("segment {} has damaged rows and is not merged: see `wm index verify`",
                                    source.segment->id));
        }
    }
    return postings;
}

} // namespace

std::vector<Segment> plan_merge(std::vector<Segment> live, bool all) {
    if (!all && live.size() <= kMostLiveSegments) {
        return {};
    }
    std::sort(live.begin(), live.end(),
              [](const Segment& a, const Segment& b) { return a.num_postings < b.num_postings; });
    std::uint64_t gathered = 0;
    std::uint64_t num_positions = 0;
    std::size_t count = 0;
    for (; count < live.size(); ++count) {
        const Segment& next = live[count];
        num_positions += next.tracks.empty() ? 0 : position_after(next.tracks.back());
        const bool is_small = all || count < 2 || next.num_postings < 2 * gathered;
        if (!is_small || num_positions > kMostPositions) {
            break;
        }
        gathered += next.num_postings;
    }
    live.resize(all || count > 1 ? count : 0);
    return live;
}

Result<Segment>
merge_segments(PostingStore& store, const std::vector<Segment>& segments,
               const std::function<bool(std::int64_t track)>& is_kept,
               const std::function<Result<void>(double share_done, const std::function<Result<void>()>&)>& step) {
    Segment merged;
    const std::vector<Source> sources = lay_out(segments, is_kept, merged);
    const std::size_t longest_list = longest_list_for(merged.num_postings);
    merged.key_bits = key_bits_for(merged.num_postings);
    unsigned slice_bits = std::max(merged.key_bits, 12U);
    for (const Segment& segment : segments) {
        slice_bits = std::max(slice_bits, segment.key_bits);
    }
    merged.num_postings = 0;
    for (std::uint32_t first_key = 0; first_key < kNumKeys; first_key += 1U << slice_bits) {
        const auto slice = [&]() -> Result<void> {
            if (first_key == 0) {
                Result<std::int64_t> id = store.begin_segment();
                if (!id) {
                    return tl::unexpected(id.error());
                }
                merged.id = *id;
            }
            Result<std::vector<Posting>> postings = collect(store, sources, first_key, first_key + (1U << slice_bits));
            if (!postings) {
                return tl::unexpected(postings.error());
            }
            return write_rows(store, merged, longest_list, *postings).map([&](std::uint64_t count) {
                merged.num_postings += count;
            });
        };
        if (Result<void> done = step(static_cast<double>(first_key) / kNumKeys, slice); !done) {
            return tl::unexpected(done.error());
        }
    }
    return merged;
}

} // namespace wm
