/// With libav_input.cpp and libav_api.cpp the only file that uses libav.

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "audio/libav_api.h"
#include "audio/libav_input.h"
#include "audio/readers.h"
#include "base/byte_order.h"

namespace wm {
namespace {

std::int32_t to_integer(std::uint8_t sample) {
    return static_cast<std::int32_t>((static_cast<std::uint32_t>(sample) ^ 0x80U) << 24);
}
std::int32_t to_integer(std::int16_t sample) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(sample) << 16);
}
std::int32_t to_integer(std::int32_t sample) {
    return sample;
}
double to_real(float sample) {
    return static_cast<double>(sample);
}
double to_real(double sample) {
    return sample;
}

/// Samples [first, first + count) of a frame, interleaved.
template <class Stored, class Sample, class Convert>
void interleave(const AVFrame& frame, bool is_planar, std::size_t first, std::size_t count, Sample* out,
                Convert convert) {
    const auto num_channels = static_cast<std::size_t>(frame.ch_layout.nb_channels);
    for (std::size_t channel = 0; channel < num_channels; ++channel) {
        const std::uint8_t* bytes = frame.extended_data[is_planar ? channel : 0];
        const std::size_t stride = is_planar ? 1 : num_channels;
        const std::size_t offset = is_planar ? 0 : channel;
        for (std::size_t i = 0; i < count; ++i) {
            out[i * num_channels + channel] =
                convert(load_little<Stored>(bytes + sizeof(Stored) * ((first + i) * stride + offset)));
        }
    }
}

bool is_integer_format(AVSampleFormat format) {
    return format == AV_SAMPLE_FMT_U8 || format == AV_SAMPLE_FMT_S16 || format == AV_SAMPLE_FMT_S32;
}

Encoding encoding_of(const AVCodecContext& codec) {
    const AVCodecDescriptor* descriptor = libav().avcodec_descriptor_get(codec.codec_id);
    if (descriptor == nullptr || (descriptor->props & AV_CODEC_PROP_LOSSLESS) == 0) {
        return Encoding::kLossy;
    }
    const AVSampleFormat format = libav().av_get_packed_sample_fmt(codec.sample_fmt);
    if (format == AV_SAMPLE_FMT_FLT) {
        return Encoding::kFloat32;
    }
    if (format == AV_SAMPLE_FMT_DBL) {
        return Encoding::kFloat64;
    }
    const int stored_bits = libav().av_get_bytes_per_sample(format) * 8;
    const int bits = codec.bits_per_raw_sample > 0 ? std::min(codec.bits_per_raw_sample, stored_bits) : stored_bits;
    return integer_encoding(bits, format == AV_SAMPLE_FMT_U8);
}

class LibavReader final : public AudioReader {
public:
    static Result<std::unique_ptr<AudioReader>> open(std::shared_ptr<InputFile> file) {
        std::unique_ptr<LibavReader> reader(new LibavReader(std::move(file)));
        if (auto opened = reader->open_stream(); !opened) {
            return tl::unexpected(opened.error());
        }
        return reader;
    }

    Result<std::size_t> read(AudioBlock& block, std::size_t max_samples) override {
        const auto num_channels = static_cast<std::size_t>(spec_.num_channels);
        block.num_channels = spec_.num_channels;
        block.is_integer = is_integer_format(format_);
        block.num_samples = 0;
        block.is_integer ? block.integers.resize(max_samples * num_channels)
                         : block.reals.resize(max_samples * num_channels);
        while (block.num_samples < max_samples) {
            auto more = have_samples();
            if (!more) {
                return tl::unexpected(more.error());
            }
            if (!*more) {
                break;
            }
            take_samples(block, max_samples);
        }
        return block.num_samples;
    }

    Result<void> rewind() override { return open_stream(); }

private:
    explicit LibavReader(std::shared_ptr<InputFile> file)
        : file_(std::move(file)), frame_(libav().av_frame_alloc()), packet_(libav().av_packet_alloc()) {
        source_path_ = file_->path();
    }

    const std::string& name() const { return file_->name(); }

    Result<void> open_stream() {
        codec_.reset();
        frame_position_ = frame_size_ = 0;
        is_drained_ = false;
        auto input = LibavInput::open(file_);
        if (!input) {
            return tl::unexpected(input.error());
        }
        input_ = std::move(*input);
        companions_ = input_->companions();
        AVFormatContext& format = input_->format();
        const AVCodec* decoder = nullptr;
        stream_index_ = libav().av_find_best_stream(&format, AVMEDIA_TYPE_AUDIO, -1, -1, &decoder, 0);
        if (stream_index_ == AVERROR_DECODER_NOT_FOUND) {
            return fail(ErrorCode::kUnsupported,
                        fmt::format("{}: its audio codec is unknown to the installed libav", name()));
        }
        if (stream_index_ < 0) {
            return fail(ErrorCode::kFormat, fmt::format("{} has no audio stream", name()));
        }
        for (unsigned i = 0; i < format.nb_streams; ++i) {
            format.streams[i]->discard = static_cast<int>(i) == stream_index_ ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
        }
        return open_codec(*decoder);
    }

    Result<void> open_codec(const AVCodec& decoder) {
        codec_.reset(libav().avcodec_alloc_context3(&decoder));
        const AVStream& stream = *input_->format().streams[stream_index_];
        int status = libav().avcodec_parameters_to_context(codec_.get(), stream.codecpar);
        codec_->pkt_timebase = stream.time_base; // needed to leave out an encoder's delay and padding
        if (status >= 0) {
            status = libav().avcodec_open2(codec_.get(), &decoder, nullptr);
        }
        if (status < 0) {
            return fail(ErrorCode::kFormat, fmt::format("{}: cannot decode its {} audio: {}", name(), decoder.name,
                                                        libav_error_text(status)));
        }
        if (auto checked = check_rate_and_channels(name(), codec_->sample_rate, codec_->ch_layout.nb_channels);
            !checked) {
            return checked;
        }
        format_ = libav().av_get_packed_sample_fmt(codec_->sample_fmt);
        if (!is_integer_format(format_) && format_ != AV_SAMPLE_FMT_FLT && format_ != AV_SAMPLE_FMT_DBL) {
            return fail(ErrorCode::kUnsupported,
                        fmt::format("{}: {} samples cannot be read; convert it to WAV first", name(), decoder.name));
        }
        spec_.sample_rate_hz = codec_->sample_rate;
        spec_.num_channels = codec_->ch_layout.nb_channels;
        spec_.encoding = encoding_of(*codec_);
        const AVCodecDescriptor* descriptor = libav().avcodec_descriptor_get(codec_->codec_id);
        spec_.codec = descriptor != nullptr && descriptor->long_name != nullptr ? descriptor->long_name : decoder.name;
        return {};
    }

    /// Makes sure that the frame holds samples not yet taken; false at the end.
    Result<bool> have_samples() {
        while (frame_position_ == frame_size_) {
            const int status = libav().avcodec_receive_frame(codec_.get(), frame_.get());
            if (status == AVERROR_EOF) {
                return false;
            }
            if (status == AVERROR(EAGAIN)) {
                feed();
                continue;
            }
            if (status < 0) {
                return fail(ErrorCode::kFormat, fmt::format("{}: cannot decode: {}", name(), libav_error_text(status)));
            }
            if (frame_->sample_rate != spec_.sample_rate_hz || frame_->ch_layout.nb_channels != spec_.num_channels ||
                libav().av_get_packed_sample_fmt(static_cast<AVSampleFormat>(frame_->format)) != format_) {
                return fail(
                    ErrorCode::kUnsupported,
                    fmt::format("{}: its sample rate or channels change in the middle; split it there first", name()));
            }
            frame_position_ = 0;
            frame_size_ = static_cast<std::size_t>(frame_->nb_samples);
        }
        return true;
    }

    /// Gives the decoder its next packet. Packets that it cannot take are damaged, and left out as players do.
    void feed() {
        bool is_taken = false;
        while (!is_taken && input_->read_packet(stream_index_, *packet_)) {
            is_taken = libav().avcodec_send_packet(codec_.get(), packet_.get()) >= 0;
            libav().av_packet_unref(packet_.get());
        }
        if (!is_taken && !std::exchange(is_drained_, true)) {
            libav().avcodec_send_packet(codec_.get(), nullptr);
        }
    }

    void take_samples(AudioBlock& block, std::size_t max_samples) {
        const std::size_t count = std::min(max_samples - block.num_samples, frame_size_ - frame_position_);
        const std::size_t offset = block.num_samples * static_cast<std::size_t>(block.num_channels);
        const bool is_planar = libav().av_sample_fmt_is_planar(static_cast<AVSampleFormat>(frame_->format)) != 0;
        const auto integer = [](auto sample) { return to_integer(sample); };
        const auto real = [](auto sample) { return to_real(sample); };
        const AVFrame& frame = *frame_;
        std::int32_t* integers = block.is_integer ? block.integers.data() + offset : nullptr;
        double* reals = block.is_integer ? nullptr : block.reals.data() + offset;
        switch (format_) {
        case AV_SAMPLE_FMT_U8:
            interleave<std::uint8_t>(frame, is_planar, frame_position_, count, integers, integer);
            break;
        case AV_SAMPLE_FMT_S16:
            interleave<std::int16_t>(frame, is_planar, frame_position_, count, integers, integer);
            break;
        case AV_SAMPLE_FMT_S32:
            interleave<std::int32_t>(frame, is_planar, frame_position_, count, integers, integer);
            break;
        case AV_SAMPLE_FMT_FLT:
            interleave<float>(frame, is_planar, frame_position_, count, reals, real);
            break;
        default:
            interleave<double>(frame, is_planar, frame_position_, count, reals, real);
            break;
        }
        block.num_samples += count;
        frame_position_ += count;
    }

    std::shared_ptr<InputFile> file_;
    std::unique_ptr<LibavInput> input_;
    LibavCodec codec_;
    LibavFrame frame_;
    LibavPacket packet_;
    AVSampleFormat format_ = AV_SAMPLE_FMT_NONE; ///< the packed form
    int stream_index_ = -1;
    std::size_t frame_position_ = 0;
    std::size_t frame_size_ = 0;
    bool is_drained_ = false;
};

} // namespace

Result<std::unique_ptr<AudioReader>> open_libav(std::shared_ptr<InputFile> file) {
    if (auto loaded = load_libav(); !loaded) {
        return fail(
            ErrorCode::kUnsupported,
            fmt::format("{}: libsndfile does not read it, and libav, which may, cannot be loaded ({}); install it, "
                        "or convert the recording to WAV first",
                        file->name(), loaded.error().message));
    }
    return LibavReader::open(std::move(file));
}

} // namespace wm
