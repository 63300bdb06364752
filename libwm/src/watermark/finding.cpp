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
        // A wider search sees a mark wherever in it the mark stands.
        const bool is_wider = finding.start_s <= known.start_s && finding.end_s >= known.end_s;
        const double start_s = is_wider ? known.start_s : std::min(known.start_s, finding.start_s);
        const double end_s = is_wider ? known.end_s : std::max(known.end_s, finding.end_s);
        if (finding.log_p < known.log_p) {
            known = finding;
        }
        known.start_s = start_s;
        known.end_s = end_s;
        return;
    }
    findings.push_back(finding);
}

} // namespace wm
