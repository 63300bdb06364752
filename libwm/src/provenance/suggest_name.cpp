#include "provenance/suggest_name.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/nearest_word.h"

namespace wm {

std::string suggest_name(std::string_view wrong, const std::vector<std::string>& known) {
    constexpr std::size_t kLongest = 100; // of what is worth comparing
    if (!wrong.empty() && wrong.size() <= kLongest) {
        // Half the letters, but two in a short word, as of letters that were swapped.
        const std::size_t most_changes = std::min(wrong.size() - 1, std::max<std::size_t>(2, wrong.size() / 2));
        if (const std::string nearest = nearest_word(wrong, known, most_changes); !nearest.empty()) {
            return fmt::format("did you mean \"{}\"?", nearest);
        }
    }
    return fmt::format("known are {}", fmt::join(known, ", "));
}

} // namespace wm
