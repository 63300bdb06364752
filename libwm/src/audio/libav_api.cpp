#include "audio/libav_api.h"

#include <string>

#include "base/shared_library.h"

namespace wm {
namespace {

/// libavformat needs libavcodec and libavutil of its own release, and the loader finds their functions through it.
constexpr const char* kLibrary = "libavformat.so." AV_STRINGIFY(LIBAVFORMAT_VERSION_MAJOR);

struct LoadedLibav {
    LibavApi api;
    std::string error; ///< empty when everything was found
};

LoadedLibav load() {
    SharedLibrary library(kLibrary);
    LoadedLibav loaded;
#define WM_FIND(name) library.find(#name, loaded.api.name);
    WM_LIBAV_FUNCTIONS(WM_FIND)
#undef WM_FIND
    loaded.error = library.error();
    return loaded;
}

const LoadedLibav& instance() {
    static const LoadedLibav loaded = load();
    return loaded;
}

} // namespace

Result<void> load_libav() {
    if (!instance().error.empty()) {
        return fail(ErrorCode::kUnsupported, instance().error);
    }
    return {};
}

const LibavApi& libav() {
    return instance().api;
}

} // namespace wm
