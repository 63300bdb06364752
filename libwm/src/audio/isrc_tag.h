#pragma once

/// The ISRC that a recording's own tags name. Anybody can write tags: they are a hint, and no proof.

#include <string>

#include "audio/byte_source.h"
#include "audio/container_layout.h"

namespace wm {

/// Looks into the TSRC frame of an ID3v2 tag (before MP3 or FLAC, or in a RIFF or AIFF chunk), a FLAC file's comments, and the
/// 'axml' chunk of a broadcast wave file (EBU Tech 3352). RIFF INFO's ISRC is not that: it names the source of a recording.
///
/// layout   of `source`; without chunks when it is none of the chunked containers
/// returns  twelve upper-case letters and digits, not checked further; empty when no such tag is there
/// errors   kIo
/// cost     reads headers, and at most 1 MiB of each tag
Result<std::string> read_isrc_tag(const ByteSource& source, const ContainerLayout& layout);

} // namespace wm
