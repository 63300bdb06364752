#include "fingerprint/chromaprint_api.h"

#include <string>

#include <dlfcn.h>

namespace wm {
namespace {

constexpr const char* kLibrary = "libchromaprint.so.1";

struct LoadedChromaprint {
    ChromaprintApi api;
    std::string error; ///< empty when everything was found
};

std::string loader_error() {
    const char* text = ::dlerror();
    return text != nullptr ? text : "unknown error of the loader";
}

LoadedChromaprint load() {
    LoadedChromaprint loaded;
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
    WM_CHROMAPRINT_FUNCTIONS(WM_FIND)
#undef WM_FIND
    return loaded;
}

} // namespace

Result<const ChromaprintApi*> load_chromaprint() {
    static const LoadedChromaprint loaded = load();
    if (!loaded.error.empty()) {
        return fail(ErrorCode::kUnsupported, loaded.error);
    }
    return &loaded.api;
}

} // namespace wm
