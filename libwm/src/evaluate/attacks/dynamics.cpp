#include "evaluate/attacks/dynamics.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include <ebur128.h>

#include "audio/whole_audio.h"
#include "base/portable_math.h"
#include "evaluate/attacks/level.h"

namespace wm {
namespace {

constexpr double kDetector_ms = 5;
constexpr double kLookAhead_ms = 5;
constexpr double kLimiterRelease_ms = 50;
constexpr double kDeepest_db = -60;
constexpr double kSilence_lufs = -70;

/// The coefficient of a one-pole average with this time constant.
double one_pole(double time_ms, int sample_rate_hz) {
    return portable_exp(-1000.0 / (std::max(time_ms, 0.01) * sample_rate_hz));
}

double reference_db(const Audio& audio, bool is_relative) {
    return is_relative ? db_of_amplitude(static_cast<double>(peak_of(audio))) : 0.0;
}

void apply(Audio& audio, std::size_t index, double gain) {
    for (std::vector<float>& channel : audio.channels) {
        channel[index] = static_cast<float>(gain * static_cast<double>(channel[index]));
    }
}

/// The largest energy of any channel, averaged over kDetector_ms, sample by sample.
class LevelDetector {
public:
    explicit LevelDetector(const Audio& audio)
        : audio_(audio), keep_(one_pole(kDetector_ms, audio.sample_rate_hz)), energies_(audio.num_channels()) {}

    double level_db(std::size_t index) {
        double loudest = 1e-20;
        for (std::size_t c = 0; c < energies_.size(); ++c) {
            const auto sample = static_cast<double>(audio_.channels[c][index]);
            energies_[c] = keep_ * energies_[c] + (1 - keep_) * sample * sample;
            loudest = std::max(loudest, energies_[c]);
        }
        return db_of_amplitude(loudest) / 2;
    }

private:
    const Audio& audio_;
    double keep_;
    std::vector<double> energies_;
};

/// Gain changes as curve(dB above the threshold) says, smoothed by attack and release.
template <class Curve>
Audio follow_curve(Audio audio, const DynamicsOptions& options, Curve curve) {
    LevelDetector detector(audio);
    const double reference = reference_db(audio, options.is_relative);
    const double attack = one_pole(options.attack_ms, audio.sample_rate_hz);
    const double release = one_pole(options.release_ms, audio.sample_rate_hz);
    double change_db = 0;
    for (std::size_t i = 0; i < audio.num_samples(); ++i) {
        const double wanted_db = curve(detector.level_db(i) - reference - options.threshold_db);
        const double keep = wanted_db < change_db ? attack : release;
        change_db = keep * change_db + (1 - keep) * wanted_db;
        apply(audio, i, amplitude_of_db(change_db + options.makeup_db));
    }
    return audio;
}

/// x above 0, 0 below, and a parabola between over the width of the knee.
double softly_above(double x, double knee_db) {
    if (2 * x <= -knee_db) {
        return 0;
    }
    const double into = x + knee_db / 2;
    return 2 * x < knee_db ? into * into / (2 * knee_db) : x;
}

/// lowest[i] = the least of values[i] ... values[i + width - 1], by a queue of candidates.
std::vector<double> sliding_minimum(const std::vector<double>& values, std::size_t width) {
    std::vector<double> lowest(values.size());
    std::vector<std::size_t> queue; // indices of ascending values, from `head` on
    std::size_t head = 0;
    for (std::size_t end = 0; end < values.size() + width - 1; ++end) {
        if (end < values.size()) {
            while (queue.size() > head && values[queue.back()] >= values[end]) {
                queue.pop_back();
            }
            queue.push_back(end);
        }
        if (end + 1 >= width) {
            const std::size_t start = end + 1 - width;
            while (queue[head] < start) {
                ++head;
            }
            lowest[start] = values[queue[head]];
        }
    }
    return lowest;
}

double peak_at(const Audio& audio, std::size_t index) {
    float peak = 0;
    for (const std::vector<float>& channel : audio.channels) {
        peak = std::max(peak, std::fabs(channel[index]));
    }
    return static_cast<double>(peak);
}

struct DeleteMeter {
    void operator()(ebur128_state* state) const { ebur128_destroy(&state); }
};

} // namespace

Audio compress(Audio audio, const DynamicsOptions& options) {
    return follow_curve(std::move(audio), options, [&](double above_db) {
        return (1 / options.ratio - 1) * softly_above(above_db, options.knee_db);
    });
}

Audio expand_downward(Audio audio, const DynamicsOptions& options) {
    return follow_curve(std::move(audio), options, [&](double above_db) {
        return std::max(kDeepest_db, (1 - options.ratio) * softly_above(-above_db, options.knee_db));
    });
}

Audio fold_down(Audio audio, const DynamicsOptions& options) {
    return follow_curve(std::move(audio), options,
                        [&](double above_db) { return (1 - options.ratio) * softly_above(above_db, options.knee_db); });
}

Audio limit(Audio audio, double ceiling_db, double release_ms, bool is_relative) {
    const double ceiling = amplitude_of_db(ceiling_db + reference_db(audio, is_relative));
    const auto width = static_cast<std::size_t>(kLookAhead_ms * audio.sample_rate_hz / 1000) + 1;
    std::vector<double> gains(audio.num_samples());
    for (std::size_t i = 0; i < gains.size(); ++i) {
        const double peak = peak_at(audio, i);
        gains[i] = peak > ceiling ? ceiling / peak : 1.0;
    }
    gains = sliding_minimum(gains, width);
    const double keep = one_pole(release_ms, audio.sample_rate_hz);
    double held = 1;
    for (double& gain : gains) {
        held = std::min(gain, keep * held + (1 - keep));
        gain = held;
    }
    // The mean of the last `width` minima: each of them knows of sample i, so the mean is low enough for it.
    double sum = static_cast<double>(width);
    for (std::size_t i = 0; i < gains.size(); ++i) {
        sum += gains[i] - (i >= width ? gains[i - width] : 1.0);
        apply(audio, i, std::min(1.0, sum / static_cast<double>(width)));
    }
    const auto highest = static_cast<float>(ceiling); // the running sum rounds
    for (std::vector<float>& channel : audio.channels) {
        for (float& sample : channel) {
            sample = std::clamp(sample, -highest, highest);
        }
    }
    return audio;
}

Audio normalise_loudness(Audio audio, double target_lufs, double ceiling_db) {
    const double loudness_lufs = std::nearbyint(loudness_of(audio) * 100) / 100;
    if (loudness_lufs <= kSilence_lufs) {
        return audio;
    }
    return limit(change_gain(std::move(audio), target_lufs - loudness_lufs), ceiling_db, kLimiterRelease_ms, false);
}

double loudness_of(const Audio& audio) {
    const std::unique_ptr<ebur128_state, DeleteMeter> meter(ebur128_init(
        static_cast<unsigned>(audio.num_channels()), static_cast<unsigned long>(audio.sample_rate_hz), EBUR128_MODE_I));
    constexpr std::size_t kBlock = 65536;
    std::vector<float> interleaved;
    for (std::size_t first = 0; first < audio.num_samples(); first += kBlock) {
        const std::size_t count = std::min(kBlock, audio.num_samples() - first);
        interleaved.resize(count * audio.num_channels());
        for (std::size_t c = 0; c < audio.num_channels(); ++c) {
            for (std::size_t i = 0; i < count; ++i) {
                interleaved[i * audio.num_channels() + c] = audio.channels[c][first + i];
            }
        }
        ebur128_add_frames_float(meter.get(), interleaved.data(), count);
    }
    double loudness_lufs = kSilence_lufs;
    ebur128_loudness_global(meter.get(), &loudness_lufs);
    return std::max(loudness_lufs, kSilence_lufs);
}

} // namespace wm
