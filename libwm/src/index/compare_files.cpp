#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

#include "base/error.h"
#include "wm/index.h"

namespace wm {
namespace {

/// A folder of its own, removed with all that is in it.
class ScratchFolder {
public:
    static Result<std::unique_ptr<ScratchFolder>> make() {
        const char* const parent = std::getenv("TMPDIR");
        std::string name = std::string(parent != nullptr && *parent != '\0' ? parent : "/tmp") + "/wm-compare-XXXXXX";
        if (mkdtemp(name.data()) == nullptr) {
            return fail(ErrorCode::kIo, fmt::format("cannot make a folder {}: {}", name, errno_text(errno)));
        }
        return std::unique_ptr<ScratchFolder>(new ScratchFolder(std::move(name)));
    }
    ~ScratchFolder() {
        std::error_code ignored; // the system clears its own temporary files
        std::filesystem::remove_all(path_, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    const std::string& path() const { return path_; }

private:
    explicit ScratchFolder(std::string path) : path_(std::move(path)) {}
    std::string path_;
};

} // namespace

Result<IdentifyReport> compare_files(const std::string& recording, const std::string& query,
                                     const IdentifyOptions& options, const Progress& progress) {
    const Result<Fingerprint> fingerprint = fingerprint_file(recording);
    if (!fingerprint) {
        return tl::unexpected(fingerprint.error());
    }
    const Result<std::unique_ptr<ScratchFolder>> folder = ScratchFolder::make();
    Result<Index> index = folder ? Index::create((*folder)->path() + "/one.index") : tl::unexpected(folder.error());
    if (!index) {
        return tl::unexpected(index.error());
    }
    IndexEntry entry;
    entry.track.id = "recording";
    entry.fingerprint = *fingerprint;
    return index->add(std::span(&entry, 1)).and_then([&](const std::vector<AddOutcome>&) {
        return index->identify_file(query, options, progress);
    });
}

} // namespace wm
