#pragma once

/// The metadata blocks of a FLAC file (RFC 9639, section 8).

#include <cstdint>
#include <string>
#include <vector>

#include "audio/byte_source.h"

namespace wm {

enum class FlacBlockType : std::uint8_t {
    kStreamInfo = 0,
    kPadding = 1,
    kApplication = 2,
    kSeekTable = 3,
    kVorbisComment = 4,
    kCueSheet = 5,
    kPicture = 6,
};

inline constexpr std::size_t kFlacBlockHeaderBytes = 4;
inline constexpr std::size_t kFlacStreamInfoBytes = 34;

struct FlacBlock {
    FlacBlockType type = FlacBlockType::kStreamInfo;
    std::uint64_t payload_offset = 0; ///< its header is the four bytes before
    std::uint32_t payload_size = 0;
};

struct FlacLayout {
    std::uint64_t stream_offset = 0; ///< of "fLaC": after an ID3v2 tag, where there is one
    std::vector<FlacBlock> blocks;   ///< in the file's order; STREAMINFO first
    std::uint64_t audio_offset = 0;
};

/// Whether the file begins as FLAC does, after an ID3v2 tag where there is one. errors kIo
Result<bool> is_flac(const ByteSource& source);

/// errors   kFormat (not FLAC, metadata cut short), kIo
Result<FlacLayout> scan_flac(const ByteSource& source);

/// What a FLAC source loses in another container, one line a block. Errors as scan_flac.
Result<std::vector<std::string>> warnings_of_flac_blocks(const ByteSource& source);

/// Four bytes: type, size and whether it is the last block.
std::string make_flac_block_header(FlacBlockType type, std::size_t payload_size, bool is_last);

/// Bytes of the ID3v2 tag at the start of a file; 0 without one. errors kIo
Result<std::uint64_t> id3v2_size(const ByteSource& source);

} // namespace wm
