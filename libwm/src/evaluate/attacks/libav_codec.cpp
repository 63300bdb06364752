/// The only file that encodes with libav.

#include "evaluate/attacks/libav_codec.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>

#include <fmt/format.h>

#include "audio/libav_api.h"

namespace wm {
namespace {

constexpr std::size_t kTailSamples = 8192; ///< silence that pushes the last samples through both delays

struct CodecNames {
    const char* encoder;
    const char* decoder;
};

CodecNames names_of(Codec codec) {
    switch (codec) {
    case Codec::kMp3:
        return {"libmp3lame", "mp3float"};
    case Codec::kAac:
        return {"aac", "aac"};
    case Codec::kOpus:
        return {"libopus", "opus"};
    case Codec::kVorbis:
        break;
    }
    return {"libvorbis", "vorbis"};
}

std::string error_text(int status) {
    char text[AV_ERROR_MAX_STRING_SIZE] = {};
    libav().av_strerror(status, text, sizeof text);
    return text;
}

/// An encoder that hands its packets straight to a decoder.
class Transcoder {
public:
    Transcoder(Codec codec, const Audio& audio)
        : names_(names_of(codec)), name_(name_of(codec)), audio_(audio), decoded_{audio.sample_rate_hz, {}},
          frame_(libav().av_frame_alloc()), decoded_frame_(libav().av_frame_alloc()),
          packet_(libav().av_packet_alloc()) {
        decoded_.channels.resize(audio.num_channels());
    }

    Result<Audio> run(double bit_rate_kbps) {
        return open_encoder(bit_rate_kbps)
            .and_then([&] { return open_decoder(); })
            .and_then([&] { return encode_all(); })
            .map([&] { return trimmed(); });
    }

private:
    tl::unexpected<Error> refusal(const char* what, int status) const {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("{}: {} failed for {} channels at {} Hz: {}", name_, what, audio_.num_channels(),
                                audio_.sample_rate_hz, error_text(status)));
    }

    Result<void> open_encoder(double bit_rate_kbps) {
        const AVCodec* codec = libav().avcodec_find_encoder_by_name(names_.encoder);
        encoder_.reset(libav().avcodec_alloc_context3(codec));
        encoder_->bit_rate = static_cast<std::int64_t>(bit_rate_kbps * 1000 + 0.5);
        encoder_->sample_rate = audio_.sample_rate_hz;
        encoder_->sample_fmt = names_.encoder == std::string_view("libopus") ? AV_SAMPLE_FMT_FLT : AV_SAMPLE_FMT_FLTP;
        encoder_->time_base = {1, audio_.sample_rate_hz};
        encoder_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
        encoder_->thread_count = 1;
        libav().av_channel_layout_default(&encoder_->ch_layout, static_cast<int>(audio_.num_channels()));
        const int status = libav().avcodec_open2(encoder_.get(), codec, nullptr);
        return status < 0 ? refusal("opening the encoder", status) : Result<void>{};
    }

    Result<void> open_decoder() {
        const AVCodec* codec = libav().avcodec_find_decoder_by_name(names_.decoder);
        if (codec == nullptr) {
            return fail(ErrorCode::kUnsupported,
                        fmt::format("the installed libav has no decoder {} for {}", names_.decoder, name_));
        }
        const std::unique_ptr<AVCodecParameters, void (*)(AVCodecParameters*)> parameters(
            libav().avcodec_parameters_alloc(),
            [](AVCodecParameters* owned) { libav().avcodec_parameters_free(&owned); });
        decoder_.reset(libav().avcodec_alloc_context3(codec));
        int status = libav().avcodec_parameters_from_context(parameters.get(), encoder_.get());
        if (status >= 0) {
            status = libav().avcodec_parameters_to_context(decoder_.get(), parameters.get());
        }
        decoder_->request_sample_fmt = AV_SAMPLE_FMT_FLTP;
        decoder_->thread_count = 1;
        // The delay is taken out here, from all codecs alike.
        decoder_->flags2 |= AV_CODEC_FLAG2_SKIP_MANUAL;
        if (status >= 0) {
            status = libav().avcodec_open2(decoder_.get(), codec, nullptr);
        }
        return status < 0 ? refusal("opening the decoder", status) : Result<void>{};
    }

    Result<void> encode_all() {
        const std::size_t total = audio_.num_samples() + kTailSamples;
        const std::size_t step = encoder_->frame_size > 0 ? static_cast<std::size_t>(encoder_->frame_size) : 1024;
        for (std::size_t first = 0; first < total; first += step) {
            if (Result<void> filled = fill_frame(first, std::min(step, total - first)); !filled) {
                return filled;
            }
            const int status = libav().avcodec_send_frame(encoder_.get(), frame_.get());
            if (status < 0) {
                return refusal("encoding", status);
            }
            if (Result<void> passed = pass_packets(); !passed) {
                return passed;
            }
        }
        libav().avcodec_send_frame(encoder_.get(), nullptr);
        if (Result<void> passed = pass_packets(); !passed) {
            return passed;
        }
        libav().avcodec_send_packet(decoder_.get(), nullptr);
        return take_frames();
    }

    Result<void> fill_frame(std::size_t first, std::size_t count) {
        libav().av_frame_unref(frame_.get());
        frame_->format = encoder_->sample_fmt;
        frame_->nb_samples = static_cast<int>(count);
        frame_->sample_rate = encoder_->sample_rate;
        frame_->pts = static_cast<std::int64_t>(first);
        libav().av_channel_layout_copy(&frame_->ch_layout, &encoder_->ch_layout);
        const int status = libav().av_frame_get_buffer(frame_.get(), 0);
        if (status < 0) {
            return refusal("making a frame", status);
        }
        const bool is_planar = libav().av_sample_fmt_is_planar(encoder_->sample_fmt) != 0;
        const std::size_t stride = is_planar ? 1 : audio_.num_channels();
        for (std::size_t c = 0; c < audio_.num_channels(); ++c) {
            auto* out = reinterpret_cast<float*>(frame_->extended_data[is_planar ? c : 0]) + (is_planar ? 0 : c);
            for (std::size_t i = 0; i < count; ++i) {
                out[i * stride] = first + i < audio_.num_samples() ? audio_.channels[c][first + i] : 0.0F;
            }
        }
        return {};
    }

    Result<void> pass_packets() {
        while (libav().avcodec_receive_packet(encoder_.get(), packet_.get()) >= 0) {
            const int status = libav().avcodec_send_packet(decoder_.get(), packet_.get());
            libav().av_packet_unref(packet_.get());
            if (status < 0) {
                return refusal("decoding", status);
            }
            if (Result<void> taken = take_frames(); !taken) {
                return taken;
            }
        }
        return {};
    }

    Result<void> take_frames() {
        while (libav().avcodec_receive_frame(decoder_.get(), decoded_frame_.get()) >= 0) {
            const auto format = static_cast<AVSampleFormat>(decoded_frame_->format);
            if (decoded_frame_->ch_layout.nb_channels != encoder_->ch_layout.nb_channels ||
                libav().av_get_packed_sample_fmt(format) != AV_SAMPLE_FMT_FLT) {
                return fail(ErrorCode::kInternal,
                            fmt::format("{}: the decoder gave another format than was encoded", name_));
            }
            append(format != AV_SAMPLE_FMT_FLT);
        }
        return {};
    }

    void append(bool is_planar) {
        const std::size_t stride = is_planar ? 1 : audio_.num_channels();
        for (std::size_t c = 0; c < audio_.num_channels(); ++c) {
            const std::uint8_t* bytes = decoded_frame_->extended_data[is_planar ? c : 0];
            const auto* samples = reinterpret_cast<const float*>(bytes) + (is_planar ? 0 : c);
            for (std::size_t i = 0; i < static_cast<std::size_t>(decoded_frame_->nb_samples); ++i) {
                decoded_.channels[c].push_back(samples[i * stride]);
            }
        }
    }

    /// The samples of the recording's own time.
    Audio trimmed() {
        // The first packet of Vorbis only primes the decoder, so that its padding never comes out.
        const bool is_vorbis = encoder_->codec_id == AV_CODEC_ID_VORBIS;
        const auto delay = static_cast<std::size_t>(is_vorbis ? 0 : std::max(0, encoder_->initial_padding));
        for (std::vector<float>& channel : decoded_.channels) {
            channel.erase(channel.begin(),
                          channel.begin() + static_cast<std::ptrdiff_t>(std::min(delay, channel.size())));
            channel.resize(audio_.num_samples(), 0.0F);
        }
        return std::move(decoded_);
    }

    CodecNames names_;
    const char* name_; ///< for people
    const Audio& audio_;
    Audio decoded_;
    LibavCodec encoder_;
    LibavCodec decoder_;
    LibavFrame frame_;
    LibavFrame decoded_frame_;
    LibavPacket packet_;
};

} // namespace

bool libav_encodes(Codec codec) {
    if (!load_libav()) {
        return false;
    }
    libav().av_log_set_level(AV_LOG_QUIET); // the library never prints; libav has one level for the whole process
    return libav().avcodec_find_encoder_by_name(names_of(codec).encoder) != nullptr;
}

Result<Audio> transcode_by_libav(const Audio& audio, Codec codec, double bit_rate_kbps) {
    return Transcoder(codec, audio).run(bit_rate_kbps);
}

} // namespace wm
