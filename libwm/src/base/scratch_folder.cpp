#include "base/scratch_folder.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"

namespace wm {

Result<ScratchFolder> ScratchFolder::create() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): only a program that changes its environment meanwhile could disturb it
    const char* parent = std::getenv("TMPDIR");
    std::string name = fmt::format("{}/wm-XXXXXX", parent != nullptr && *parent != '\0' ? parent : "/tmp");
    if (mkdtemp(name.data()) == nullptr) {
        return fail(ErrorCode::kIo,
                    fmt::format("cannot make a folder for temporary files in {} (set TMPDIR to another): {}",
                                name.substr(0, name.rfind('/')), errno_text(errno)));
    }
    return ScratchFolder(name);
}

ScratchFolder::ScratchFolder(std::string path) : path_(std::move(path)) {}

ScratchFolder::ScratchFolder(ScratchFolder&& other) noexcept : path_(std::exchange(other.path_, "")) {}

ScratchFolder::~ScratchFolder() {
    if (!path_.empty()) {
        std::error_code ignored; // a destructor cannot report it, and the system clears its own temporary files
        std::filesystem::remove_all(path_, ignored);
    }
}

std::string ScratchFolder::path(std::string_view name) const {
    return fmt::format("{}/{}", path_, name);
}

} // namespace wm
