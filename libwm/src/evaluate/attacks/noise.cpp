#include "evaluate/attacks/noise.h"

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

constexpr double kLowest_hz = 20;

Audio gaussian_like(const Audio& shape, std::uint64_t seed) {
    Audio noise{shape.sample_rate_hz, {}};
    RandomStream random(seed);
    for (std::size_t c = 0; c < shape.num_channels(); ++c) {
        std::vector<float>& channel = noise.channels.emplace_back(shape.num_samples());
        std::generate(channel.begin(), channel.end(), [&random] { return static_cast<float>(random.gaussian()); });
    }
    return noise;
}

void add_scaled(Audio& audio, const Audio& other, double gain) {
    const auto factor = static_cast<float>(gain);
    for (std::size_t c = 0; c < audio.num_channels(); ++c) {
        for (std::size_t i = 0; i < audio.num_samples(); ++i) {
            audio.channels[c][i] += factor * other.channels[c][i];
        }
    }
}

Audio add_at_snr(Audio audio, const Audio& other, double snr_db) {
    const double other_rms = rms_of(other);
    if (other_rms > 0) {
        add_scaled(audio, other, rms_of(audio) / other_rms * amplitude_of_db(-snr_db));
    }
    return audio;
}

} // namespace

Audio make_noise(NoiseColor color, const Audio& shape, std::uint64_t seed) {
    Audio noise = gaussian_like(shape, seed);
    if (color != NoiseColor::kWhite) {
        const auto magnitude = [color](double frequency_hz) {
            const double ratio = kLowest_hz / std::max(frequency_hz, kLowest_hz);
            return color == NoiseColor::kPink ? std::sqrt(ratio) : ratio;
        };
        const std::vector<float> taps = shaping_taps(magnitude, shape.sample_rate_hz);
        for (std::vector<float>& channel : noise.channels) {
            channel = filter_centered(channel, taps);
        }
    }
    const double rms = rms_of(noise);
    return rms > 0 ? change_gain(std::move(noise), -db_of_amplitude(rms)) : noise;
}

Audio add_noise(Audio audio, NoiseColor color, double snr_db, std::uint64_t seed) {
    const Audio noise = make_noise(color, audio, seed);
    return add_at_snr(std::move(audio), noise, snr_db);
}

Audio add_noise_floor(Audio audio, NoiseColor color, double rms, std::uint64_t seed) {
    add_scaled(audio, make_noise(color, audio, seed), rms);
    return audio;
}

Audio mix_in(Audio audio, const Audio& other, double snr_db, std::uint64_t seed) {
    Audio source = other.sample_rate_hz == audio.sample_rate_hz ? other : convert_rate(other, audio.sample_rate_hz);
    if (source.num_channels() != audio.num_channels()) {
        source = mix_to_mono(source);
    }
    if (source.num_samples() == 0) {
        return audio;
    }
    const std::size_t start = RandomStream(seed).below(source.num_samples());
    Audio looped{audio.sample_rate_hz, {}};
    for (std::size_t c = 0; c < audio.num_channels(); ++c) {
        const std::vector<float>& from = source.channels[std::min(c, source.num_channels() - 1)];
        std::vector<float>& to = looped.channels.emplace_back();
        to.reserve(audio.num_samples());
        for (std::size_t i = 0; i < audio.num_samples(); ++i) {
            to.push_back(from[(start + i) % from.size()]);
        }
    }
    return add_at_snr(std::move(audio), looped, snr_db);
}

} // namespace wm
