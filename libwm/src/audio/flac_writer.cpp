/// With whole_audio.cpp the only file that writes through libsndfile.
///
/// libsndfile writes a FLAC file of its own into a virtual one. Its header is caught, the output begins with the source's
/// metadata blocks instead, and the frames follow as they come:
///
///     virtual   fLaC STREAMINFO VORBIS_COMMENT            frames ...
///     output    fLaC STREAMINFO (blocks of the source)    frames ...

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <sndfile.h>

#include "audio/sample_mixer.h"
#include "audio/writers.h"
#include "base/byte_order.h"

namespace wm {
namespace {

constexpr std::size_t kRunSamples = 4096;
constexpr std::size_t kMagicBytes = 4;
constexpr std::size_t kStreamInfoEnd = kMagicBytes + kFlacBlockHeaderBytes + kFlacStreamInfoBytes;

struct CloseSndfile {
    void operator()(SNDFILE* file) const { sf_close(file); }
};

/// The size of a FLAC header once `bytes` hold all of it.
std::optional<std::size_t> header_size(const std::string& bytes) {
    std::size_t offset = kMagicBytes;
    for (bool is_last = false; !is_last;) {
        if (bytes.size() < offset + kFlacBlockHeaderBytes) {
            return std::nullopt;
        }
        const auto word = load_big<std::uint32_t>(bytes.data() + offset);
        is_last = (word >> 31) != 0;
        offset += kFlacBlockHeaderBytes + (word & 0xFFFFFF);
    }
    return bytes.size() < offset ? std::nullopt : std::optional(offset);
}

/// Marks the last of the metadata blocks that `bytes` begin with, or none.
void set_last(std::string& bytes, bool is_last) {
    std::size_t offset = kMagicBytes;
    for (;;) {
        const auto size = load_big<std::uint32_t>(bytes.data() + offset) & 0xFFFFFF;
        const std::size_t next = offset + kFlacBlockHeaderBytes + size;
        const bool is_end = next >= bytes.size();
        bytes[offset] = static_cast<char>((bytes[offset] & 0x7F) | (is_end && is_last ? 0x80 : 0));
        if (is_end) {
            return;
        }
        offset = next;
    }
}

class FlacWriter final : public FileWriter {
public:
    FlacWriter(std::unique_ptr<OutputFile> output, std::shared_ptr<InputFile> source, const AudioSpec& spec,
               FlacMetadataPlan metadata)
        : FileWriter(std::move(output), {}), source_(std::move(source)), format_(output_format(Container::kFlac, spec)),
          mixer_(spec, format_), metadata_(std::move(metadata)) {}

    ~FlacWriter() override { encoder_.reset(); }

    Result<void> begin(std::vector<std::string> warnings) {
        warnings_ = std::move(warnings);
        SF_VIRTUAL_IO callbacks{get_length, seek, read_back, write_bytes, tell};
        SF_INFO info{};
        info.samplerate = format_.sample_rate_hz;
        info.channels = format_.num_channels;
        info.format = SF_FORMAT_FLAC | (format_.valid_bits == 8    ? SF_FORMAT_PCM_S8
                                        : format_.valid_bits == 16 ? SF_FORMAT_PCM_16
                                                                   : SF_FORMAT_PCM_24);
        encoder_.reset(sf_open_virtual(&callbacks, SFM_WRITE, &info, this));
        if (!encoder_) {
            return fail(ErrorCode::kInternal, fmt::format("libsndfile cannot write FLAC: {}", sf_strerror(nullptr)));
        }
        return {};
    }

    Result<void> write(const AudioBlock& host, const float* const* residual) override {
        integers_.resize(kRunSamples * static_cast<std::size_t>(format_.num_channels));
        for (std::size_t first = 0; first < host.num_samples; first += kRunSamples) {
            const std::size_t count = std::min(kRunSamples, host.num_samples - first);
            mixer_.mix_integers(host, residual, first, count, integers_.data());
            const auto wanted = static_cast<sf_count_t>(count);
            if (sf_writef_int(encoder_.get(), integers_.data(), wanted) != wanted || error_) {
                return encoding_error();
            }
        }
        return {};
    }

    Result<void> finish() override {
        const int status = sf_close(encoder_.release());
        if (status == SF_ERR_NO_ERROR && !error_ && length_ == 0) {
            return fail(ErrorCode::kUnsupported,
                        "libsndfile writes no FLAC file without samples: write a .wav instead");
        }
        if (status != SF_ERR_NO_ERROR || error_ || !header_size_) {
            return encoding_error();
        }
        const std::string streaminfo = header_.substr(kMagicBytes + kFlacBlockHeaderBytes, kFlacStreamInfoBytes);
        const std::uint64_t offset = metadata_.num_leading_bytes + kMagicBytes + kFlacBlockHeaderBytes;
        if (auto patched = output_->patch(offset, streaminfo.data(), streaminfo.size()); !patched) {
            return patched;
        }
        warn_of_clipping(mixer_.num_clipped());
        return output_->sync();
    }

private:
    Result<void> encoding_error() const {
        if (error_) {
            return tl::unexpected(*error_);
        }
        return fail(ErrorCode::kInternal, fmt::format("libsndfile cannot write FLAC: {}", sf_strerror(encoder_.get())));
    }

    Result<void> write_text(const std::string& bytes) { return output_->write(bytes.data(), bytes.size()); }

    Result<void> write_header() {
        if (auto copied = output_->copy_from(*source_, 0, metadata_.num_leading_bytes); !copied) {
            return copied;
        }
        std::string start = header_.substr(0, metadata_.has_encoder_comment ? header_.size() : kStreamInfoEnd);
        set_last(start, metadata_.blocks.empty());
        auto written = write_text(start);
        for (std::size_t i = 0; i < metadata_.blocks.size() && written; ++i) {
            written = write_block(metadata_.blocks[i], i + 1 == metadata_.blocks.size());
        }
        return written;
    }

    Result<void> write_block(const FlacOutputBlock& block, bool is_last) {
        auto written = write_text(make_flac_block_header(block.type, total_bytes(block.payload), is_last));
        for (std::size_t i = 0; i < block.payload.size() && written; ++i) {
            const OutputPart& segment = block.payload[i];
            written = segment.literal.empty() ? output_->copy_from(*source_, segment.offset, segment.size)
                                              : write_text(segment.literal);
        }
        return written;
    }

    /// Takes bytes of the virtual file at `position_`: header bytes into memory, frames into the output.
    Result<void> accept(std::string_view bytes) {
        const auto position = static_cast<std::size_t>(position_);
        if (!header_size_) {
            header_.resize(std::max(header_.size(), position + bytes.size()));
            header_.replace(position, bytes.size(), bytes);
            header_size_ = header_size(header_);
            if (!header_size_) {
                return {};
            }
            const std::string frames = header_.substr(*header_size_);
            header_.resize(*header_size_);
            auto written = write_header();
            return written ? output_->write(frames.data(), frames.size()) : written;
        }
        const std::size_t in_header = position < *header_size_ ? std::min(bytes.size(), *header_size_ - position) : 0;
        if (in_header != 0) {
            header_.replace(position, in_header, bytes.substr(0, in_header));
        }
        return output_->write(bytes.data() + in_header, bytes.size() - in_header);
    }

    static FlacWriter& self(void* user) { return *static_cast<FlacWriter*>(user); }
    static sf_count_t get_length(void* user) { return self(user).length_; }
    static sf_count_t tell(void* user) { return self(user).position_; }
    static sf_count_t read_back(void* /*out*/, sf_count_t /*count*/, void* /*user*/) { return 0; }

    static sf_count_t seek(sf_count_t offset, int whence, void* user) {
        FlacWriter& writer = self(user);
        const sf_count_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? writer.position_ : writer.length_;
        writer.position_ = base + offset;
        return writer.position_;
    }

    static sf_count_t write_bytes(const void* bytes, sf_count_t count, void* user) {
        FlacWriter& writer = self(user);
        auto accepted = writer.accept({static_cast<const char*>(bytes), static_cast<std::size_t>(count)});
        if (!accepted) {
            writer.error_ = accepted.error();
            return 0;
        }
        writer.position_ += count;
        writer.length_ = std::max(writer.length_, writer.position_);
        return count;
    }

    std::shared_ptr<InputFile> source_;
    PcmFormat format_;
    SampleMixer mixer_;
    FlacMetadataPlan metadata_;
    std::vector<std::int32_t> integers_;
    std::string header_; ///< of the virtual file
    std::optional<std::size_t> header_size_;
    sf_count_t position_ = 0;
    sf_count_t length_ = 0;
    std::optional<Error> error_;
    std::unique_ptr<SNDFILE, CloseSndfile> encoder_; ///< last: closing it still writes to the members above
};

} // namespace

Result<std::unique_ptr<AudioWriter>> create_flac_writer(std::unique_ptr<OutputFile> output,
                                                        std::shared_ptr<InputFile> source, const AudioSpec& spec,
                                                        FlacMetadataPlan metadata, std::vector<std::string> warnings) {
    auto writer = std::make_unique<FlacWriter>(std::move(output), std::move(source), spec, std::move(metadata));
    if (auto begun = writer->begin(std::move(warnings)); !begun) {
        return tl::unexpected(begun.error());
    }
    return writer;
}

} // namespace wm
