/// The key-file parser, on bytes as they come and on the same bytes with a checksum that fits them. What parses must be
/// written back as it was.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <xxhash.h>

#include "watermark/key_file.h"

namespace {

void parse_and_rewrite(std::string_view text) {
    const wm::Result<wm::KeyFile> file = wm::parse_key_file(text);
    if (file && wm::format_key_file(*file).view() != text) {
        std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(bytes), size);
    parse_and_rewrite(text);
    parse_and_rewrite(text + fmt::format("checksum {:016x}\n", XXH3_64bits(text.data(), text.size())));
    return 0;
}
