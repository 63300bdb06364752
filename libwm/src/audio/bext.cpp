#include "audio/bext.h"

#include <string_view>

namespace wm {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

} // namespace

std::string append_coding_history(std::string payload, const std::string& line) {
    while (payload.size() > kBextFixedBytes && payload.back() == '\0') {
        payload.pop_back();
    }
    if (payload.size() > kBextFixedBytes && !payload.ends_with(kLineEnd)) {
        payload += kLineEnd;
    }
    payload += line;
    if (!payload.ends_with(kLineEnd)) {
        payload += kLineEnd;
    }
    return payload;
}

} // namespace wm
