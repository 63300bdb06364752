#include "audio/libav_api.h"

#include <string>

#include <dlfcn.h>

namespace wm {
namespace {

/// libavformat needs libavcodec and libavutil of its own release, and the loader finds their functions through it.
constexpr const char* kLibrary = "libavformat.so." AV_STRINGIFY(LIBAVFORMAT_VERSION_MAJOR);

struct LoadedLibav {
    LibavApi api;
    std::string error; ///< empty when everything was found
};

std::string loader_error() {
    const char* text = ::dlerror();
    return text != nullptr ? text : "unknown error of the loader";
}

LoadedLibav load() {
    LoadedLibav loaded;
    void* library = ::dlopen(kLibrary, RTLD_LAZY | RTLD_LOCAL);
    if (library == nullptr) {
        loaded.error = loader_error();
        return loaded;
    }
#define WM_FIND(name)                                                                                                  \
    loaded.api.name = reinterpret_cast<decltype(loaded.api.name)>(::dlsym(library, #name));                            \
    if (loaded.api.name == nullptr) {                                                                                  \
        loaded.error = loader_error();                                                                                 \
    }
    WM_LIBAV_FUNCTIONS(WM_FIND)
#undef WM_FIND
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
