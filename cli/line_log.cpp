#include "line_log.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

namespace wm::cli {
namespace {

std::string reason_text(int error_number) {
    return std::generic_category().message(error_number);
}

/// Hands over every line that is a JSON object. A file that is not there has none. returns whether the last line is whole
Result<bool> learn_lines(const std::string& path, const std::function<void(const Document&)>& learn) {
    std::ifstream file(path, std::ios::binary);
    if (!file.is_open() && errno != ENOENT) {
        return fail(ErrorCode::kIo, fmt::format("cannot read {}: {}", path, reason_text(errno)));
    }
    bool is_whole = true;
    for (std::string line; std::getline(file, line);) {
        is_whole = !file.eof(); // getline() sees the end only where no line end is before it
        const Document record = Document::parse(line, nullptr, false);
        if (record.is_object()) {
            learn(record);
        }
    }
    return is_whole;
}

} // namespace

Result<std::unique_ptr<LineLog>> LineLog::read(const std::string& path,
                                               const std::function<void(const Document&)>& learn) {
    return learn_lines(path, learn).map([&](bool) { return std::unique_ptr<LineLog>(new LineLog(path, -1)); });
}

Result<std::unique_ptr<LineLog>> LineLog::open(const std::string& path,
                                               const std::function<void(const Document&)>& learn) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0) {
        return fail(ErrorCode::kIo, fmt::format("cannot write {}: {}", path, reason_text(errno)));
    }
    std::unique_ptr<LineLog> log(new LineLog(path, fd));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        return fail(ErrorCode::kUsage, fmt::format("another run is at work with {}: wait for it to end", path));
    }
    const Result<bool> is_whole = learn_lines(path, learn);
    if (!is_whole) {
        return tl::unexpected(is_whole.error());
    }
    if (!*is_whole && ::write(fd, "\n", 1) != 1) { // a line that a killed run left torn
        return fail(ErrorCode::kIo, fmt::format("cannot write {}: {}", path, reason_text(errno)));
    }
    return log;
}

LineLog::~LineLog() {
    if (fd_ >= 0) {
        close(fd_);
    }
}

Result<void> LineLog::append(const Document& record) {
    const std::string line = to_line(record);
    const std::lock_guard lock(mutex_);
    const off_t end = lseek(fd_, 0, SEEK_END);
    // One write a line, so that a kill tears the last line at most.
    const ssize_t written = ::write(fd_, line.data(), line.size());
    if (written != static_cast<ssize_t>(line.size()) || fdatasync(fd_) != 0) {
        const int reason = written < 0 ? errno : ENOSPC;
        if (ftruncate(fd_, end) != 0) {
            return fail(ErrorCode::kIo, fmt::format("cannot write {}, nor mend its last line", path_));
        }
        return fail(ErrorCode::kIo, fmt::format("cannot write {}: {}", path_, reason_text(reason)));
    }
    return {};
}

std::string text_at(const Document& document, const char* name) {
    const auto value = document.find(name);
    return value != document.end() && value->is_string() ? value->get<std::string>() : std::string();
}

} // namespace wm::cli
