#include "base/nearest_word.h"

#include <algorithm>
#include <numeric>

namespace wm {
namespace {

std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1); // of the table over prefixes, one for each letter of `a`
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

} // namespace

std::string nearest_word(std::string_view word, const std::vector<std::string>& candidates, std::size_t most_changes) {
    const auto nearest =
        std::min_element(candidates.begin(), candidates.end(), [&](const std::string& a, const std::string& b) {
            return distance(word, a) < distance(word, b);
        });
    return nearest == candidates.end() || distance(word, *nearest) > most_changes ? "" : *nearest;
}

} // namespace wm
