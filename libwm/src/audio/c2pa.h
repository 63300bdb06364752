#pragma once

/// Whether a recording carries a C2PA manifest. Reading it is not libwm's work; saying that a change breaks it is.

#include "audio/byte_source.h"
#include "audio/container_layout.h"

namespace wm {

/// Looks where C2PA 2.1 (appendix A, embedding) puts manifests of audio: a RIFF chunk 'C2PA', a GEOB frame in the ID3v2 tag
/// before MP3 or FLAC, a 'uuid' box of an MP4 file.
///
/// layout   of `source`; without chunks when it is none of the chunked containers
/// errors   kIo
/// cost     reads headers, and at most 1 MiB of an ID3v2 tag
Result<bool> has_c2pa_manifest(const ByteSource& source, const ContainerLayout& layout);

} // namespace wm
