#include "evaluate/quality/peaq_variables.h"

#include <algorithm>
#include <cmath>

namespace wm {
namespace {

/// Bins from 21.6 kHz up hold no music: the test's highest one there is its noise floor (section 4.4).
constexpr std::size_t kFloorBin = 921;
constexpr std::size_t kLeastBandwidthBins = 346;
constexpr double kBandwidthAboveFloor_reference = 10;    // 10 dB
constexpr double kBandwidthAboveFloor_test = 3.16227766; // 5 dB
constexpr double kDisturbedRatio = 1.41253754;           // 1.5 dB
/// How slowly the probability of detection is forgotten (section 4.7).
constexpr double kProbabilitySmoothing = 0.9;

double db_of(double power) {
    return 10 * std::log10(power);
}

double mean_of(double sum, std::size_t count) {
    return count > 0 ? sum / static_cast<double>(count) : 0;
}

/// Loudness of the part of the test's pattern that the reference does not explain (66 to 68), with the constants of
/// RmsNoiseLoud.
double noise_loudness_sone(const PeaqChannel& channel) {
    constexpr double kAlpha = 1.5;
    constexpr double kThresholdFactor = 0.15;
    constexpr double kLeastThreshold = 0.5;
    double sum = 0;
    for (std::size_t band = 0; band < kPeaqBands; ++band) {
        const double noise = PeaqBands::instance().internal_noise[band];
        const double threshold_reference =
            kThresholdFactor * channel.reference_modulation.modulation()[band] + kLeastThreshold;
        const double threshold_test = kThresholdFactor * channel.test_modulation.modulation()[band] + kLeastThreshold;
        const double reference = channel.patterns.reference()[band];
        const double test = channel.patterns.test()[band];
        const double beta = std::exp(-kAlpha * (test - reference) / reference);
        const double excess = std::max(threshold_test * test - threshold_reference * reference, 0.0);
        sum += std::pow(noise / threshold_test, 0.23) *
               (std::pow(1 + excess / (noise + threshold_reference * reference * beta), 0.23) - 1);
    }
    return std::max(sum * 24 / static_cast<double>(kPeaqBands), 0.0);
}

/// What one ear notices in one band (73 to 78).
struct Detection {
    double probability = 0;
    double steps = 0; ///< of difference, in just noticeable ones
};

Detection detect(double reference_db, double test_db) {
    const double level_db = 0.3 * std::max(reference_db, test_db) + 0.7 * test_db;
    if (level_db <= 0) {
        return {}; // so quiet that no step is noticed
    }
    const double step_db = 5.95072 * std::pow(6.39468 / level_db, 1.71332) + 9.01033e-11 * std::pow(level_db, 4) +
                           5.05622e-6 * std::pow(level_db, 3) - 0.00102438 * level_db * level_db +
                           0.0550197 * level_db - 0.198719;
    const double difference_db = reference_db - test_db;
    const double steepness = difference_db > 0 ? 4 : 6; // what is missing is noticed less readily than what was added
    return {1 - std::exp2(-std::pow(std::abs(difference_db) / step_db, steepness)),
            std::abs(std::trunc(difference_db)) / step_db};
}

} // namespace

void PeaqChannel::hear(const float* reference_samples, const float* test_samples) {
    reference.hear(reference_samples);
    test.hear(test_samples);
    patterns.adapt(reference.frame().excitation, test.frame().excitation);
    reference_modulation.push(reference.frame().unsmeared);
    test_modulation.push(test.frame().unsmeared);
}

void PeaqTotals::add(const std::vector<PeaqChannel>& channels, HarmonicStructure& harmonics, const PeaqFrameUse& use) {
    const bool is_energetic = std::any_of(channels.begin(), channels.end(), [](const PeaqChannel& channel) {
        return channel.reference.frame().is_energetic || channel.test.frame().is_energetic;
    });
    for (std::size_t c = 0; c < channels.size(); ++c) {
        ChannelTotals& totals = channels_[c];
        if (use.modulation) {
            add_modulation(channels[c], totals);
        }
        if (use.noise_loudness) {
            add_noise_loudness(channels[c], totals);
        }
        add_bandwidth(channels[c], totals);
        add_noise_to_mask(channels[c], totals);
        if (is_energetic) {
            totals.harmonics += harmonics.measure(channels[c].reference.frame(), channels[c].test.frame());
            ++totals.harmonics_frames;
        }
    }
    add_detection(channels);
}

/// (63 to 65), and the window of four frames of WinModDiff1.
void PeaqTotals::add_modulation(const PeaqChannel& channel, ChannelTotals& totals) {
    double difference_1 = 0;
    double difference_2 = 0;
    double weight = 0;
    for (std::size_t band = 0; band < kPeaqBands; ++band) {
        const double reference = channel.reference_modulation.modulation()[band];
        const double test = channel.test_modulation.modulation()[band];
        const double difference = std::abs(test - reference);
        difference_1 += difference / (1 + reference);
        difference_2 += (test >= reference ? 1 : 0.1) * difference / (0.01 + reference);
        const double loudness = channel.reference_modulation.mean_loudness()[band];
        weight += loudness / (loudness + 100 * std::pow(PeaqBands::instance().internal_noise[band], 0.3));
    }
    difference_1 *= 100 / static_cast<double>(kPeaqBands);
    difference_2 *= 100 / static_cast<double>(kPeaqBands);
    totals.modulation_1 += weight * difference_1;
    totals.modulation_2 += weight * difference_2;
    totals.modulation_weight += weight;

    const double root = std::sqrt(difference_1);
    if (totals.modulation_frames >= totals.last_roots.size()) {
        const double mean = (root + totals.last_roots[0] + totals.last_roots[1] + totals.last_roots[2]) / 4;
        totals.windowed_modulation += mean * mean * mean * mean;
    }
    totals.last_roots = {totals.last_roots[1], totals.last_roots[2], root};
    ++totals.modulation_frames;
}

void PeaqTotals::add_noise_loudness(const PeaqChannel& channel, ChannelTotals& totals) {
    const double loudness = noise_loudness_sone(channel);
    totals.noise_loudness_squares += loudness * loudness;
    ++totals.noise_loudness_frames;
}

void PeaqTotals::add_bandwidth(const PeaqChannel& channel, ChannelTotals& totals) {
    const auto& reference = channel.reference.frame().power;
    const auto& test = channel.test.frame().power;
    const double noise_floor = *std::max_element(test.begin() + kFloorBin, test.end() - 1);
    std::size_t bins_reference = kFloorBin;
    while (bins_reference > 0 && reference[bins_reference - 1] <= kBandwidthAboveFloor_reference * noise_floor) {
        --bins_reference;
    }
    if (bins_reference <= kLeastBandwidthBins) {
        return;
    }
    std::size_t bins_test = bins_reference;
    while (bins_test > 0 && test[bins_test - 1] < kBandwidthAboveFloor_test * noise_floor) {
        --bins_test;
    }
    totals.bandwidth_reference += static_cast<double>(bins_reference);
    totals.bandwidth_test += static_cast<double>(bins_test);
    ++totals.bandwidth_frames;
}

/// Sections 4.5 and 4.6. The noise is the difference of the magnitudes: phase is not heard.
void PeaqTotals::add_noise_to_mask(const PeaqChannel& channel, ChannelTotals& totals) {
    const PeaqBands& bands = PeaqBands::instance();
    std::array<double, kPeaqBins> noise;
    for (std::size_t k = 0; k < kPeaqBins; ++k) {
        const double difference =
            std::sqrt(channel.reference.frame().weighted[k]) - std::sqrt(channel.test.frame().weighted[k]);
        noise[k] = difference * difference;
    }
    const BandValues noise_bands = bands.sum(noise.data());
    double sum = 0;
    double largest = 0;
    for (std::size_t band = 0; band < kPeaqBands; ++band) {
        const double mask = channel.reference.frame().excitation[band] / bands.masking_offset[band];
        sum += noise_bands[band] / mask;
        largest = std::max(largest, noise_bands[band] / mask);
    }
    totals.noise_to_mask += sum / static_cast<double>(kPeaqBands);
    totals.disturbed_frames += largest > kDisturbedRatio ? 1 : 0;
    ++totals.frames;
}

/// Section 4.7: in each band the ear that notices more counts, and the bands are noticed independently.
void PeaqTotals::add_detection(const std::vector<PeaqChannel>& channels) {
    double undetected = 1;
    double steps = 0;
    for (std::size_t band = 0; band < kPeaqBands; ++band) {
        Detection best;
        for (const PeaqChannel& channel : channels) {
            const Detection one =
                detect(db_of(channel.reference.frame().excitation[band]), db_of(channel.test.frame().excitation[band]));
            best = {std::max(best.probability, one.probability), std::max(best.steps, one.steps)};
        }
        undetected *= 1 - best.probability;
        steps += best.steps;
    }
    const double probability = 1 - undetected;
    if (probability > 0.5) {
        steps_ += steps;
        ++distorted_frames_;
    }
    smoothed_probability_ = kProbabilitySmoothing * smoothed_probability_ + (1 - kProbabilitySmoothing) * probability;
    largest_probability_ = std::max(largest_probability_, smoothed_probability_);
}

void PeaqTotals::add_to(PeaqVariables& sums, const ChannelTotals& totals) {
    sums.bandwidth_ref += mean_of(totals.bandwidth_reference, totals.bandwidth_frames);
    sums.bandwidth_test += mean_of(totals.bandwidth_test, totals.bandwidth_frames);
    sums.total_nmr_db += db_of(mean_of(totals.noise_to_mask, totals.frames));
    const std::size_t windows = totals.modulation_frames - std::min<std::size_t>(totals.modulation_frames, 3);
    sums.win_mod_diff_1 += std::sqrt(mean_of(totals.windowed_modulation, windows));
    sums.ehs += mean_of(totals.harmonics, totals.harmonics_frames);
    if (totals.modulation_weight > 0) {
        sums.avg_mod_diff_1 += totals.modulation_1 / totals.modulation_weight;
        sums.avg_mod_diff_2 += totals.modulation_2 / totals.modulation_weight;
    }
    sums.rms_noise_loud += std::sqrt(mean_of(totals.noise_loudness_squares, totals.noise_loudness_frames));
    sums.rel_dist_frames += mean_of(static_cast<double>(totals.disturbed_frames), totals.frames);
}

PeaqVariables PeaqTotals::variables() const {
    PeaqVariables result;
    for (const ChannelTotals& totals : channels_) {
        add_to(result, totals);
    }
    const auto count = static_cast<double>(channels_.size());
    for (double* mean :
         {&result.bandwidth_ref, &result.bandwidth_test, &result.total_nmr_db, &result.win_mod_diff_1, &result.ehs,
          &result.avg_mod_diff_1, &result.avg_mod_diff_2, &result.rms_noise_loud, &result.rel_dist_frames}) {
        *mean /= count;
    }
    result.mfpd = largest_probability_;
    if (distorted_frames_ > 0) { // -0.5 stands for the logarithm of nothing
        result.adb = steps_ > 0 ? std::log10(steps_ / static_cast<double>(distorted_frames_)) : -0.5;
    }
    return result;
}

} // namespace wm
