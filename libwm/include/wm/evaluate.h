#pragma once

/// Trials of watermarking systems: mark, attack, crop, detect; and of fingerprints, without the mark. The plan fixes every trial and every seed in advance, so that an
/// evaluation gives the same results.csv whatever runs at once and wherever it is taken up again (docs/evaluate.md).

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "wm/attack.h"
#include "wm/result.h"

namespace wm {

struct EvaluationOptions {
    /// "wm" (libwm's mark, in this process), or the path of a TOML file that says how to run another one. At least one. Or
    /// "fingerprint" alone: libwm's index of the recordings, asked which one a clip is from.
    std::vector<std::string> systems;
    /// Paths of recordings. At least one.
    std::vector<std::string> recordings;
    /// For fingerprints: paths of recordings that the index does not hold, whose trials must find nothing.
    std::vector<std::string> held_out;
    /// What their names in the results leave out in front.
    std::string audio_folder;
    /// Names and chains. At least one; those that need a recording which `with` has not are left out, see left_out().
    std::vector<AttackPreset::Row> attacks;
    /// Lengths of what the detector gets, in s; 0 is all of the recording.
    std::vector<double> clips_s = {10};
    std::size_t num_crops = 1; ///< of each length, from each attacked recording, at places drawn from the seed
    /// Trials that must find nothing, for each recording, attack and length: so many looks for the mark in the unmarked recording,
    /// and so many with another key in the marked one.
    std::size_t num_nulls = 1;
    std::uint64_t seed = 0;
    bool measure_quality = true;
    /// Recordings that chains call @name, as files. @host and @other are there by themselves: the recording before it was
    /// marked, and the next one of the list.
    std::map<std::string, std::string> with;
    /// Where marked copies and keys are kept; made when missing.
    std::string work_folder;
    std::size_t max_kept_clips =
        1; ///< failed clips kept, for each recording and attack, under clips/ in the results' folder
    std::string results_folder;
};

/// What became of one group: the trials of one system, one recording and one attack.
struct TrialGroup {
    std::string rows;  ///< lines of results.csv
    std::string times; ///< lines of times.csv: CPU seconds
    std::size_t num_errors = 0;
    std::string first_error; ///< for people
};

/// An evaluation, planned. threads  run() any number at once; the rest reads only
class Evaluation {
public:
    /// Checks everything that can be checked before the first trial.
    /// errors   kUsage (an option out of range, a system or attack that is unknown), kFormat (a TOML file), kIo
    static Result<std::unique_ptr<Evaluation>> create(EvaluationOptions options);
    virtual ~Evaluation() = default;

    virtual std::size_t num_groups() const = 0;
    virtual std::size_t trials_per_group() const = 0;

    /// Everything that the results depend on, as text: two evaluations with the same description have the same results.
    virtual std::string description() const = 0;

    /// Attacks that were left out, and why, for people.
    virtual const std::vector<std::string>& left_out() const = 0;

    /// The first lines of results.csv and times.csv.
    virtual std::string results_header() const = 0;
    virtual std::string times_header() const = 0;

    /// Runs the trials of one group: the marked copy is made by the first group that needs it, the attack is applied once to
    /// the whole of it, and the clips are cut from what comes out. A step that fails makes its trials errors, and is no error here.
    /// errors   kCancelled; kIo: no room for temporary files
    virtual Result<TrialGroup> run(std::size_t group_index, const std::function<bool()>& goes_on) = 0;
};

} // namespace wm
