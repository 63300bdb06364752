#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace wm {

/// Divides `amount` by weights, in whole units that add up to it: each gets its share rounded down, and what is left goes, one unit
/// each, to those with the largest remainders; of equal ones, to the first.
///
/// amount   0 or more
/// weights  0 or more, one at least above it
/// source   A. Hamilton's method, as in M. Balinski, H. Young, Fair Representation, 1982, ch. 2
std::vector<std::int64_t> apportion(std::int64_t amount, std::span<const std::int64_t> weights);

} // namespace wm
