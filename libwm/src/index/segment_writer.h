#pragma once

#include <functional>
#include <vector>

#include "index/posting_row.h"
#include "index/posting_store.h"

namespace wm {

/// The number of key bits of a row at which rows of `num_postings` have a kilobyte or more, as far as that is possible.
unsigned key_bits_for(std::uint64_t num_postings);

/// The longest posting list that a segment of `num_postings` keeps: 256 and eight times the mean.
///
/// Lists are cut when they are written, so that no query can be made to read more. Those postings stay whose XXH3-64 of key and
/// position, seed 0, are the smallest: a sample over all tracks, drawn without looking at them.
std::size_t longest_list_for(std::uint64_t num_postings);

/// Sorts `postings`, cuts what is over the limit, and puts them into the store as rows. Each call brings whole rows.
/// returns  how many postings were kept
Result<std::uint64_t> write_rows(PostingStore& store, const Segment& segment, std::size_t longest_list,
                                 std::vector<Posting>& postings);

} // namespace wm
