#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "audio/pcm_codec.h"
#include "audio/sample_mixer.h"
#include "audio/writers.h"

namespace wm {
namespace {

constexpr std::size_t kRunValues = 4096;                  ///< mixed and encoded while they are in the first-level cache
constexpr std::size_t kWriteBytes = std::size_t{1} << 18; ///< handed to the system at once

class PcmWriter final : public FileWriter {
public:
    PcmWriter(std::unique_ptr<OutputFile> output, std::shared_ptr<InputFile> source, const AudioSpec& spec,
              OutputPlan plan)
        : FileWriter(std::move(output), std::move(plan.warnings)), source_(std::move(source)), plan_(std::move(plan)),
          mixer_(spec, plan_.format) {}

    Result<void> begin() { return write_segments(plan_.before); }

    Result<void> write(const AudioBlock& host, const float* const* residual) override {
        const std::size_t run = kRunValues / static_cast<std::size_t>(plan_.format.num_channels);
        for (std::size_t first = 0; first < host.num_samples; first += run) {
            const std::size_t count = std::min(run, host.num_samples - first);
            encode_run(host, residual, first, count);
            if (num_waiting_ >= kWriteBytes) {
                if (auto written = write_waiting(); !written) {
                    return written;
                }
            }
        }
        return {};
    }

    Result<void> finish() override {
        if (auto written = write_waiting(); !written) {
            return written;
        }
        auto end = plan_.end(data_size_);
        if (!end) {
            return tl::unexpected(end.error());
        }
        if (auto written = write_segments(end->segments); !written) {
            return written;
        }
        for (const Patch& patch : end->patches) {
            if (auto patched = output_->patch(patch.offset, patch.bytes.data(), patch.bytes.size()); !patched) {
                return patched;
            }
        }
        warn_of_clipping(mixer_.num_clipped());
        return output_->sync();
    }

private:
    void encode_run(const AudioBlock& host, const float* const* residual, std::size_t first, std::size_t count) {
        const std::size_t num_values = count * static_cast<std::size_t>(plan_.format.num_channels);
        const std::size_t size = count * plan_.format.bytes_per_moment();
        bytes_.resize(std::max(bytes_.size(), num_waiting_ + size + kPcmSlackBytes));
        std::uint8_t* out = bytes_.data() + num_waiting_;
        num_waiting_ += size;
        if (plan_.format.is_float()) {
            reals_.resize(std::max(reals_.size(), num_values));
            mixer_.mix_reals(host, residual, first, count, reals_.data());
            encode_reals(plan_.format, reals_.data(), num_values, out);
        } else {
            integers_.resize(std::max(integers_.size(), num_values));
            mixer_.mix_integers(host, residual, first, count, integers_.data());
            encode_integers(plan_.format, integers_.data(), num_values, out);
        }
    }

    Result<void> write_waiting() {
        data_size_ += num_waiting_;
        return output_->write(bytes_.data(), std::exchange(num_waiting_, 0));
    }

    Result<void> write_segments(const std::vector<OutputPart>& segments) {
        for (const OutputPart& segment : segments) {
            auto written = segment.literal.empty() ? output_->copy_from(*source_, segment.offset, segment.size)
                                                   : output_->write(segment.literal.data(), segment.literal.size());
            if (!written) {
                return written;
            }
        }
        return {};
    }

    std::shared_ptr<InputFile> source_;
    OutputPlan plan_;
    SampleMixer mixer_;
    std::uint64_t data_size_ = 0;
    std::vector<std::uint8_t> bytes_; ///< encoded
    std::size_t num_waiting_ = 0;     ///< of them, not yet written
    std::vector<std::int32_t> integers_;
    std::vector<double> reals_;
};

} // namespace

void FileWriter::warn_of_clipping(std::uint64_t num_clipped) {
    if (num_clipped != 0) {
        warnings_.push_back(fmt::format("{} samples were cut at full scale", num_clipped));
    }
}

Result<std::unique_ptr<AudioWriter>> create_pcm_writer(std::unique_ptr<OutputFile> output,
                                                       std::shared_ptr<InputFile> source, const AudioSpec& spec,
                                                       OutputPlan plan) {
    auto writer = std::make_unique<PcmWriter>(std::move(output), std::move(source), spec, std::move(plan));
    if (auto begun = writer->begin(); !begun) {
        return tl::unexpected(begun.error());
    }
    return writer;
}

} // namespace wm
