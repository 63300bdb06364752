#include <algorithm>
#include <utility>

#include "audio/pcm_codec.h"
#include "audio/readers.h"

namespace wm {
namespace {

class PcmReader final : public AudioReader {
public:
    PcmReader(std::shared_ptr<InputFile> file, const ContainerLayout& layout)
        : file_(std::move(file)), format_(layout.format), begin_(layout.data_offset), end_(begin_ + layout.data_size),
          next_(begin_) {
        source_path_ = file_->path();
        spec_.sample_rate_hz = format_.sample_rate_hz;
        spec_.num_channels = format_.num_channels;
        spec_.num_samples = static_cast<std::int64_t>(layout.data_size / format_.bytes_per_moment());
        spec_.container = layout.container;
        spec_.encoding = format_.encoding;
        spec_.codec = describe(format_);
    }

    Result<std::size_t> read(AudioBlock& block, std::size_t max_samples) override {
        const std::size_t moment_bytes = format_.bytes_per_moment();
        const std::uint64_t wanted = std::min<std::uint64_t>(max_samples, (end_ - next_) / moment_bytes);
        const auto num_bytes = static_cast<std::size_t>(wanted) * moment_bytes;
        if (bytes_.size() < num_bytes + kPcmSlackBytes) {
            bytes_.resize(num_bytes + kPcmSlackBytes);
        }
        auto got = file_->read_at(next_, bytes_.data(), num_bytes);
        if (!got) {
            return tl::unexpected(got.error());
        }
        block.num_channels = format_.num_channels;
        block.num_samples = *got / moment_bytes;
        next_ += block.num_samples * moment_bytes;
        decode(block);
        return block.num_samples;
    }

    Result<void> rewind() override {
        next_ = begin_;
        return {};
    }

private:
    void decode(AudioBlock& block) const {
        const std::size_t count = block.num_samples * static_cast<std::size_t>(block.num_channels);
        block.is_integer = !format_.is_float();
        if (block.is_integer) {
            block.integers.resize(count);
            decode_integers(format_, bytes_.data(), count, block.integers.data());
        } else {
            block.reals.resize(count);
            decode_reals(format_, bytes_.data(), count, block.reals.data());
        }
    }

    std::shared_ptr<InputFile> file_;
    PcmFormat format_;
    std::uint64_t begin_;
    std::uint64_t end_;
    std::uint64_t next_;
    std::vector<std::uint8_t> bytes_;
};

} // namespace

std::unique_ptr<AudioReader> open_pcm(std::shared_ptr<InputFile> file, const ContainerLayout& layout) {
    return std::make_unique<PcmReader>(std::move(file), layout);
}

} // namespace wm
