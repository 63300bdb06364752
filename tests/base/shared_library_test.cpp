#include "base/shared_library.h"

#include <cstddef>

#include <gtest/gtest.h>

namespace wm {
namespace {

TEST(SharedLibrary, FindsAFunction) {
    SharedLibrary library("libc.so.6");
    std::size_t (*length)(const char*) = nullptr;
    library.find("strlen", length);
    ASSERT_EQ(library.error(), "");
    EXPECT_EQ(length("four"), 4U);
}

TEST(SharedLibrary, SaysWhatIsMissing) {
    SharedLibrary library("libc.so.6");
    void (*function)() = nullptr;
    library.find("no_such_function", function);
    EXPECT_EQ(function, nullptr);
    EXPECT_NE(library.error().find("no_such_function"), std::string::npos);
    SharedLibrary absent("libno-such-library.so.9");
    absent.find("strlen", function);
    EXPECT_EQ(function, nullptr);
    EXPECT_NE(absent.error().find("libno-such-library.so.9"), std::string::npos);
}

} // namespace
} // namespace wm
