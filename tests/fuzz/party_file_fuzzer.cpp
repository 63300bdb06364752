/// The readers of identities and of parties' public files, on bytes as they come and on the same with a checksum that fits them. What
/// is read is written as it was.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/checked_lines.h"
#include "temporary_folder.h"
#include "wm/party.h"

namespace {

template <class File>
void load_and_rewrite(const wm::test::TemporaryFolder& folder, const std::string& text) {
    wm::test::write_text(folder / "read", text);
    const wm::Result<File> file = File::load(folder / "read");
    if (!file) {
        return;
    }
    std::filesystem::remove(folder / "written");
    if (!file->save(folder / "written") || wm::test::read_text(folder / "written") != text) {
        std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const wm::test::TemporaryFolder folder;
    const std::string text(reinterpret_cast<const char*>(bytes), size);
    for (const std::string& candidate : {text, text + wm::checksum_line(text)}) {
        load_and_rewrite<wm::Party>(folder, candidate);
        load_and_rewrite<wm::Identity>(folder, candidate);
    }
    return 0;
}
