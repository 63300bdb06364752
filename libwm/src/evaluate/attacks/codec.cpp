#include "evaluate/attacks/codec.h"

#ifdef WM_HAVE_LIBAV
#include "evaluate/attacks/libav_codec.h"
#endif
#include "evaluate/attacks/sndfile_codec.h"
#include "evaluate/attacks/varispeed.h"

namespace wm {
namespace {

constexpr int kRates_hz[] = {8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000};
constexpr double kLeastMpeg1_kbps = 32;

int coding_rate(Codec codec, int rate_hz, double bit_rate_kbps) {
    if (codec == Codec::kOpus) {
        return kOpusRate_hz;
    }
    const int highest = codec == Codec::kMp3 && bit_rate_kbps < kLeastMpeg1_kbps ? 24000 : 48000;
    for (const int rate : kRates_hz) {
        if (rate >= rate_hz && rate <= highest) {
            return rate;
        }
    }
    return highest == 24000 && rate_hz % 11025 == 0 ? 22050 : highest;
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
    const int rate_hz = coding_rate(codec, audio.sample_rate_hz, bit_rate_kbps);
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
