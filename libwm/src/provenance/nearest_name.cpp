#include "provenance/nearest_name.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace wm {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Levenshtein's distance, blind to case.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t substituted = diagonal + (lower(a[i]) == lower(b[j]) ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({substituted, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

} // namespace

std::string nearest_name(std::string_view wrong, const std::vector<std::string>& known) {
    constexpr std::size_t kMaxLength = 100; // of what is worth comparing
    std::string nearest;
    std::size_t least = std::min(wrong.size(), std::max<std::size_t>(3, wrong.size() / 2 + 1));
    for (const std::string& name : known) {
        const std::size_t letters = wrong.size() > kMaxLength ? least : distance(wrong, name);
        if (letters < least) {
            least = letters;
            nearest = name;
        }
    }
    return nearest;
}

std::string suggest_name(std::string_view wrong, const std::vector<std::string>& known) {
    if (const std::string nearest = nearest_name(wrong, known); !nearest.empty()) {
        return fmt::format("did you mean \"{}\"?", nearest);
    }
    return fmt::format("known are {}", fmt::join(known, ", "));
}

} // namespace wm
