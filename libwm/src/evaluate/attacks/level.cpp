#include "evaluate/attacks/level.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "audio/whole_audio.h"
#include "base/portable_math.h"

namespace wm {
namespace {

template <class Function>
Audio map_samples(Audio audio, Function function) {
    for (std::vector<float>& channel : audio.channels) {
        std::transform(channel.begin(), channel.end(), channel.begin(), function);
    }
    return audio;
}

} // namespace

Audio change_gain(Audio audio, double gain_db) {
    const auto gain = static_cast<float>(amplitude_of_db(gain_db));
    return map_samples(std::move(audio), [gain](float sample) { return gain * sample; });
}

Audio invert_polarity(Audio audio, PolarityOf which) {
    const std::size_t last = audio.num_channels() - 1;
    const std::size_t one = std::min<std::size_t>(which == PolarityOf::kSecondChannel ? 1 : 0, last);
    for (std::size_t c = 0; c < audio.num_channels(); ++c) {
        if (which == PolarityOf::kAllChannels || c == one) {
            std::transform(audio.channels[c].begin(), audio.channels[c].end(), audio.channels[c].begin(),
                           std::negate<>());
        }
    }
    return audio;
}

Audio mix_to_mono(const Audio& audio) {
    Audio mono{audio.sample_rate_hz, {std::vector<float>(audio.num_samples())}};
    for (const std::vector<float>& channel : audio.channels) {
        for (std::size_t i = 0; i < channel.size(); ++i) {
            mono.channels[0][i] += channel[i];
        }
    }
    const auto count = static_cast<float>(audio.num_channels());
    return map_samples(std::move(mono), [count](float sum) { return sum / count; });
}

Audio swap_channels(Audio audio) {
    if (audio.num_channels() > 1) {
        std::swap(audio.channels[0], audio.channels[1]);
    }
    return audio;
}

Audio requantise(Audio audio, int bits) {
    const auto limit = static_cast<float>(std::int64_t{1} << (bits - 1));
    return map_samples(std::move(audio), [limit](float sample) {
        return std::clamp(std::nearbyint(sample * limit), -limit, limit - 1) / limit;
    });
}

Audio quantise_to_levels(Audio audio, int num_levels) {
    const auto steps = static_cast<float>(num_levels - 1);
    for (std::vector<float>& channel : audio.channels) {
        if (channel.empty()) {
            continue;
        }
        const auto [lowest, highest] = std::minmax_element(channel.begin(), channel.end());
        const float low = *lowest;
        const float range = *highest - low;
        if (range > 0) {
            std::transform(channel.begin(), channel.end(), channel.begin(), [&](float sample) {
                return std::nearbyint((sample - low) / range * steps) / steps * range + low;
            });
        }
    }
    return audio;
}

Audio clip(Audio audio, double level_db) {
    const auto limit = static_cast<float>(static_cast<double>(peak_of(audio)) * amplitude_of_db(level_db));
    return map_samples(std::move(audio), [limit](float sample) { return std::clamp(sample, -limit, limit); });
}

Audio saturate_tanh(Audio audio, double drive) {
    const double peak = static_cast<double>(peak_of(audio));
    if (peak == 0) {
        return audio;
    }
    const double scale = peak / portable_tanh(drive);
    return map_samples(std::move(audio), [&](float sample) {
        return static_cast<float>(scale * portable_tanh(drive * static_cast<double>(sample) / peak));
    });
}

} // namespace wm
