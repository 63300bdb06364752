#pragma once

#include <span>
#include <string>

#include "wm/result.h"

namespace wm {

/// Writes a file whole or not at all, with these permissions (default: for its owner alone): beside `path`, flushed to disk, then moved into place. An existing
/// file is never replaced, even when it appears meanwhile.
/// errors   kUsage (`path` exists), kIo
Result<void> write_new_file(const std::string& path, std::span<const char> bytes, unsigned permissions = 0600);

/// Gives the whole file `from` the name `to`, in the same file system, so that a power cut loses neither; an existing file is
/// never replaced.
/// errors   kUsage (`to` exists), kIo
Result<void> move_new_file(const std::string& from, const std::string& to);

} // namespace wm
