#pragma once

#include <string>

#include "wm/result.h"

namespace wm::cli {

/// The text of a file, or of standard input for `-`. errors: kIo
Result<std::string> read_text_file(const std::string& path);

/// Writes a text whole or not at all; never over a file. errors: kIo, kUsage (`path` exists)
Result<void> write_text_file(const std::string& path, const std::string& text);

/// The same error, with the file before what is wrong in it.
Error in_file(const std::string& path, const Error& error);

} // namespace wm::cli
