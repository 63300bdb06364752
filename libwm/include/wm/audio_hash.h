#pragma once

/// Names recordings by what is heard: for finding exact duplicates, and for knowing one's own output again.

#include <string>

#include "wm/result.h"

namespace wm {

/// XXH3-128 of the decoded samples of `path` (`-`: standard input), 32 lower-case hex digits: the same for the same samples
/// in another container or a larger depth. It covers the sample rate and the number of channels (32-bit little-endian each),
/// then the samples in time order, channels interleaved, as little-endian doubles of full scale +-1.
///
/// Not for use against an enemy: XXH3 is no cryptographic hash, and colliding recordings can be made on purpose.
///
/// errors   kIo, kFormat, kUnsupported
/// cost     that of decoding; constant memory
/// threads  reentrant
Result<std::string> hash_audio_file(const std::string& path);

} // namespace wm
