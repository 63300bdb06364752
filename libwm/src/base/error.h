#pragma once

#include <string>

#include "wm/result.h"

namespace wm {

/// The operating system's words for an errno value; thread-safe.
std::string errno_text(int error_number);

} // namespace wm
