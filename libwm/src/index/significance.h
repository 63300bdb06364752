#pragma once

namespace wm {

/// log10 of the chance that a window of audio that is nowhere in an index of `index_s` seconds has a best candidate of `score` or
/// more: an exponential tail, its place and slope fitted to strangers' queries (docs/fingerprint.md, "Calibration").
double log10_p_of_score(double score, double index_s);

/// The score at which log10_p_of_score() is `log10_p`.
double score_at_log10_p(double log10_p, double index_s);

} // namespace wm
