/// The only file that uses libav.

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/log.h>
}

#include <fmt/format.h>

#include "audio/byte_order.h"
#include "audio/readers.h"

namespace wm {
namespace {

/// Formats that hold their own samples. Play lists and scripts, which name other files, are left out on purpose.
constexpr const char* kDemuxers =
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dsf,dts,dtshd,eac3,flac,flv,gsm,loas,matroska,"
    "mlp,mov,mp3,mpc,mpc8,mpeg,mpegts,nut,ogg,oma,rm,tak,truehd,tta,voc,w64,wav,webm,wv,xwma";
/// Facts about the container, which libav lists among the tags.
constexpr std::array<std::string_view, 4> kTechnicalTags{"major_brand", "minor_version", "compatible_brands",
                                                         "encoder"};
constexpr int kIoBufferBytes = 1 << 16;

struct CloseFormat {
    void operator()(AVFormatContext* format) const { avformat_close_input(&format); }
};
struct FreeCodec {
    void operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
};
struct FreeFrame {
    void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};
struct FreePacket {
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
struct FreeIo {
    void operator()(AVIOContext* io) const {
        av_freep(&io->buffer);
        avio_context_free(&io);
    }
};

std::string error_text(int status) {
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(status, text.data(), text.size());
    return text.data();
}

/// libav's callbacks over an InputFile, with a position of their own.
struct VirtualFile {
    std::shared_ptr<InputFile> file;
    std::int64_t position = 0;
};

int read_bytes(void* user, std::uint8_t* out, int size) {
    auto& file = *static_cast<VirtualFile*>(user);
    auto count = file.file->read_at(static_cast<std::uint64_t>(file.position), out, static_cast<std::size_t>(size));
    if (!count)
        return AVERROR(EIO);
    file.position += static_cast<std::int64_t>(*count);
    return *count == 0 ? AVERROR_EOF : static_cast<int>(*count);
}

std::int64_t seek(void* user, std::int64_t offset, int whence) {
    auto& file = *static_cast<VirtualFile*>(user);
    const auto size = static_cast<std::int64_t>(file.file->size());
    if ((whence & AVSEEK_SIZE) != 0)
        return size;
    const int origin = whence & ~AVSEEK_FORCE;
    const std::int64_t base = origin == SEEK_SET ? 0 : origin == SEEK_CUR ? file.position : size;
    if (base + offset < 0)
        return AVERROR(EINVAL);
    file.position = base + offset;
    return file.position;
}

/// A recording must not make wm open other files or addresses.
int refuse_to_open(AVFormatContext* /*format*/, AVIOContext** /*io*/, const char* /*url*/, int /*flags*/,
                   AVDictionary** /*options*/) {
    return AVERROR(EPERM);
}

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
        for (std::size_t i = 0; i < count; ++i)
            out[i * num_channels + channel] =
                convert(load_little<Stored>(bytes + sizeof(Stored) * ((first + i) * stride + offset)));
    }
}

bool is_integer_format(AVSampleFormat format) {
    return format == AV_SAMPLE_FMT_U8 || format == AV_SAMPLE_FMT_S16 || format == AV_SAMPLE_FMT_S32;
}

Encoding encoding_of(const AVCodecContext& codec) {
    const AVCodecDescriptor* descriptor = avcodec_descriptor_get(codec.codec_id);
    if (descriptor == nullptr || (descriptor->props & AV_CODEC_PROP_LOSSLESS) == 0)
        return Encoding::kLossy;
    const AVSampleFormat format = av_get_packed_sample_fmt(codec.sample_fmt);
    if (format == AV_SAMPLE_FMT_FLT)
        return Encoding::kFloat32;
    if (format == AV_SAMPLE_FMT_DBL)
        return Encoding::kFloat64;
    const int stored_bits = av_get_bytes_per_sample(format) * 8;
    const int bits = codec.bits_per_raw_sample > 0 ? std::min(codec.bits_per_raw_sample, stored_bits) : stored_bits;
    return integer_encoding(bits, format == AV_SAMPLE_FMT_U8);
}

class LibavReader final : public AudioReader {
public:
    static Result<std::unique_ptr<AudioReader>> open(std::shared_ptr<InputFile> file) {
        av_log_set_level(AV_LOG_QUIET); // the library never prints; libav has one level for the whole process
        std::unique_ptr<LibavReader> reader(new LibavReader(std::move(file)));
        if (auto opened = reader->open_stream(); !opened)
            return tl::unexpected(opened.error());
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
            if (!more)
                return tl::unexpected(more.error());
            if (!*more)
                break;
            take_samples(block, max_samples);
        }
        return block.num_samples;
    }

    Result<void> rewind() override { return open_stream(); }

private:
    explicit LibavReader(std::shared_ptr<InputFile> file)
        : virtual_{std::move(file)}, frame_(av_frame_alloc()), packet_(av_packet_alloc()) {
        source_path_ = virtual_.file->path();
    }

    const std::string& name() const { return virtual_.file->name(); }

    Result<void> open_stream() {
        codec_.reset();
        container_.reset();
        frame_position_ = frame_size_ = 0;
        is_drained_ = false;
        if (auto opened = open_container(); !opened)
            return opened;
        const AVCodec* decoder = nullptr;
        stream_index_ = av_find_best_stream(container_.get(), AVMEDIA_TYPE_AUDIO, -1, -1, &decoder, 0);
        if (stream_index_ == AVERROR_DECODER_NOT_FOUND)
            return fail(ErrorCode::kUnsupported,
                        fmt::format("{}: its audio codec is unknown to the installed libav", name()));
        if (stream_index_ < 0)
            return fail(ErrorCode::kFormat, fmt::format("{} has no audio stream", name()));
        for (unsigned i = 0; i < container_->nb_streams; ++i)
            container_->streams[i]->discard = static_cast<int>(i) == stream_index_ ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
        take_companions();
        return open_codec(*decoder);
    }

    void take_companions() {
        companions_.clear();
        const AVDictionaryEntry* tag = nullptr;
        while ((tag = av_dict_get(container_->metadata, "", tag, AV_DICT_IGNORE_SUFFIX)) != nullptr)
            if (std::find(kTechnicalTags.begin(), kTechnicalTags.end(), tag->key) == kTechnicalTags.end())
                companions_.push_back(fmt::format("tag '{}'", tag->key));
        if (container_->nb_streams > 1)
            companions_.push_back(
                fmt::format("{} other streams (video, audio, subtitles or pictures)", container_->nb_streams - 1));
        if (container_->nb_chapters != 0)
            companions_.push_back(fmt::format("{} chapters", container_->nb_chapters));
    }

    Result<void> open_container() {
        virtual_.position = 0;
        auto* buffer = static_cast<unsigned char*>(av_malloc(kIoBufferBytes));
        io_.reset(avio_alloc_context(buffer, kIoBufferBytes, 0, &virtual_, read_bytes, nullptr, seek));
        AVFormatContext* format = avformat_alloc_context();
        format->pb = io_.get();
        format->flags |= AVFMT_FLAG_CUSTOM_IO;
        format->io_open = refuse_to_open;
        AVDictionary* options = nullptr;
        av_dict_set(&options, "format_whitelist", kDemuxers, 0);
        int status = avformat_open_input(&format, nullptr, nullptr, &options);
        av_dict_free(&options);
        if (status < 0)
            return fail(ErrorCode::kFormat, fmt::format("libav: {}", error_text(status)));
        container_.reset(format);
        status = avformat_find_stream_info(format, nullptr);
        if (status < 0)
            return fail(ErrorCode::kFormat, fmt::format("libav: {}", error_text(status)));
        return {};
    }

    Result<void> open_codec(const AVCodec& decoder) {
        codec_.reset(avcodec_alloc_context3(&decoder));
        const AVStream& stream = *container_->streams[stream_index_];
        int status = avcodec_parameters_to_context(codec_.get(), stream.codecpar);
        codec_->pkt_timebase = stream.time_base; // needed to leave out an encoder's delay and padding
        if (status >= 0)
            status = avcodec_open2(codec_.get(), &decoder, nullptr);
        if (status < 0)
            return fail(ErrorCode::kFormat,
                        fmt::format("{}: cannot decode its {} audio: {}", name(), decoder.name, error_text(status)));
        if (auto checked = check_rate_and_channels(name(), codec_->sample_rate, codec_->ch_layout.nb_channels);
            !checked)
            return checked;
        format_ = av_get_packed_sample_fmt(codec_->sample_fmt);
        if (!is_integer_format(format_) && format_ != AV_SAMPLE_FMT_FLT && format_ != AV_SAMPLE_FMT_DBL)
            return fail(ErrorCode::kUnsupported,
                        fmt::format("{}: {} samples cannot be read; convert it to WAV first", name(), decoder.name));
        spec_.sample_rate_hz = codec_->sample_rate;
        spec_.num_channels = codec_->ch_layout.nb_channels;
        spec_.encoding = encoding_of(*codec_);
        const AVCodecDescriptor* descriptor = avcodec_descriptor_get(codec_->codec_id);
        spec_.codec = descriptor != nullptr && descriptor->long_name != nullptr ? descriptor->long_name : decoder.name;
        return {};
    }

    /// Makes sure that the frame holds samples not yet taken; false at the end.
    Result<bool> have_samples() {
        while (frame_position_ == frame_size_) {
            const int status = avcodec_receive_frame(codec_.get(), frame_.get());
            if (status == AVERROR_EOF)
                return false;
            if (status == AVERROR(EAGAIN)) {
                feed();
                continue;
            }
            if (status < 0)
                return fail(ErrorCode::kFormat, fmt::format("{}: cannot decode: {}", name(), error_text(status)));
            if (frame_->sample_rate != spec_.sample_rate_hz || frame_->ch_layout.nb_channels != spec_.num_channels ||
                av_get_packed_sample_fmt(static_cast<AVSampleFormat>(frame_->format)) != format_)
                return fail(
                    ErrorCode::kUnsupported,
                    fmt::format("{}: its sample rate or channels change in the middle; split it there first", name()));
            frame_position_ = 0;
            frame_size_ = static_cast<std::size_t>(frame_->nb_samples);
        }
        return true;
    }

    /// Gives the decoder its next packet. Packets that it cannot take are damaged, and left out as players do.
    void feed() {
        while (av_read_frame(container_.get(), packet_.get()) >= 0) {
            const bool is_ours = packet_->stream_index == stream_index_;
            const bool is_taken = is_ours && avcodec_send_packet(codec_.get(), packet_.get()) >= 0;
            av_packet_unref(packet_.get());
            if (is_taken)
                return;
        }
        if (!std::exchange(is_drained_, true))
            avcodec_send_packet(codec_.get(), nullptr);
    }

    void take_samples(AudioBlock& block, std::size_t max_samples) {
        const std::size_t count = std::min(max_samples - block.num_samples, frame_size_ - frame_position_);
        const std::size_t offset = block.num_samples * static_cast<std::size_t>(block.num_channels);
        const bool is_planar = av_sample_fmt_is_planar(static_cast<AVSampleFormat>(frame_->format)) != 0;
        const auto integer = [](auto sample) { return to_integer(sample); };
        const auto real = [](auto sample) { return to_real(sample); };
        const AVFrame& frame = *frame_;
        std::int32_t* integers = block.integers.data() + offset;
        double* reals = block.reals.data() + offset;
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

    VirtualFile virtual_;
    std::unique_ptr<AVIOContext, FreeIo> io_;
    std::unique_ptr<AVFormatContext, CloseFormat> container_;
    std::unique_ptr<AVCodecContext, FreeCodec> codec_;
    std::unique_ptr<AVFrame, FreeFrame> frame_;
    std::unique_ptr<AVPacket, FreePacket> packet_;
    AVSampleFormat format_ = AV_SAMPLE_FMT_NONE; ///< the packed form
    int stream_index_ = -1;
    std::size_t frame_position_ = 0;
    std::size_t frame_size_ = 0;
    bool is_drained_ = false;
};

} // namespace

Result<std::unique_ptr<AudioReader>> open_libav(std::shared_ptr<InputFile> file) {
    return LibavReader::open(std::move(file));
}

} // namespace wm
