#pragma once

/// What stands between a FLAC output's STREAMINFO and its frames.

#include <string>
#include <vector>

#include "audio/flac_layout.h"
#include "audio/output_plan.h"

namespace wm {

struct FlacOutputBlock {
    FlacBlockType type = FlacBlockType::kApplication;
    std::vector<OutputPart> payload;
};

struct FlacMetadataPlan {
    std::uint64_t num_leading_bytes = 0; ///< of the source, before "fLaC": an ID3v2 tag
    std::vector<FlacOutputBlock> blocks;
    bool has_encoder_comment = true; ///< the encoder's own VORBIS_COMMENT comes first
};

/// From a FLAC source: every block but STREAMINFO and SEEKTABLE, in order. From a WAV, RF64, BW64, W64 or AIFF source whose
/// integers fit: its chunks in APPLICATION blocks, as `flac --keep-foreign-metadata` stores and restores them. What cannot be
/// kept is added to `warnings`.
///
/// source  FLAC, "Foreign metadata", https://xiph.org/flac/documentation_tools_flac.html
/// errors  kFormat (damaged FLAC metadata), kIo
Result<FlacMetadataPlan> plan_flac_metadata(const PlanRequest& request, std::vector<std::string>& warnings);

} // namespace wm
