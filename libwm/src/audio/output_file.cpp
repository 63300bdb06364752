#include "audio/output_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

namespace wm {
namespace {

constexpr std::size_t kCopyBytes = std::size_t{1} << 18;
constexpr int kNameAttempts = 100;

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

std::string file_name_of(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

std::string random_suffix() {
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz012345";
    std::array<unsigned char, 6> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        bytes.fill(static_cast<unsigned char>(::getpid()));
    }
    std::string suffix;
    for (const unsigned char byte : bytes) {
        suffix += kLetters[byte % kLetters.size()];
    }
    return suffix;
}

/// Where `path` leads when it is a symbolic link to something that exists.
std::string resolve(const std::string& path) {
    const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr), &std::free);
    return resolved ? std::string(resolved.get()) : path;
}

Error exists_error(const std::string& path) {
    return {ErrorCode::kUsage, fmt::format("{} exists already: remove it or choose another name", path)};
}

} // namespace

Result<std::unique_ptr<OutputFile>> OutputFile::create(const std::string& path, bool overwrite) {
    std::unique_ptr<OutputFile> file(new OutputFile);
    file->overwrite_ = overwrite;
    if (path == "-") {
        auto spool = open_spool();
        if (!spool) {
            return tl::unexpected(spool.error());
        }
        file->descriptor_ = *spool;
        file->temporary_path_ = fmt::format("/proc/self/fd/{}", *spool);
        file->name_ = "the temporary copy of standard output";
        return file;
    }
    if (auto opened = file->open_beside(resolve(path)); !opened) {
        return tl::unexpected(opened.error());
    }
    return file;
}

Result<void> OutputFile::open_beside(const std::string& path) {
    struct stat status {};
    const bool exists = ::stat(path.c_str(), &status) == 0;
    if (exists && !S_ISREG(status.st_mode)) {
        return fail(ErrorCode::kUsage, fmt::format("{} is a folder or a device: name a file", path));
    }
    if (exists && !overwrite_) {
        return tl::unexpected(exists_error(path));
    }
    final_path_ = path;
    name_ = path;
    for (int attempt = 0; attempt < kNameAttempts && descriptor_ < 0; ++attempt) {
        temporary_path_ = fmt::format("{}{}.{}.wm-{}", folder_of(path), folder_of(path) == "." ? "/" : "",
                                      file_name_of(path), random_suffix());
        descriptor_ = ::open(temporary_path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor_ < 0 && errno != EEXIST) {
            break;
        }
    }
    if (descriptor_ < 0) {
        return fail(ErrorCode::kIo,
                    fmt::format("cannot write {}: {}; choose a folder that exists and that you may write to", path,
                                errno_text(errno)));
    }
    is_named_ = true;
    if (exists && ::fchmod(descriptor_, status.st_mode & 07777) != 0) {
        return fail(ErrorCode::kIo,
                    fmt::format("cannot give {} its permissions: {}", temporary_path_, errno_text(errno)));
    }
    return {};
}

OutputFile::~OutputFile() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
    if (is_named_) {
        ::unlink(temporary_path_.c_str());
    }
}

Result<void> OutputFile::write(const void* bytes, std::size_t size) {
    size_ += size;
    return write_all(descriptor_, bytes, size, name_);
}

Result<void> OutputFile::copy_from(const ByteSource& source, std::uint64_t offset, std::uint64_t size) {
    std::vector<std::uint8_t> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(size, kCopyBytes)));
    while (size != 0) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(size, buffer.size()));
        auto count = source.read_at(offset, buffer.data(), wanted);
        if (!count) {
            return tl::unexpected(count.error());
        }
        if (*count != wanted) {
            return fail(ErrorCode::kIo, fmt::format("{} became shorter while it was read", source.name()));
        }
        if (auto written = write(buffer.data(), wanted); !written) {
            return written;
        }
        offset += wanted;
        size -= wanted;
    }
    return {};
}

Result<void> OutputFile::patch(std::uint64_t offset, const void* bytes, std::size_t size) {
    if (::pwrite(descriptor_, bytes, size, static_cast<off_t>(offset)) != static_cast<ssize_t>(size)) {
        return fail(ErrorCode::kIo, fmt::format("cannot write {}: {}", name_, errno_text(errno)));
    }
    return {};
}

Result<void> OutputFile::sync() {
    if (::fsync(descriptor_) != 0) {
        return fail(ErrorCode::kIo, fmt::format("cannot write {}: {}", name_, errno_text(errno)));
    }
    return {};
}

Result<void> OutputFile::commit() {
    return final_path_.empty() ? copy_to_standard_output() : rename_into_place();
}

Result<void> OutputFile::copy_to_standard_output() {
    if (::lseek(descriptor_, 0, SEEK_SET) != 0) {
        return fail(ErrorCode::kIo, fmt::format("cannot read {}: {}", name_, errno_text(errno)));
    }
    auto copied = copy_stream(descriptor_, STDOUT_FILENO, name_, "standard output");
    return copied ? Result<void>{} : tl::unexpected(copied.error());
}

Result<void> OutputFile::rename_into_place() {
    const unsigned int flags = overwrite_ ? 0 : RENAME_NOREPLACE;
    if (::renameat2(AT_FDCWD, temporary_path_.c_str(), AT_FDCWD, final_path_.c_str(), flags) != 0) {
        if (errno == EEXIST) {
            return tl::unexpected(exists_error(final_path_));
        }
        return fail(ErrorCode::kIo,
                    fmt::format("cannot rename {} to {}: {}", temporary_path_, final_path_, errno_text(errno)));
    }
    is_named_ = false;
    temporary_path_ = final_path_;
    const int folder = ::open(folder_of(final_path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool is_synced = folder >= 0 && ::fsync(folder) == 0;
    const int error_number = errno;
    if (folder >= 0) {
        ::close(folder);
    }
    if (!is_synced && error_number != EINVAL) {
        return fail(ErrorCode::kIo,
                    fmt::format("cannot write the folder of {}: {}", final_path_, errno_text(error_number)));
    }
    return {};
}

} // namespace wm
