#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace wm {

/// What deciding at one threshold comes to.
struct RocPoint {
    double threshold = 0; ///< decided "marked" at this score and above
    double false_positive_rate = 0;
    double true_positive_rate = 0;
};

/// How well scores tell marked from null trials, whatever the threshold.
struct Roc {
    std::vector<RocPoint> points; ///< from (0, 0), threshold infinity, to (1, 1); one for each different score
    double area = 0;              ///< chance that a marked trial scores above a null one, ties counting half
};

/// marked, null  scores of trials, larger the surer; minus infinity for those without one. Neither empty, no NaN
/// source        T. Fawcett, An introduction to ROC analysis, Pattern Recognition Letters 27(8), 2006
/// cost          a sort
Roc make_roc(std::vector<double> marked, std::vector<double> null);

/// The largest true positive rate whose false positive rate is at most `false_positive_rate`. None when the null trials are
/// fewer than 1 / false_positive_rate: with so few, the answer would be that of a smaller rate.
std::optional<double> true_positive_rate_at(const Roc& roc, double false_positive_rate, std::size_t num_null);

/// At most `most` of the points, the ends among them: enough to draw.
std::vector<RocPoint> thinned(const std::vector<RocPoint>& points, std::size_t most);

} // namespace wm
