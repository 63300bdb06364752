#pragma once

/// One row of results.csv: one system, one recording, one attack, one clip, and what the detector said.
///
/// Everything here depends only on the recordings, the systems and the plan's seed, so that an evaluation that was killed and
/// resumed ends with the same bytes as one that was not. What a step cost in time differs from run to run and therefore
/// stands apart, in times.csv (TrialTimes).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wm/result.h"

namespace wm {

/// What was put in front of the detector.
enum class TrialKind {
    kMarked,   ///< carries the mark looked for (fingerprints: a recording that the index holds)
    kNullKey,  ///< carries a mark of another key: must not be detected
    kUnmarked, ///< carries none (fingerprints: a recording that the index does not hold): must not be detected
};

enum class TrialOutcome {
    kDetected,     ///< the mark, with every bit of its message; of a null trial: a false alarm
    kWrong,        ///< a mark was reported, but with another message (fingerprints: another recording)
    kMissed,       ///< looked, and found nothing; of a null trial: right
    kInconclusive, ///< the detector says that it could not look (too short, silent)
    kError,        ///< a step failed: see `message`. Counts neither for nor against the system, and is reported
};

/// How the marked recording differs from the original before any attack. Absent: not measured, or not measurable.
struct TrialQuality {
    std::optional<double> odg;              ///< objective difference grade, about -4 (very annoying) to 0
    std::optional<double> distortion_index; ///< what the grade is the squashed form of: tells more near 0
    std::optional<double> snr_db;
    std::optional<double> nmr_db; ///< total noise-to-mask ratio
};

struct Trial {
    std::string system;      ///< its name: "wm", or the name in the system's TOML file
    std::string recording;   ///< its path relative to the audio folder
    std::string attack;      ///< the chain as `wm attack` takes it, "pitch=+2st mp3=64k"; "none" when there is none
    std::string applied;     ///< the same with the values that `seed` drew from its ranges
    std::string attack_name; ///< groups the strengths of one attack in tables and curves: "pitch", "pitch+mp3"
    std::optional<double> strength; ///< the number that varies within `attack_name`; absent when it has none
    std::string strength_unit;      ///< "dB", "kbit/s", "st", "%", ... or empty
    double clip_s = 0; ///< length of what the detector was given, cut after the attack; 0: all
    double crop_offset_s = 0; ///< where in the attacked recording it was cut
    std::uint64_t seed = 0;   ///< of this trial's attack and crop: replays it with `wm attack --seed`
    TrialKind kind = TrialKind::kMarked;

    TrialOutcome outcome = TrialOutcome::kError;
    std::optional<double> score;         ///< the detector's statistic, larger the surer; comparable within one system
    std::optional<double> log10_p_value; ///< proved bound on the chance of such a finding without a mark, if it has one
    std::optional<double> false_positive_bound; ///< the bound per file that the outcome was decided at, if it has one
    std::optional<int> bit_errors; ///< of the message as read; absent when the detector reads nothing unless it is sure
    int num_bits = 0;              ///< length of the message; 0: the system carries none
    TrialQuality quality;
    std::string clip; ///< what the detector was given, kept for listening: relative to the results folder, or empty
    std::string message; ///< of an error: what failed, with the end of the command's stderr; of the inconclusive: why
};

/// CPU seconds of the steps of one trial; rows of times.csv, in the order of results.csv. Marking is shared by the trials of
/// one copy and stands in the first of them.
struct TrialTimes {
    double embed_s = 0;
    double attack_s = 0;
    double detect_s = 0;
};

const char* name_of(TrialKind kind);
const char* name_of(TrialOutcome outcome);

/// The first line of results.csv, ended. Columns are the members above, in their order, `quality`'s in its place.
std::string trial_csv_header();

/// One row, ended (RFC 4180). Numbers have the fewest digits that read back the same; absent ones are empty.
std::string trial_csv_row(const Trial& trial);

/// All trials of a results.csv; columns may stand in any order.
/// errors   kFormat, naming the line: a column missing or unknown, a value that is no number or outside its range
Result<std::vector<Trial>> parse_trials(std::string_view csv);

} // namespace wm
