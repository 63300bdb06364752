#pragma once

/// How much a marked recording differs from its original: plain measures, loudness, and the grade that listeners would give by
/// PEAQ, basic version (ITU-R BS.1387-1).
///
/// The grade was compared with an independent implementation (docs/quality.md); neither is certified by the standard's own
/// procedure. It tells how a difference sounds to a careful listener who hears both, from 0 (imperceptible) to about -4 (very
/// annoying), and is no substitute for listening.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wm/audio.h"
#include "wm/result.h"
#include "wm/watermark.h"

namespace wm {

/// The model output variables of PEAQ, basic version: what its neural network grades. Units are those of the standard.
struct PeaqVariables {
    double bandwidth_ref = 0; ///< bins of 23.4 Hz
    double bandwidth_test = 0;
    double total_nmr_db = 0;   ///< noise-to-mask ratio over the whole; below 0 is masked on average
    double win_mod_diff_1 = 0; ///< differences of modulation
    double adb = 0;            ///< average distorted block: how far above the threshold, when above
    double ehs = 0;            ///< harmonic structure of the error
    double avg_mod_diff_1 = 0;
    double avg_mod_diff_2 = 0;
    double rms_noise_loud = 0;  ///< loudness of the distortion, sone
    double mfpd = 0;            ///< largest probability of detecting the difference, filtered over time
    double rel_dist_frames = 0; ///< share of frames with a band 1.5 dB or more above its mask
};

struct PeaqGrade {
    double odg = 0;              ///< objective difference grade, 0.22 (best) to -3.98
    double distortion_index = 0; ///< the grade before it is squashed into its range: tells more where grades crowd at 0
    PeaqVariables variables;
};

struct QualityOptions {
    /// Find by how much the marked recording is late or early, up to a quarter of a second, and take that out first.
    bool align = true;
    /// Measure loudness and true peak: most of the time taken.
    bool loudness = true;
};

struct LoudnessChange {
    double reference_lufs = 0; ///< integrated, ITU-R BS.1770-4; minus infinity when all is below its gate
    double marked_lufs = 0;
    double reference_peak_dbtp = 0; ///< true peak; minus infinity for digital silence
    double marked_peak_dbtp = 0;
};

struct QualityReport {
    double duration_s = 0; ///< of the part that both recordings have
    int sample_rate_hz = 0;
    int num_channels = 0;
    std::int64_t delay_samples = 0; ///< taken out: how late the marked recording was; negative: early
    bool is_identical = false;      ///< every sample compared is the same
    double snr_db = 0;              ///< energy of the reference over that of the difference; infinite when identical
    double si_snr_db = 0; ///< the same after the best gain and with means removed; infinite when only these differ
    double segmental_snr_db =
        0; ///< mean over 20 ms, each within -10 to 35 dB; not counted where the reference is silent
    double log_spectral_distance_db = 0;    ///< root mean square over bins, mean over frames
    std::optional<LoudnessChange> loudness; ///< absent when not asked for
    std::optional<PeaqGrade> peaq;
    std::string no_peaq_reason; ///< for people, when there is no grade: silent, too short, more than two channels
    std::vector<std::string> warnings; ///< for people: lengths that differ, a delay taken out
};

/// Compares `marked` with `reference`.
///
/// They must have one sample rate and one number of channels, and after alignment the shorter must cover nine tenths of the
/// longer; what only one of them has is left out with a warning. PEAQ is defined at 48 kHz for one or two channels: other rates
/// are converted, and more channels get no grade.
/// errors   kUsage (rates, channels or lengths do not go together), kCancelled
/// cost     docs/benchmarks.md; memory for a second or so of audio beside the recordings
/// threads  reentrant
/// source   docs/quality.md has every formula, its source and what deviates
Result<QualityReport> measure_quality(const Audio& reference, const Audio& marked, const QualityOptions& options = {},
                                      const Progress& progress = {});

} // namespace wm
