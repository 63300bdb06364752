#include "evaluate/attacks/edit.h"

#include <algorithm>
#include <utility>

#include "base/random_stream.h"

namespace wm {
namespace {

std::size_t sample_at(const Audio& audio, double time_s) {
    const double wanted = std::max(0.0, time_s) * audio.sample_rate_hz + 0.5;
    return static_cast<std::size_t>(std::min(wanted, static_cast<double>(audio.num_samples())));
}

/// The samples from the first of two times to the second.
std::pair<std::ptrdiff_t, std::ptrdiff_t> span_of(const Audio& audio, double start_s, double duration_s) {
    return {static_cast<std::ptrdiff_t>(sample_at(audio, start_s)),
            static_cast<std::ptrdiff_t>(sample_at(audio, start_s + duration_s))};
}

/// Each moment as many times as `times` says.
Audio repeat_moments(const Audio& audio, const std::vector<std::uint8_t>& times) {
    Audio output{audio.sample_rate_hz, {}};
    for (const std::vector<float>& channel : audio.channels) {
        std::vector<float>& to = output.channels.emplace_back();
        for (std::size_t i = 0; i < channel.size(); ++i) {
            to.insert(to.end(), times[i], channel[i]);
        }
    }
    return output;
}

} // namespace

Audio crop(const Audio& audio, double start_s, double duration_s) {
    const auto [first, last] = span_of(audio, start_s, duration_s);
    Audio piece{audio.sample_rate_hz, {}};
    for (const std::vector<float>& channel : audio.channels) {
        piece.channels.emplace_back(channel.begin() + first, channel.begin() + last);
    }
    return piece;
}

Audio excise(const Audio& audio, double start_s, double duration_s) {
    const auto [first, last] = span_of(audio, start_s, duration_s);
    Audio rest = audio;
    for (std::vector<float>& channel : rest.channels) {
        channel.erase(channel.begin() + first, channel.begin() + last);
    }
    return rest;
}

Audio insert_silence(const Audio& audio, double start_s, double duration_s) {
    const auto place = static_cast<std::ptrdiff_t>(sample_at(audio, start_s));
    const auto count = static_cast<std::size_t>(duration_s * audio.sample_rate_hz + 0.5);
    Audio output = audio;
    for (std::vector<float>& channel : output.channels) {
        channel.insert(channel.begin() + place, count, 0.0F);
    }
    return output;
}

Audio mute(Audio audio, double start_s, double duration_s) {
    const auto [first, last] = span_of(audio, start_s, duration_s);
    for (std::vector<float>& channel : audio.channels) {
        std::fill(channel.begin() + first, channel.begin() + last, 0.0F);
    }
    return audio;
}

Audio shift(Audio audio, std::int64_t num_samples) {
    const auto length = static_cast<std::int64_t>(audio.num_samples());
    const auto distance = static_cast<std::ptrdiff_t>(std::min(num_samples < 0 ? -num_samples : num_samples, length));
    for (std::vector<float>& channel : audio.channels) {
        if (num_samples > 0) {
            std::copy(channel.begin() + distance, channel.end(), channel.begin());
            std::fill(channel.end() - distance, channel.end(), 0.0F);
        } else {
            std::copy_backward(channel.begin(), channel.end() - distance, channel.end());
            std::fill(channel.begin(), channel.begin() + distance, 0.0F);
        }
    }
    return audio;
}

Audio drop_pieces(const Audio& audio, const DropOptions& options, std::uint64_t seed) {
    const std::size_t length = audio.num_samples();
    std::vector<std::uint8_t> times(length, 1);
    RandomStream random(seed);
    const auto wanted = static_cast<std::size_t>(options.share * static_cast<double>(length));
    for (std::size_t dropped = 0; dropped < wanted;) {
        const double piece_s = random.uniform(options.least_ms, std::max(options.least_ms, options.most_ms)) / 1000;
        const std::size_t start = random.below(length);
        const std::size_t end = std::min(
            length, start + std::max<std::size_t>(1, static_cast<std::size_t>(piece_s * audio.sample_rate_hz)));
        for (std::size_t i = start; i < end; ++i) {
            dropped += times[i];
            times[i] = 0;
        }
    }
    return repeat_moments(audio, times);
}

Audio jitter_samples(const Audio& audio, double interval, std::uint64_t seed) {
    std::vector<std::uint8_t> times(audio.num_samples(), 1);
    RandomStream random(seed);
    bool drops = true;
    for (std::uint8_t& count : times) {
        if (random.uniform() * interval < 1) {
            count = drops ? 0 : 2;
            drops = !drops;
        }
    }
    return repeat_moments(audio, times);
}

Audio zero_samples(Audio audio, double share, std::uint64_t seed) {
    RandomStream random(seed);
    for (std::size_t i = 0; i < audio.num_samples(); ++i) {
        if (random.uniform() < share) {
            for (std::vector<float>& channel : audio.channels) {
                channel[i] = 0.0F;
            }
        }
    }
    return audio;
}

} // namespace wm
