#pragma once

#include <string>

namespace wm {

/// A library that is used where it is installed, and done without elsewhere. Once loaded it stays.
class SharedLibrary {
public:
    /// name  as the loader knows it, such as libx.so.1
    explicit SharedLibrary(const char* name);

    /// Points `function` to the library's function of that name; null, and an error, when there is none.
    template <class Function>
    void find(const char* name, Function*& function) {
        function = reinterpret_cast<Function*>(address_of(name));
    }

    /// What the loader said last, empty when everything was found.
    const std::string& error() const { return error_; }

private:
    void* address_of(const char* name);

    void* library_;
    std::string error_;
};

} // namespace wm
