#include "evaluate/attacks/space.h"

#include <algorithm>
#include <cmath>

#include "audio/whole_audio.h"
#include "base/portable_math.h"
#include "base/random_stream.h"
#include "evaluate/attacks/convolve.h"
#include "evaluate/attacks/level.h"
#include "evaluate/attacks/varispeed.h"

namespace wm {
namespace {

constexpr double kPreDelay_s = 0.002;
constexpr double kLn1000 = 6.907755278982137; ///< 60 dB

void scale(Audio& audio, double gain) {
    const auto factor = static_cast<float>(gain);
    for (std::vector<float>& channel : audio.channels) {
        for (float& sample : channel) {
            sample *= factor;
        }
    }
}

/// Decaying noise of unit energy.
std::vector<float> tail(double rt60_s, int sample_rate_hz, RandomStream& random) {
    const auto length = static_cast<std::size_t>(1.2 * rt60_s * sample_rate_hz) + 1;
    const double keep = portable_exp(-kLn1000 / (rt60_s * sample_rate_hz));
    std::vector<double> samples(length);
    double envelope = 1;
    double energy = 0;
    for (double& sample : samples) {
        sample = envelope * random.gaussian();
        energy += sample * sample;
        envelope *= keep;
    }
    std::vector<float> unit;
    for (const double sample : samples) {
        unit.push_back(static_cast<float>(sample / std::sqrt(energy)));
    }
    return unit;
}

} // namespace

Audio add_echo(Audio audio, double delay_ms, double gain_db) {
    const double peak = static_cast<double>(peak_of(audio));
    const auto delay = static_cast<std::size_t>(delay_ms * audio.sample_rate_hz / 1000 + 0.5);
    const auto gain = static_cast<float>(amplitude_of_db(gain_db));
    for (std::vector<float>& channel : audio.channels) {
        for (std::size_t i = channel.size(); i-- > delay;) {
            channel[i] += gain * channel[i - delay];
        }
    }
    const double new_peak = static_cast<double>(peak_of(audio));
    if (new_peak > 0) {
        scale(audio, peak / new_peak);
    }
    return audio;
}

Audio room_response(const Room& room, std::size_t num_channels, int sample_rate_hz, std::uint64_t seed) {
    RandomStream random(seed);
    const auto delay = static_cast<std::size_t>(kPreDelay_s * sample_rate_hz);
    const auto gain = static_cast<float>(amplitude_of_db(-room.direct_db));
    Audio response{sample_rate_hz, {}};
    for (std::size_t c = 0; c < num_channels; ++c) {
        std::vector<float>& channel = response.channels.emplace_back(delay, 0.0F);
        channel[0] = 1.0F;
        for (const float sample : tail(room.rt60_s, sample_rate_hz, random)) {
            channel.push_back(gain * sample);
        }
    }
    return response;
}

Audio add_room(Audio audio, const Room& room, std::uint64_t seed) {
    return convolve_with(audio, room_response(room, audio.num_channels(), audio.sample_rate_hz, seed));
}

Audio convolve_with(Audio audio, const Audio& response) {
    const Audio taps =
        response.sample_rate_hz == audio.sample_rate_hz ? response : convert_rate(response, audio.sample_rate_hz);
    const double rms = rms_of(audio);
    for (std::size_t c = 0; c < audio.num_channels(); ++c) {
        std::vector<float>& channel = audio.channels[c];
        const std::size_t length = channel.size();
        channel = convolve(channel, taps.channels[std::min(c, taps.num_channels() - 1)]);
        channel.resize(length);
    }
    const double new_rms = rms_of(audio);
    if (new_rms > 0) {
        scale(audio, rms / new_rms);
    }
    return audio;
}

} // namespace wm
