#pragma once

namespace wm {

/// ReadingEvidence for one codeword at one geometry: the pilot's statistic and the payload's, each a sum of keyed signs times
/// folded features over the norm of these features.
struct ReadingEvidence {
    double pilot = 0;
    double payload = 0;

    /// (pilot^2 + payload^2) / 2, negative statistics counting as 0.
    double energy() const;
    /// The statistic T as reported: sqrt(pilot^2 + payload^2).
    double statistic() const;
};

/// Natural logarithm of the proved bound on the chance that audio made without the key shows such evidence for any of the
/// 2^64 payloads at any of exp(log_hypotheses) geometries:
///
///     ln p <= log_hypotheses + 64 ln 2 + ln(1 + s) - s,   s = energy
///
/// at most 0. Proof in docs/watermark.md, "The bound".
double log_false_positive_bound(const ReadingEvidence& evidence, double log_hypotheses);

/// The least statistic T at which that bound reaches exp(log_bound).
double threshold_statistic(double log_bound, double log_hypotheses);

} // namespace wm
