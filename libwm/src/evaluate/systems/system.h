#pragma once

/// A system under evaluation: one that marks recordings, or one that knows them by their fingerprints.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "evaluate/trial.h"
#include "wm/result.h"

namespace wm {

/// Which of an evaluation's two keys: the one that marks, and one that never did.
enum class WhichKey { kOwn, kStrangers };

/// What a detector said about one clip.
struct SystemFinding {
    TrialOutcome outcome = TrialOutcome::kMissed; ///< kDetected means: this very message
    std::optional<double> score;
    std::optional<double> log10_p_value;
    std::optional<double> false_positive_bound;
    std::optional<int> bit_errors;
    std::string message;    ///< why it is inconclusive; which recording was taken for this one
    double child_cpu_s = 0; ///< of the programs that it ran
};

/// threads  any number for all members
class WatermarkSystem {
public:
    virtual ~WatermarkSystem() = default;
    virtual const std::string& name() const = 0;
    virtual int num_bits() const = 0;

    /// Whether it marks recordings. One that does not looks for the recording itself: its message is the recording's name.
    virtual bool marks() const { return true; }

    /// Everything that its results depend on, as far as it is known here.
    virtual std::string description() const = 0;

    /// Marks a WAV file with a message of num_bits() bits, as hexadecimal digits.
    /// returns  CPU seconds of the programs that it ran
    virtual Result<double> embed(const std::string& input, const std::string& output, const std::string& message,
                                 const std::function<bool()>& goes_on) = 0;

    /// Looks for `message` in a WAV file. "Not there" is a finding; that the look failed is an error.
    virtual Result<SystemFinding> detect(const std::string& clip, WhichKey key, const std::string& message,
                                         const std::function<bool()>& goes_on) = 0;
};

/// libwm in this process, with keys made from `seed`.
std::unique_ptr<WatermarkSystem> make_wm_system(std::uint64_t seed);

struct NamedRecording {
    std::string name;
    std::string path;
};

/// libwm's fingerprints in this process: an index of the recordings, made in `work_folder` when it is first asked.
std::unique_ptr<WatermarkSystem> make_fingerprint_system(std::vector<NamedRecording> recordings,
                                                         const std::string& work_folder);

/// A system of other people's programs, as a TOML file describes it (docs/evaluate.md). `work_folder` keeps the keys that its
/// keygen command makes.
/// errors   kIo; kFormat, naming the line or the entry; kCancelled
Result<std::unique_ptr<WatermarkSystem>> load_command_system(const std::string& path, std::uint64_t seed,
                                                             const std::string& work_folder);

} // namespace wm
