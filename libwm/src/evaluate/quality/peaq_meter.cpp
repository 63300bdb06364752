#include "evaluate/quality/peaq_meter.h"

#include <cmath>

namespace wm {
namespace {

/// The data boundary (section 5.2.4.4): where five samples in a row add up to 200 of 32768.
constexpr std::size_t kBoundarySamples = 5;
constexpr double kBoundarySum = 200.0 / 32768;
/// Half a second: the frames that the averages of modulation and noise loudness leave out (section 5.2.4.1).
constexpr std::size_t kSettlingFrames = 24;
/// Noise loudness also waits until both signals were this loud, and 50 ms longer (section 5.2.4.2).
constexpr double kLoud_sone = 0.1;
constexpr std::size_t kFramesAfterLoud = 3;

bool crosses_boundary(const float* samples) {
    double sum = 0;
    for (std::size_t j = 0; j < kPeaqFrame; ++j) {
        sum += std::abs(static_cast<double>(samples[j]));
        if (j >= kBoundarySamples) {
            sum -= std::abs(static_cast<double>(samples[j - kBoundarySamples]));
        }
        if (sum >= kBoundarySum) {
            return true;
        }
    }
    return false;
}

} // namespace

PeaqMeter::PeaqMeter(std::size_t num_channels)
    : reference_(num_channels), test_(num_channels), channels_(num_channels), totals_(num_channels),
      counted_(num_channels) {}

void PeaqMeter::push(const float* const* reference, const float* const* test, std::size_t num_samples) {
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        reference_[c].insert(reference_[c].end(), reference[c], reference[c] + num_samples);
        test_[c].insert(test_[c].end(), test[c], test[c] + num_samples);
    }
    std::size_t first = 0;
    for (; first + kPeaqFrame <= reference_[0].size(); first += kPeaqHop) {
        push_frame(first);
    }
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        reference_[c].erase(reference_[c].begin(), reference_[c].begin() + static_cast<std::ptrdiff_t>(first));
        test_[c].erase(test_[c].begin(), test_[c].begin() + static_cast<std::ptrdiff_t>(first));
    }
}

std::optional<PeaqGrade> PeaqMeter::finish() {
    for (std::size_t c = 0; c < channels_.size(); ++c) { // the rest, filled up with silence
        reference_[c].resize(kPeaqFrame, 0.0F);
        test_[c].resize(kPeaqFrame, 0.0F);
    }
    push_frame(0);
    if (counted_.num_modulation_frames() < kSettlingFrames) {
        return std::nullopt;
    }
    return grade(counted_.variables());
}

void PeaqMeter::push_frame(std::size_t first) {
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        channels_[c].hear(reference_[c].data() + first, test_[c].data() + first);
    }
    if (frames_since_loud_ > 0 || is_loud()) {
        ++frames_since_loud_;
    }
    const bool is_audible = is_reference_audible(first);
    has_begun_ = has_begun_ || is_audible;
    if (!has_begun_) {
        return;
    }
    const bool has_settled = frames_since_begin_ >= kSettlingFrames;
    totals_.add(channels_, harmonics_, {has_settled, has_settled && frames_since_loud_ > kFramesAfterLoud});
    ++frames_since_begin_;
    if (is_audible) {
        counted_ = totals_;
    }
}

bool PeaqMeter::is_reference_audible(std::size_t first) const {
    for (const std::vector<float>& channel : reference_) {
        if (crosses_boundary(channel.data() + first)) {
            return true;
        }
    }
    return false;
}

bool PeaqMeter::is_loud() const {
    for (const PeaqChannel& channel : channels_) {
        if (channel.reference.loudness_sone() > kLoud_sone && channel.test.loudness_sone() > kLoud_sone) {
            return true;
        }
    }
    return false;
}

} // namespace wm
