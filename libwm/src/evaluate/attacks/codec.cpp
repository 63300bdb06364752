#include "evaluate/attacks/codec.h"

#include <algorithm>
#include <iterator>

#ifdef WM_HAVE_LIBAV
#include "evaluate/attacks/libav_codec.h"
#endif
#include "evaluate/attacks/sndfile_codec.h"
#include "evaluate/attacks/varispeed.h"

namespace wm {
namespace {

constexpr int kRates_hz[] = {8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000};

/// The highest sample rate at which LAME's program (3.100) codes a bit rate; an encoder that is told to keep a higher one
/// spends its bits on what it cannot code.
struct Mp3Rate {
    double least_mono_kbps;
    double least_stereo_kbps;
    int sample_rate_hz;
};
constexpr Mp3Rate kMp3Rates[] = {{64, 112, 48000}, {48, 80, 32000}, {40, 56, 24000},
                                 {32, 48, 22050},  {16, 32, 16000}, {0, 0, 8000}};

int highest_rate(const Audio& audio, Codec codec, double bit_rate_kbps) {
    if (codec != Codec::kMp3) {
        return 48000;
    }
    const bool is_mono = audio.num_channels() == 1;
    const auto* const row = std::find_if(std::begin(kMp3Rates), std::end(kMp3Rates), [&](const Mp3Rate& candidate) {
        return bit_rate_kbps >= (is_mono ? candidate.least_mono_kbps : candidate.least_stereo_kbps);
    });
    return row->sample_rate_hz;
}

int coding_rate(const Audio& audio, Codec codec, double bit_rate_kbps) {
    if (codec == Codec::kOpus) {
        return kOpusRate_hz;
    }
    const int highest = highest_rate(audio, codec, bit_rate_kbps);
    const auto* const next = std::lower_bound(std::begin(kRates_hz), std::end(kRates_hz), audio.sample_rate_hz);
    return next == std::end(kRates_hz) ? highest : std::min(*next, highest);
}

Result<Audio> transcode(const Audio& audio, Codec codec, double bit_rate_kbps) {
#ifdef WM_HAVE_LIBAV
    if (libav_encodes(codec)) {
        return transcode_by_libav(audio, codec, bit_rate_kbps);
    }
#endif
    return transcode_by_sndfile(audio, codec, bit_rate_kbps);
}

} // namespace

const char* name_of(Codec codec) {
    switch (codec) {
    case Codec::kMp3:
        return "MP3";
    case Codec::kAac:
        return "AAC";
    case Codec::kOpus:
        return "Opus";
    case Codec::kVorbis:
        break;
    }
    return "Vorbis";
}

Result<Audio> encode_and_decode(const Audio& audio, Codec codec, double bit_rate_kbps) {
    const int rate_hz = coding_rate(audio, codec, bit_rate_kbps);
    if (rate_hz == audio.sample_rate_hz) {
        return transcode(audio, codec, bit_rate_kbps);
    }
    return transcode(convert_rate(audio, rate_hz), codec, bit_rate_kbps).map([&](const Audio& decoded) {
        Audio back = convert_rate(decoded, audio.sample_rate_hz);
        for (std::vector<float>& channel : back.channels) {
            channel.resize(audio.num_samples(), 0.0F); // rounding up twice may have given one more
        }
        return back;
    });
}

} // namespace wm
