#include "audio/byte_source.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

namespace wm {
namespace {

constexpr std::size_t kCopyBytes = std::size_t{1} << 18;

bool is_stream(mode_t mode) {
    return S_ISFIFO(mode) || S_ISSOCK(mode);
}

Result<int> open_for_reading(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return fail(ErrorCode::kIo, fmt::format("cannot open {}: {}", path, errno_text(errno)));
    }
    return descriptor;
}

Result<struct stat> status_of(int descriptor, const std::string& name) {
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) {
        return fail(ErrorCode::kIo, fmt::format("cannot examine {}: {}", name, errno_text(errno)));
    }
    return status;
}

std::string path_of_descriptor(int descriptor) {
    return fmt::format("/proc/self/fd/{}", descriptor);
}

/// Copies a stream into a spool; closes neither.
Result<int> spool(int stream, const std::string& name) {
    auto spool = open_spool();
    if (!spool) {
        return spool;
    }
    auto copied = copy_stream(stream, *spool, name, "the temporary copy of " + name);
    if (!copied) {
        ::close(*spool);
        return tl::unexpected(copied.error());
    }
    return spool;
}

} // namespace

Result<std::size_t> MemorySource::read_at(std::uint64_t offset, void* out, std::size_t size) const {
    if (offset >= bytes_.size()) {
        return std::size_t{0};
    }
    const std::size_t count = std::min<std::uint64_t>(size, bytes_.size() - offset);
    if (count != 0) {
        std::memcpy(out, bytes_.data() + offset, count);
    }
    return count;
}

InputFile::InputFile(int descriptor, std::uint64_t size, std::string path, std::string name)
    : descriptor_(descriptor), size_(size), path_(std::move(path)), name_(std::move(name)) {}

InputFile::~InputFile() {
    ::close(descriptor_);
}

Result<std::shared_ptr<InputFile>> InputFile::open(const std::string& path) {
    const bool is_stdin = path == "-";
    const std::string name = is_stdin ? "standard input" : path;
    auto opened = is_stdin ? Result<int>(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)) : open_for_reading(path);
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    if (*opened < 0) {
        return fail(ErrorCode::kIo, "standard input is closed: pipe a recording into wm, or name a file");
    }
    std::shared_ptr<InputFile> file(new InputFile(*opened, 0, path, name));
    auto status = status_of(*opened, name);
    if (!status) {
        return tl::unexpected(status.error());
    }
    if (S_ISDIR(status->st_mode)) {
        return fail(ErrorCode::kIo, fmt::format("{} is a folder: name a recording in it", name));
    }
    if (is_stdin || is_stream(status->st_mode)) {
        auto copy = spool(*opened, name);
        if (!copy) {
            return tl::unexpected(copy.error());
        }
        ::close(std::exchange(file->descriptor_, *copy));
        file->path_ = path_of_descriptor(*copy);
        status = status_of(*copy, name);
        if (!status) {
            return tl::unexpected(status.error());
        }
    } else if (!S_ISREG(status->st_mode)) {
        return fail(ErrorCode::kIo,
                    fmt::format("{} is not a file of bytes (a device?): copy it to a file first", name));
    }
    file->size_ = static_cast<std::uint64_t>(status->st_size);
    return file;
}

Result<std::size_t> InputFile::read_at(std::uint64_t offset, void* out, std::size_t size) const {
    auto* bytes = static_cast<std::uint8_t*>(out);
    std::size_t done = 0;
    while (done < size) {
        const ssize_t count = ::pread(descriptor_, bytes + done, size - done, static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return fail(ErrorCode::kIo, fmt::format("cannot read {}: {}", name_, errno_text(errno)));
        }
        if (count == 0) {
            break;
        }
        done += static_cast<std::size_t>(count);
    }
    return done;
}

Result<int> open_spool() {
    const char* folder =
        std::getenv("TMPDIR"); // NOLINT(concurrency-mt-unsafe): nothing in libwm changes the environment
    std::string path = std::string(folder != nullptr && *folder != '\0' ? folder : "/tmp") + "/wm-XXXXXX";
    const int descriptor = ::mkostemp(path.data(), O_CLOEXEC);
    if (descriptor < 0) {
        return fail(ErrorCode::kIo,
                    fmt::format("cannot create a temporary file as {}: {}; set TMPDIR to a folder with room", path,
                                errno_text(errno)));
    }
    ::unlink(path.c_str());
    return descriptor;
}

Result<void> write_all(int descriptor, const void* bytes, std::size_t size, const std::string& name) {
    const auto* next = static_cast<const std::uint8_t*>(bytes);
    while (size != 0) {
        const ssize_t count = ::write(descriptor, next, size);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            const int error_number = errno;
            const bool is_full = error_number == ENOSPC || error_number == EDQUOT || error_number == EFBIG;
            return fail(ErrorCode::kIo, fmt::format("cannot write {}: {}{}", name, errno_text(error_number),
                                                    is_full ? "; free some room or choose another folder" : ""));
        }
        next += count;
        size -= static_cast<std::size_t>(count);
    }
    return {};
}

Result<std::uint64_t> copy_stream(int from, int to, const std::string& from_name, const std::string& to_name) {
    std::vector<std::uint8_t> buffer(kCopyBytes);
    std::uint64_t total = 0;
    for (;;) {
        const ssize_t count = ::read(from, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return fail(ErrorCode::kIo, fmt::format("cannot read {}: {}", from_name, errno_text(errno)));
        }
        if (count == 0) {
            return total;
        }
        if (auto written = write_all(to, buffer.data(), static_cast<std::size_t>(count), to_name); !written) {
            return tl::unexpected(written.error());
        }
        total += static_cast<std::uint64_t>(count);
    }
}

} // namespace wm
