#include "watermark/accept.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "watermark/polar.h"

namespace wm {

double ReadingEvidence::energy() const {
    const double p = std::max(pilot, 0.0);
    const double q = std::max(payload, 0.0);
    return (p * p + q * q) / 2.0;
}

double ReadingEvidence::statistic() const {
    return std::sqrt(2.0 * energy());
}

double log_false_positive_bound(const ReadingEvidence& evidence, double log_hypotheses) {
    const double s = evidence.energy();
    const double log_codewords = static_cast<double>(kPayloadBits) * std::numbers::ln2;
    return std::min(0.0, log_hypotheses + log_codewords + std::log1p(s) - s);
}

double threshold_statistic(double log_bound, double log_hypotheses) {
    const double target = log_hypotheses + static_cast<double>(kPayloadBits) * std::numbers::ln2 - log_bound;
    double s = target;
    for (int i = 0; i < 50; ++i) { // s = target + ln(1 + s) contracts: the slope of the right side is 1 / (1 + s)
        s = target + std::log1p(s);
    }
    return std::sqrt(2.0 * s);
}

} // namespace wm
