#include "fingerprint/chromaprint_api.h"

#include <string>

#include "base/shared_library.h"

namespace wm {
namespace {

constexpr const char* kLibrary = "libchromaprint.so.1";

struct LoadedChromaprint {
    ChromaprintApi api;
    std::string error; ///< empty when everything was found
};

LoadedChromaprint load() {
    SharedLibrary library(kLibrary);
    LoadedChromaprint loaded;
#define WM_FIND(name) library.find(#name, loaded.api.name);
    WM_CHROMAPRINT_FUNCTIONS(WM_FIND)
#undef WM_FIND
    loaded.error = library.error();
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
