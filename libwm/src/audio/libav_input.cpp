#include "audio/libav_input.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "audio/libav_api.h"

namespace wm {
namespace {

/// Formats that hold their own samples. Play lists and scripts, which name other files, are left out on purpose.
constexpr const char* kDemuxers = "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dsf,dts,dtshd,eac3,flac,flv,gsm,"
                                  "loas,matroska,mlp,mov,mp3,mpc,mpc8,mpeg,"
                                  "mpegts,nut,ogg,oma,rm,tak,truehd,tta,voc,w64,wav,webm,wv,xwma";
/// Facts about the container, which libav lists among the tags.
constexpr std::array<std::string_view, 4> kTechnicalTags{"major_brand", "minor_version", "compatible_brands",
                                                         "encoder"};
constexpr int kIoBufferBytes = 1 << 16;

/// A recording must not make wm open other files or addresses.
int refuse_to_open(AVFormatContext* /*format*/, AVIOContext** /*io*/, const char* /*url*/, int /*flags*/,
                   AVDictionary** /*options*/) {
    return AVERROR(EPERM);
}

} // namespace

std::string libav_error_text(int status) {
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    libav().av_strerror(status, text.data(), text.size());
    return text.data();
}

LibavInput::LibavInput(std::shared_ptr<InputFile> file) : file_(std::move(file)) {}

LibavInput::~LibavInput() {
    libav().avformat_close_input(&format_);
    if (io_ != nullptr) {
        libav().av_freep(&io_->buffer);
    }
    libav().avio_context_free(&io_);
}

Result<std::unique_ptr<LibavInput>> LibavInput::open(std::shared_ptr<InputFile> file) {
    libav().av_log_set_level(AV_LOG_QUIET); // the library never prints; libav has one level for the whole process
    std::unique_ptr<LibavInput> input(new LibavInput(std::move(file)));
    if (auto opened = input->open_format(); !opened) {
        return tl::unexpected(opened.error());
    }
    return input;
}

Result<void> LibavInput::open_format() {
    auto* buffer = static_cast<unsigned char*>(libav().av_malloc(kIoBufferBytes));
    io_ = libav().avio_alloc_context(buffer, kIoBufferBytes, 0, this, read_bytes, nullptr, seek);
    format_ = libav().avformat_alloc_context();
    format_->pb = io_;
    format_->flags |= AVFMT_FLAG_CUSTOM_IO;
    format_->io_open = refuse_to_open;
    AVDictionary* options = nullptr;
    libav().av_dict_set(&options, "format_whitelist", kDemuxers, 0);
    int status =
        libav().avformat_open_input(&format_, nullptr, nullptr, &options); // on failure it frees and clears format_
    libav().av_dict_free(&options);
    if (status >= 0) {
        status = libav().avformat_find_stream_info(format_, nullptr);
    }
    if (status < 0) {
        return fail(ErrorCode::kFormat, fmt::format("libav: {}", libav_error_text(status)));
    }
    return {};
}

int LibavInput::read_bytes(void* user, std::uint8_t* out, int size) {
    auto& input = *static_cast<LibavInput*>(user);
    auto count = input.file_->read_at(static_cast<std::uint64_t>(input.position_), out, static_cast<std::size_t>(size));
    if (!count) {
        return AVERROR(EIO);
    }
    input.position_ += static_cast<std::int64_t>(*count);
    return *count == 0 ? AVERROR_EOF : static_cast<int>(*count);
}

std::int64_t LibavInput::seek(void* user, std::int64_t offset, int whence) {
    auto& input = *static_cast<LibavInput*>(user);
    const auto size = static_cast<std::int64_t>(input.file_->size());
    if ((whence & AVSEEK_SIZE) != 0) {
        return size;
    }
    const int origin = whence & ~AVSEEK_FORCE;
    const std::int64_t base = origin == SEEK_SET ? 0 : origin == SEEK_CUR ? input.position_ : size;
    if (base + offset < 0) {
        return AVERROR(EINVAL);
    }
    input.position_ = base + offset;
    return input.position_;
}

bool LibavInput::read_packet(int stream_index, AVPacket& packet) {
    while (libav().av_read_frame(format_, &packet) >= 0) {
        if (packet.stream_index == stream_index) {
            return true;
        }
        libav().av_packet_unref(&packet);
    }
    return false;
}

std::vector<std::string> LibavInput::companions() const {
    std::vector<std::string> companions;
    const AVDictionaryEntry* tag = nullptr;
    while ((tag = libav().av_dict_get(format_->metadata, "", tag, AV_DICT_IGNORE_SUFFIX)) != nullptr) {
        if (std::find(kTechnicalTags.begin(), kTechnicalTags.end(), tag->key) == kTechnicalTags.end()) {
            companions.push_back(fmt::format("tag '{}'", tag->key));
        }
    }
    if (format_->nb_streams > 1) {
        companions.push_back(
            fmt::format("{} other streams (video, audio, subtitles or pictures)", format_->nb_streams - 1));
    }
    if (format_->nb_chapters != 0) {
        companions.push_back(fmt::format("{} chapters", format_->nb_chapters));
    }
    return companions;
}

} // namespace wm
