#include <utility>

#include <fmt/format.h>

#include "audio/flac_layout.h"
#include "audio/readers.h"

namespace wm {
namespace {

Result<std::unique_ptr<AudioReader>> open_encoded(const std::shared_ptr<InputFile>& file) {
    auto flac = is_flac(*file);
    if (!flac) {
        return tl::unexpected(flac.error());
    }
    if (*flac) { // the libraries take a file that is cut inside its metadata for an empty recording
        if (auto layout = scan_flac(*file); !layout) {
            return tl::unexpected(layout.error());
        }
    }
    auto by_sndfile = open_sndfile(file);
    if (by_sndfile || by_sndfile.error().code == ErrorCode::kUnsupported) {
        return by_sndfile;
    }
#ifdef WM_HAVE_LIBAV
    auto by_libav = open_libav(file);
    if (by_libav || by_libav.error().code == ErrorCode::kUnsupported) {
        return by_libav;
    }
    return fail(ErrorCode::kFormat,
                fmt::format("{} is no recording that wm can read ({})", file->name(), by_libav.error().message));
#else
    return fail(
        ErrorCode::kFormat,
        fmt::format(
            "{} is no recording that wm can read ({}). This build has no libav: AAC, M4A, MP4 and WebM need one "
            "configured with WM_WITH_LIBAV=ON",
            file->name(), by_sndfile.error().message));
#endif
}

} // namespace

Result<std::unique_ptr<AudioReader>> AudioReader::open(const std::string& path) {
    auto file = InputFile::open(path);
    if (!file) {
        return tl::unexpected(file.error());
    }
    if ((*file)->size() == 0) {
        return fail(ErrorCode::kFormat, fmt::format("{} is empty: it holds no recording", (*file)->name()));
    }
    auto layout = scan_container(**file);
    if (!layout) {
        return tl::unexpected(layout.error());
    }
    return layout->is_linear ? open_pcm(std::move(*file), *layout) : open_encoded(*file);
}

} // namespace wm
