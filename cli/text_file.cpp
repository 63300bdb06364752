#include "text_file.h"

#include <cerrno>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>

#include <fmt/format.h>

#include "base/new_file.h"

namespace wm::cli {

Result<std::string> read_text_file(const std::string& path) {
    std::ifstream file;
    if (path != "-") {
        file.open(path, std::ios::binary);
    }
    std::istream& stream = path == "-" ? std::cin : file;
    std::string text(std::istreambuf_iterator<char>(stream), {});
    if (stream.bad() || (path != "-" && !file.is_open())) {
        return fail(ErrorCode::kIo, fmt::format("cannot read {}: {}", path, std::generic_category().message(errno)));
    }
    return text;
}

Result<void> write_text_file(const std::string& path, const std::string& text) {
    constexpr unsigned kForEverybody = 0644;
    return write_new_file(path, text, kForEverybody);
}

Error in_file(const std::string& path, const Error& error) {
    return error.code == ErrorCode::kIo ? error : Error{error.code, fmt::format("{}: {}", path, error.message)};
}

} // namespace wm::cli
