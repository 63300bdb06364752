#include "index/significance.h"

#include <algorithm>
#include <cmath>

namespace wm {
namespace {

/// The chance is e^-((score - kPlace) * kSlope) in an index of kFittedIndex_s. It grows with the index far less than in proportion,
/// since however large that is, no more candidates are looked at.
constexpr double kPlace = 4.75;
constexpr double kSlope = 2.5;
constexpr double kFittedIndex_s = 36'700;
constexpr double kSizeExponent = 0.25;
constexpr double kLn10 = 2.302585092994046;

} // namespace

double log10_p_of_score(double score, double index_s) {
    const double log10_size = kSizeExponent * std::log10(std::max(index_s, 60.0) / kFittedIndex_s);
    return std::min(0.0, -(score - kPlace) * kSlope / kLn10 + log10_size);
}

double score_at_log10_p(double log10_p, double index_s) {
    const double log10_size = kSizeExponent * std::log10(std::max(index_s, 60.0) / kFittedIndex_s);
    return kPlace + (log10_size - log10_p) * kLn10 / kSlope;
}

} // namespace wm
