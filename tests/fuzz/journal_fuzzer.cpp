/// The reader of batch journals, which a killed run or an editor may have left in any state.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "journal.h"
#include "temporary_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const wm::test::TemporaryFolder folder;
    wm::test::write_text(folder / "wm-journal.ndjson", {reinterpret_cast<const char*>(bytes), size});
    const auto journal = wm::cli::Journal::read(folder.path());
    if (!journal) {
        std::abort();
    }
    (*journal)->find("a.wav", wm::cli::Document::object());
    return 0;
}
