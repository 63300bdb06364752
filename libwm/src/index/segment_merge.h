#pragma once

#include <functional>
#include <vector>

#include "index/posting_store.h"

namespace wm {

inline constexpr std::size_t kMostLiveSegments = 8;

/// Which segments to merge next: none when there are at most kMostLiveSegments, else the smallest two and every next one that is
/// smaller than twice what was gathered so far, so that a posting is rewritten a number of times that grows with the logarithm of
/// the index. With `all`, every one. In any case only as many as one segment can hold.
std::vector<Segment> plan_merge(std::vector<Segment> live, bool all);

/// Writes one segment that holds what `sources` hold of the tracks that `is_kept` names, a slice of keys after the other.
///
/// step     runs one slice: the caller puts a transaction around it
/// returns  the segment, not published
/// errors   kFormat when a row of a source is damaged; the sources stay live
Result<Segment>
merge_segments(PostingStore& store, const std::vector<Segment>& sources,
               const std::function<bool(std::int64_t track)>& is_kept,
               const std::function<Result<void>(double share_done, const std::function<Result<void>()>&)>& step);

} // namespace wm
