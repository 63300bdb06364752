#include "index/significance.h"

#include <algorithm>
#include <cmath>

namespace wm {
namespace {

/// The chance is e^-((score - kPlace) * kSlope) in an index of kFittedIndex_s, and grows in proportion to the index.
constexpr double kPlace = 5.5;
constexpr double kSlope = 1.5;
constexpr double kFittedIndex_s = 39'000;
constexpr double kLn10 = 2.302585092994046;

} // namespace

double log10_p_of_score(double score, double /*window_s*/, double index_s) {
    const double log10_size = std::log10(std::max(index_s, 60.0) / kFittedIndex_s);
    return std::min(0.0, -(score - kPlace) * kSlope / kLn10 + log10_size);
}

double score_at_log10_p(double log10_p, double /*window_s*/, double index_s) {
    const double log10_size = std::log10(std::max(index_s, 60.0) / kFittedIndex_s);
    return kPlace + (log10_size - log10_p) * kLn10 / kSlope;
}

} // namespace wm
