#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wm {

/// The candidate that takes the fewest changes of one letter (Levenshtein distance); the first of several. Empty when there is
/// none, or all take more than `most_changes`.
std::string nearest_word(std::string_view word, const std::vector<std::string>& candidates,
                         std::size_t most_changes = static_cast<std::size_t>(-1));

} // namespace wm
