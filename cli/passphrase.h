#pragma once

/// Where passphrases come from: a file, the environment variable WM_PASSPHRASE, or a person at the terminal.

#include <string>
#include <vector>

#include "console.h"
#include "wm/key.h"

namespace wm::cli {

/// The first line of `path`, without its end-of-line. errors: kIo; kUsage when it is empty
Result<std::string> read_passphrase_file(const std::string& path);

/// Whether a passphrase comes from a file or the environment, so that nobody needs to be asked.
bool passphrase_is_prepared(const std::string& file);

/// The passphrase for a new key: the file's when a path is given, else WM_PASSPHRASE's, else the one typed twice.
Result<std::string> new_passphrase(const std::string& file);

/// Loads the key at `path`; when it is protected, its passphrase comes from `file`, WM_PASSPHRASE or the terminal.
/// A file that others can read is warned of.
Result<Key> load_key(const std::string& path, const std::string& file, Console& console);

/// Loads keys; a folder stands for all the *.key files in it. A key named twice is loaded once.
Result<std::vector<Key>> load_keys(const std::vector<std::string>& paths, const std::string& file, Console& console);

} // namespace wm::cli
