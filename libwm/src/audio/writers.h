#pragma once

/// The two ways to encode an output; AudioWriter::create chooses.

#include <memory>
#include <string>
#include <vector>

#include "audio/audio_file.h"
#include "audio/byte_source.h"
#include "audio/flac_metadata_plan.h"
#include "audio/output_file.h"
#include "audio/output_plan.h"

namespace wm {

/// What every writer does with its file, and its list of warnings.
class FileWriter : public AudioWriter {
public:
    Result<void> commit() override { return output_->commit(); }
    const std::string& temporary_path() const override { return output_->temporary_path(); }
    const std::vector<std::string>& warnings() const override { return warnings_; }

protected:
    FileWriter(std::unique_ptr<OutputFile> output, std::vector<std::string> warnings)
        : output_(std::move(output)), warnings_(std::move(warnings)) {}

    void warn_of_clipping(std::uint64_t num_clipped);

    std::unique_ptr<OutputFile> output_;
    std::vector<std::string> warnings_;
};

/// Writes linear samples as `plan` says.
/// errors   kIo
Result<std::unique_ptr<AudioWriter>> create_pcm_writer(std::unique_ptr<OutputFile> output,
                                                       std::shared_ptr<InputFile> source, const AudioSpec& spec,
                                                       OutputPlan plan);

/// Writes FLAC at 8, 16 or 24 bits through libsndfile, with the blocks of `metadata`.
/// errors   kIo
Result<std::unique_ptr<AudioWriter>> create_flac_writer(std::unique_ptr<OutputFile> output,
                                                        std::shared_ptr<InputFile> source, const AudioSpec& spec,
                                                        FlacMetadataPlan metadata, std::vector<std::string> warnings);

} // namespace wm
