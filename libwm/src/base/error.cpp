#include "base/error.h"

#include <cerrno>
#include <cstring>

namespace wm {

std::string errno_text(int error_number) {
    char buffer[256];
    return strerror_r(error_number, buffer, sizeof buffer);
}

} // namespace wm
