/// The only file that reads through libsndfile.

#include <array>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sndfile.h>
#include <unistd.h>

#include "audio/readers.h"

namespace wm {
namespace {

struct CloseSndfile {
    void operator()(SNDFILE* file) const { sf_close(file); }
};
using SndfileHandle = std::unique_ptr<SNDFILE, CloseSndfile>;

/// libsndfile's callbacks over an InputFile, with a position of their own.
struct VirtualFile {
    std::shared_ptr<InputFile> file;
    sf_count_t position = 0;
};

VirtualFile& virtual_file(void* user) {
    return *static_cast<VirtualFile*>(user);
}

sf_count_t get_length(void* user) {
    return static_cast<sf_count_t>(virtual_file(user).file->size());
}

sf_count_t seek(sf_count_t offset, int whence, void* user) {
    VirtualFile& file = virtual_file(user);
    const sf_count_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? file.position : get_length(user);
    if (base + offset < 0) {
        return -1;
    }
    file.position = base + offset;
    return file.position;
}

sf_count_t read_bytes(void* out, sf_count_t count, void* user) {
    VirtualFile& file = virtual_file(user);
    const auto got =
        file.file->read_at(static_cast<std::uint64_t>(file.position), out, static_cast<std::size_t>(count)).value_or(0);
    file.position += static_cast<sf_count_t>(got);
    return static_cast<sf_count_t>(got);
}

sf_count_t refuse_write(const void* /*bytes*/, sf_count_t /*count*/, void* /*user*/) {
    return 0;
}

sf_count_t tell(void* user) {
    return virtual_file(user).position;
}

Encoding encoding_of(int format) {
    switch (format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_S8:
        return Encoding::kPcm8;
    case SF_FORMAT_PCM_U8:
        return Encoding::kPcmU8;
    case SF_FORMAT_PCM_16:
    case SF_FORMAT_ALAC_16:
        return Encoding::kPcm16;
    case SF_FORMAT_PCM_24:
    case SF_FORMAT_ALAC_20:
    case SF_FORMAT_ALAC_24:
        return Encoding::kPcm24;
    case SF_FORMAT_PCM_32:
    case SF_FORMAT_ALAC_32:
        return Encoding::kPcm32;
    case SF_FORMAT_FLOAT:
        return Encoding::kFloat32;
    case SF_FORMAT_DOUBLE:
        return Encoding::kFloat64;
    default:
        return Encoding::kLossy;
    }
}

std::string format_name(int command, int format) {
    SF_FORMAT_INFO info{};
    info.format = format;
    return sf_command(nullptr, command, &info, sizeof info) == 0 && info.name != nullptr ? info.name : "unknown";
}

class SndfileReader final : public AudioReader {
public:
    static Result<std::unique_ptr<AudioReader>> open(std::shared_ptr<InputFile> file) {
        std::unique_ptr<SndfileReader> reader(new SndfileReader(std::move(file)));
        if (auto opened = reader->open_handle(); !opened) {
            return tl::unexpected(opened.error());
        }
        return reader;
    }

    Result<std::size_t> read(AudioBlock& block, std::size_t max_samples) override {
        const std::size_t count = max_samples * static_cast<std::size_t>(spec_.num_channels);
        const auto wanted = static_cast<sf_count_t>(max_samples);
        block.num_channels = spec_.num_channels;
        block.is_integer = is_integer_;
        sf_count_t got = 0;
        if (is_integer_) {
            block.integers.resize(count);
            got = sf_readf_int(handle_.get(), block.integers.data(), wanted);
        } else {
            block.reals.resize(count);
            got = sf_readf_double(handle_.get(), block.reals.data(), wanted);
        }
        block.num_samples = got > 0 ? static_cast<std::size_t>(got) : 0;
        const std::size_t used = block.num_samples * static_cast<std::size_t>(spec_.num_channels);
        is_integer_ ? block.integers.resize(used) : block.reals.resize(used);
        return block.num_samples;
    }

    /// Opens anew instead of seeking: some of libsndfile's decoders give other samples after a seek.
    Result<void> rewind() override { return open_handle(); }

private:
    explicit SndfileReader(std::shared_ptr<InputFile> file) : virtual_{std::move(file)} {
        source_path_ = virtual_.file->path();
    }

    Result<void> open_handle() {
        SF_VIRTUAL_IO callbacks{get_length, seek, read_bytes, refuse_write, tell};
        SF_INFO info{};
        virtual_.position = 0;
        handle_.reset(sf_open_virtual(&callbacks, SFM_READ, &info, &virtual_));
        if (!handle_) {
            return fail(ErrorCode::kFormat, fmt::format("{}: {}", virtual_.file->name(), sf_strerror(nullptr)));
        }
        if (auto checked = check_rate_and_channels(virtual_.file->name(), info.samplerate, info.channels); !checked) {
            return checked;
        }
        take_spec(info);
        return {};
    }

    void take_spec(const SF_INFO& info) {
        const int type = info.format & SF_FORMAT_TYPEMASK;
        spec_.sample_rate_hz = info.samplerate;
        spec_.num_channels = info.channels;
        spec_.num_samples = info.frames > 0 && info.frames < SF_COUNT_MAX ? info.frames : -1;
        spec_.container = type == SF_FORMAT_FLAC ? Container::kFlac : Container::kOther;
        spec_.encoding = encoding_of(info.format);
        spec_.codec = format_name(SFC_GET_FORMAT_INFO, type);
        if (type != SF_FORMAT_FLAC) {
            spec_.codec += ", " + format_name(SFC_GET_FORMAT_INFO, info.format & SF_FORMAT_SUBMASK);
        }
        take_companions();
        is_integer_ = spec_.encoding != Encoding::kLossy && spec_.encoding != Encoding::kFloat32 &&
                      spec_.encoding != Encoding::kFloat64;
    }

    void take_companions() {
        constexpr std::array<std::pair<int, const char*>, 10> kTags{{{SF_STR_TITLE, "title"},
                                                                     {SF_STR_COPYRIGHT, "copyright"},
                                                                     {SF_STR_SOFTWARE, "software"},
                                                                     {SF_STR_ARTIST, "artist"},
                                                                     {SF_STR_COMMENT, "comment"},
                                                                     {SF_STR_DATE, "date"},
                                                                     {SF_STR_ALBUM, "album"},
                                                                     {SF_STR_LICENSE, "license"},
                                                                     {SF_STR_TRACKNUMBER, "track number"},
                                                                     {SF_STR_GENRE, "genre"}}};
        companions_.clear();
        for (const auto& [tag, tag_name] : kTags) {
            if (spec_.container != Container::kFlac && sf_get_string(handle_.get(), tag) != nullptr) {
                companions_.push_back(fmt::format("tag '{}'", tag_name));
            }
        }
    }

    VirtualFile virtual_;
    SndfileHandle handle_;
    bool is_integer_ = true;
};

} // namespace

Result<std::unique_ptr<AudioReader>> open_sndfile(std::shared_ptr<InputFile> file) {
    return SndfileReader::open(std::move(file));
}

} // namespace wm
