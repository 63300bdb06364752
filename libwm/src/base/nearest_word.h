#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wm {

/// The candidate that takes the fewest changes of one letter (Levenshtein distance); the first of several. Empty when there is
/// none.
std::string nearest_word(std::string_view word, const std::vector<std::string>& candidates);

} // namespace wm
