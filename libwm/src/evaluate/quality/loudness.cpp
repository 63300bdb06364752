/// The only file of this room that calls libebur128.

#include "evaluate/quality/loudness.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include <ebur128.h>

namespace wm {

struct LoudnessMeter::State {
    ebur128_state* ebur128;
};

void LoudnessMeter::Delete::operator()(State* state) const {
    ebur128_destroy(&state->ebur128);
    delete state;
}

LoudnessMeter::LoudnessMeter(std::size_t num_channels, int sample_rate_hz)
    : num_channels_(num_channels),
      state_(new State{ebur128_init(static_cast<unsigned>(num_channels), static_cast<unsigned long>(sample_rate_hz),
                                    EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK)}) {
    assert(state_->ebur128 != nullptr);
}

void LoudnessMeter::push(const float* const* samples, std::size_t num_samples) {
    interleaved_.resize(num_samples * num_channels_);
    for (std::size_t c = 0; c < num_channels_; ++c) {
        for (std::size_t j = 0; j < num_samples; ++j) {
            interleaved_[j * num_channels_ + c] = samples[c][j];
        }
    }
    ebur128_add_frames_float(state_->ebur128, interleaved_.data(), num_samples);
}

double LoudnessMeter::integrated_lufs() const {
    double loudness = -std::numeric_limits<double>::infinity();
    ebur128_loudness_global(state_->ebur128, &loudness);
    return loudness;
}

double LoudnessMeter::true_peak_dbtp() const {
    double highest = 0;
    for (unsigned c = 0; c < num_channels_; ++c) {
        double peak = 0;
        ebur128_true_peak(state_->ebur128, c, &peak);
        highest = std::max(highest, peak);
    }
    return 20 * std::log10(highest);
}

} // namespace wm
