#pragma once

/// The three ways to decode a recording; AudioReader::open chooses.

#include <memory>

#include "audio/audio_file.h"
#include "audio/byte_source.h"
#include "audio/container_layout.h"

namespace wm {

/// Reads linear samples straight from the container that `layout` describes.
std::unique_ptr<AudioReader> open_pcm(std::shared_ptr<InputFile> file, const ContainerLayout& layout);

/// Reads what libsndfile knows: FLAC, MP3, Ogg, Opus, CAF, AU, compressed WAV and more.
/// errors   kFormat: libsndfile does not know or believe the file; kUnsupported (rate, channels)
Result<std::unique_ptr<AudioReader>> open_sndfile(std::shared_ptr<InputFile> file);

#ifdef WM_HAVE_LIBAV
/// Reads the best audio stream of what libav knows: AAC, M4A, MP4, WebM, Matroska and more. Opens nothing but `file`.
/// errors   kFormat, kUnsupported
Result<std::unique_ptr<AudioReader>> open_libav(std::shared_ptr<InputFile> file);
#endif

} // namespace wm
