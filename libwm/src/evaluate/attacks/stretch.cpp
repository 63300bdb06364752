/// The only file that uses SoundTouch.

#include "evaluate/attacks/stretch.h"

#include <algorithm>
#include <cfenv>
#include <stdexcept>

#include <SoundTouch.h>
#include <fmt/format.h>

namespace wm {
namespace {

constexpr std::size_t kBlockSamples = 8192;

/// Debian's SoundTouch is linked with -ffast-math: when it is loaded it makes the whole process take small numbers for zero, and
/// results would differ from those of programs that do not load it. Libraries are initialised before this is.
[[maybe_unused]] const int restored = std::fesetenv(FE_DFL_ENV);

class Stretcher {
public:
    Stretcher(const Audio& audio, std::size_t num_outputs)
        : audio_(audio), num_outputs_(num_outputs), output_{audio.sample_rate_hz, {}} {
        touch_.setSampleRate(static_cast<unsigned>(audio.sample_rate_hz));
        touch_.setChannels(static_cast<unsigned>(audio.num_channels()));
        output_.channels.resize(audio.num_channels());
    }

    soundtouch::SoundTouch& touch() { return touch_; }

    Audio run() {
        std::vector<float> block;
        for (std::size_t first = 0; first < audio_.num_samples(); first += kBlockSamples) {
            const std::size_t count = std::min(kBlockSamples, audio_.num_samples() - first);
            interleave(first, count, block);
            touch_.putSamples(block.data(), static_cast<unsigned>(count));
            receive(block);
        }
        touch_.flush();
        receive(block);
        for (std::vector<float>& channel : output_.channels) {
            channel.resize(num_outputs_, 0.0F); // what it gives too little or too much is below one of its steps
        }
        return std::move(output_);
    }

private:
    void interleave(std::size_t first, std::size_t count, std::vector<float>& block) const {
        block.resize(kBlockSamples * audio_.num_channels());
        for (std::size_t c = 0; c < audio_.num_channels(); ++c) {
            for (std::size_t i = 0; i < count; ++i) {
                block[i * audio_.num_channels() + c] = audio_.channels[c][first + i];
            }
        }
    }

    void receive(std::vector<float>& block) {
        block.resize(kBlockSamples * audio_.num_channels());
        for (unsigned count = 1; count != 0;) {
            count = touch_.receiveSamples(block.data(), static_cast<unsigned>(kBlockSamples));
            for (std::size_t c = 0; c < audio_.num_channels(); ++c) {
                for (std::size_t i = 0; i < count; ++i) {
                    output_.channels[c].push_back(block[i * audio_.num_channels() + c]);
                }
            }
        }
    }

    const Audio& audio_;
    std::size_t num_outputs_;
    Audio output_;
    soundtouch::SoundTouch touch_;
};

/// Runs SoundTouch as `set` sets it up; its exceptions end here.
template <class Set>
Result<Audio> run_soundtouch(const Audio& audio, std::size_t num_outputs, Set set) {
    if (audio.num_channels() > SOUNDTOUCH_MAX_CHANNELS) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("SoundTouch stretches up to {} channels, and this recording has {}",
                                SOUNDTOUCH_MAX_CHANNELS, audio.num_channels()));
    }
    try {
        Stretcher stretcher(audio, num_outputs);
        set(stretcher.touch());
        return stretcher.run();
    } catch (const std::exception& failure) {
        return fail(ErrorCode::kInternal, fmt::format("SoundTouch failed: {}", failure.what()));
    }
}

} // namespace

Result<Audio> stretch_time(const Audio& audio, double factor) {
    const auto num_outputs = static_cast<std::size_t>(static_cast<double>(audio.num_samples()) * factor + 0.5);
    return run_soundtouch(audio, num_outputs, [factor](soundtouch::SoundTouch& touch) { touch.setTempo(1 / factor); });
}

Result<Audio> shift_pitch(const Audio& audio, double semitones) {
    return run_soundtouch(audio, audio.num_samples(),
                          [semitones](soundtouch::SoundTouch& touch) { touch.setPitchSemiTones(semitones); });
}

} // namespace wm
