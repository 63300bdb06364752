#include "base/shared_library.h"

#include <dlfcn.h>

namespace wm {
namespace {

std::string loader_error() {
    const char* text = ::dlerror();
    return text != nullptr ? text : "unknown error of the loader";
}

} // namespace

SharedLibrary::SharedLibrary(const char* name) : library_(::dlopen(name, RTLD_LAZY | RTLD_LOCAL)) {
    if (library_ == nullptr) {
        error_ = loader_error();
    }
}

void* SharedLibrary::address_of(const char* name) {
    if (library_ == nullptr) {
        return nullptr;
    }
    void* address = ::dlsym(library_, name);
    if (address == nullptr) {
        error_ = loader_error();
    }
    return address;
}

} // namespace wm
