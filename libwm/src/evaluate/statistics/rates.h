#pragma once

#include <cstddef>

namespace wm {

/// A share that was counted, and the Wilson interval that holds the true one with 95 % confidence.
/// source   E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22, 1927
struct Rate {
    std::size_t successes = 0;
    std::size_t trials = 0; ///< with none, the share is 0 and the interval 0 to 1
    double share = 0;
    double low = 0;
    double high = 1;
};

/// successes  at most `trials`
Rate count_rate(std::size_t successes, std::size_t trials);

/// McNemar's exact test: how probable it is that two equally good systems differ at least so much on the same trials.
///
/// only_a, only_b  trials where one succeeded and the other did not
/// returns         the two-sided p-value, 1 when no trial tells them apart
/// source          Q. McNemar, Psychometrika 12(2), 1947, with the binomial distribution itself
double mcnemar_p_value(std::size_t only_a, std::size_t only_b);

/// The standard normal distribution's quantile: where detection-error trade-off axes put a probability.
///
/// probability  above 0 and below 1; absolute error under 1e-9
double probit(double probability);

} // namespace wm
