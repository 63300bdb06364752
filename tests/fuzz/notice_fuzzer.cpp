/// Public notices: eight bytes as a payload that was read, and all of them as words that declare one. What is understood is written as
/// the same payload again.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "wm/notice.h"

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

void check_payload(std::uint64_t payload) {
    if (const wm::Result<wm::PublicNotice> notice = wm::unpack_notice(payload)) {
        require(wm::pack_notice(*notice) == payload);
        require(wm::strictest(*notice, *notice) == *notice);
    }
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        lines.emplace_back(text.substr(0, text.find('\n')));
        text.remove_prefix(std::min(text.size(), lines.back().size() + 1));
    }
    return lines;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    std::uint64_t payload = 0;
    std::memcpy(&payload, bytes, std::min(size, sizeof payload));
    check_payload(payload);
    // A check that fits: what pack_notice() gives the declared fields.
    if (const auto notice = wm::parse_notice(lines_of({reinterpret_cast<const char*>(bytes), size}), "label.example")) {
        const wm::Result<wm::PublicNotice> again = wm::unpack_notice(wm::pack_notice(*notice));
        require(again && *again == *notice);
        check_payload(wm::pack_notice(*notice));
    }
    return 0;
}
