#include "watermark/finding.h"

#include <algorithm>
#include <cmath>

namespace wm {

double Geometry::speed() const {
    return std::abs(tempo / pitch - 1.0) < 0.003 ? tempo : 1.0;
}

void merge_finding(std::vector<Finding>& findings, const Finding& finding) {
    for (Finding& known : findings) {
        if (known.key_index != finding.key_index || known.payload != finding.payload) {
            continue;
        }
        Finding merged = finding.log_p < known.log_p ? finding : known;
        merged.is_placed = finding.is_placed || known.is_placed;
        const Finding& only_one_placed = finding.is_placed ? finding : known;
        const bool are_alike = finding.is_placed == known.is_placed;
        merged.start_s = are_alike ? std::min(finding.start_s, known.start_s) : only_one_placed.start_s;
        merged.end_s = are_alike ? std::max(finding.end_s, known.end_s) : only_one_placed.end_s;
        known = merged;
        return;
    }
    findings.push_back(finding);
}

} // namespace wm
