#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "evaluate/quality/peaq_variables.h"

namespace wm {

/// The distortion index and the grade of the model output variables: the standard's neural network (section 6).
PeaqGrade grade(const PeaqVariables& variables);

/// Grades a test signal against its reference: PEAQ, basic version, of one or two channels at 48 kHz, aligned.
/// cost     docs/benchmarks.md
/// threads  one at a time
class PeaqMeter {
public:
    /// num_channels  1 or 2
    explicit PeaqMeter(std::size_t num_channels);

    /// reference, test [channel][num_samples], full scale +-1; channel 0 is the left one
    void push(const float* const* reference, const float* const* test, std::size_t num_samples);

    /// Ends the signals. None when the reference holds less than a second or so of sound: nothing would be left after the
    /// half second that the standard discards.
    std::optional<PeaqGrade> finish();

private:
    void push_frame(std::size_t first);
    bool is_reference_audible(std::size_t first) const;
    bool is_loud() const;

    std::vector<std::vector<float>> reference_; ///< what no frame has left behind yet
    std::vector<std::vector<float>> test_;
    std::vector<PeaqChannel> channels_;
    HarmonicStructure harmonics_;
    PeaqTotals totals_;  ///< from the first audible frame on
    PeaqTotals counted_; ///< the same up to the last audible frame
    bool has_begun_ = false;
    std::size_t frames_since_begin_ = 0;
    std::size_t frames_since_loud_ = 0; ///< this one included; 0: not yet
};

} // namespace wm
