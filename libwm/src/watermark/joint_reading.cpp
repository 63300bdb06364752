#include "watermark/joint_reading.h"

#include <algorithm>
#include <cmath>

#include "kernels/kernels.h"
#include "watermark/reading.h"

namespace wm {
namespace {

/// The best of all places of a window without a mark shows about 3.
constexpr float kLeastScore = 3.2F;

} // namespace

void JointReading::add(const Sighting& sighting) {
    if (sighting.score < kLeastScore) {
        return;
    }
    kernels().tiles.accumulate(sighting.folded.data(), kBlockTiles, folded_.data());
    start_s_ = num_added_ == 0 ? sighting.start_s : std::min(start_s_, sighting.start_s);
    end_s_ = std::max(end_s_, sighting.end_s);
    ++num_added_;
}

std::optional<Finding> JointReading::read(std::size_t key_index, const LatticeGeometry& lattice, double log_bound,
                                          std::size_t num_keys) const {
    const std::optional<Reading> reading = num_added_ > 1 ? read_payload(folded_, layout_) : std::nullopt;
    if (!reading) {
        return std::nullopt;
    }
    Finding finding;
    finding.key_index = key_index;
    finding.payload = reading->payload;
    finding.evidence = reading->evidence;
    finding.log_p = log_false_positive_bound(reading->evidence, log_hypotheses(num_windows_, num_keys));
    finding.geometry = lattice.geometry();
    finding.start_s = start_s_;
    finding.end_s = end_s_;
    return finding.log_p > log_bound ? std::nullopt : std::optional(finding);
}

/// Each window has the pattern at one of its places, or is left out.
double JointReading::log_hypotheses(std::size_t num_windows, std::size_t num_keys) {
    const double window = std::log1p(std::exp(DesyncSearch::log_num_offsets()));
    return LatticeGeometry::log_num_points() + static_cast<double>(num_windows) * window +
           std::log(DesyncSearch::kUnions * static_cast<double>(num_keys));
}

} // namespace wm
