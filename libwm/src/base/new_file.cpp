#include "base/new_file.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/error.h"

namespace wm {
namespace {

/// A file of its own beside `path`, unlinked on destruction.
class FileBeside {
public:
    explicit FileBeside(const std::string& path)
        : path_(path + ".XXXXXX"), descriptor_(mkostemp(path_.data(), O_CLOEXEC)) {}
    ~FileBeside() {
        if (descriptor_ >= 0) {
            close(descriptor_);
            unlink(path_.c_str());
        }
    }
    FileBeside(const FileBeside&) = delete;
    FileBeside& operator=(const FileBeside&) = delete;

    bool is_open() const { return descriptor_ >= 0; }

    /// False with errno set on failure, as the rest here.
    bool write_and_flush(std::span<const char> bytes, mode_t permissions) const {
        if (fchmod(descriptor_, permissions) != 0) {
            return false;
        }
        while (!bytes.empty()) {
            const ssize_t written = write(descriptor_, bytes.data(), bytes.size());
            if (written < 0 && errno != EINTR) {
                return false;
            }
            bytes = bytes.subspan(written < 0 ? 0 : static_cast<std::size_t>(written));
        }
        return fsync(descriptor_) == 0;
    }

    const std::string& path() const { return path_; }

private:
    std::string path_;
    int descriptor_;
};

/// False with errno set.
bool rename_new(const std::string& from, const std::string& to) {
    if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
        return true;
    }
    // Network file systems refuse the flag; a hard link does not replace either.
    return (errno == EINVAL || errno == ENOSYS) && link(from.c_str(), to.c_str()) == 0 && unlink(from.c_str()) == 0;
}

/// Makes the new name survive a power cut. Some file systems cannot flush a folder, and the file itself is safe by now, so
/// failure is not reported.
void flush_folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        fsync(descriptor);
        close(descriptor);
    }
}

tl::unexpected<Error> refusal(const std::string& path) {
    if (errno == EEXIST) {
        return fail(ErrorCode::kUsage, fmt::format("{} exists already, and is not overwritten", path));
    }
    return fail(ErrorCode::kIo, fmt::format("cannot write {}: {}", path, errno_text(errno)));
}

} // namespace

Result<void> write_new_file(const std::string& path, std::span<const char> bytes, unsigned permissions) {
    if (access(path.c_str(), F_OK) == 0) {
        errno = EEXIST;
        return refusal(path);
    }
    const FileBeside file(path);
    if (!file.is_open() || !file.write_and_flush(bytes, permissions) || !rename_new(file.path(), path)) {
        return refusal(path);
    }
    flush_folder_of(path);
    return {};
}

Result<void> move_new_file(const std::string& from, const std::string& to) {
    if (!rename_new(from, to)) {
        return refusal(to);
    }
    flush_folder_of(to);
    return {};
}

} // namespace wm
