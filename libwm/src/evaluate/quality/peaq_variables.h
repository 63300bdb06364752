#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "evaluate/quality/peaq_ear.h"
#include "evaluate/quality/peaq_harmonics.h"
#include "evaluate/quality/peaq_patterns.h"
#include "wm/quality.h"

namespace wm {

/// A pair of signals as one ear hears them.
/// threads  one at a time
struct PeaqChannel {
    /// samples of one frame [kPeaqFrame]
    void hear(const float* reference_samples, const float* test_samples);

    PeaqEar reference;
    PeaqEar test;
    PatternAdapter patterns;
    ModulationMeter reference_modulation;
    ModulationMeter test_modulation;
};

/// Which averages a frame counts for: those of modulation and of noise loudness begin late (section 5.2).
struct PeaqFrameUse {
    bool modulation = false;
    bool noise_loudness = false;
};

/// Sums that become the model output variables (section 4). A copy is a snapshot.
/// threads  one at a time
class PeaqTotals {
public:
    explicit PeaqTotals(std::size_t num_channels) : channels_(num_channels) {}

    void add(const std::vector<PeaqChannel>& channels, HarmonicStructure& harmonics, const PeaqFrameUse& use);

    std::size_t num_modulation_frames() const { return channels_.front().modulation_frames; }

    /// Means over the channels. Variables that no frame counted for are 0.
    PeaqVariables variables() const;

private:
    struct ChannelTotals {
        double modulation_1 = 0;
        double modulation_2 = 0;
        double modulation_weight = 0;
        double windowed_modulation = 0;
        std::array<double, 3> last_roots = {}; ///< of the frames before
        std::size_t modulation_frames = 0;
        double noise_loudness_squares = 0;
        std::size_t noise_loudness_frames = 0;
        double bandwidth_reference = 0;
        double bandwidth_test = 0;
        std::size_t bandwidth_frames = 0;
        double noise_to_mask = 0;
        std::size_t disturbed_frames = 0;
        std::size_t frames = 0;
        double harmonics = 0;
        std::size_t harmonics_frames = 0;
    };

    static void add_modulation(const PeaqChannel& channel, ChannelTotals& totals);
    static void add_noise_loudness(const PeaqChannel& channel, ChannelTotals& totals);
    static void add_bandwidth(const PeaqChannel& channel, ChannelTotals& totals);
    static void add_noise_to_mask(const PeaqChannel& channel, ChannelTotals& totals);
    void add_detection(const std::vector<PeaqChannel>& channels);
    static void add_to(PeaqVariables& sums, const ChannelTotals& totals);

    std::vector<ChannelTotals> channels_;
    double steps_ = 0; ///< above threshold, of distorted frames
    std::size_t distorted_frames_ = 0;
    double smoothed_probability_ = 0;
    double largest_probability_ = 0;
};

} // namespace wm
