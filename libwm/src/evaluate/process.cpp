#include "evaluate/process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"

namespace wm {
namespace {

constexpr std::size_t kMaxErrors = 16384;
constexpr std::size_t kMaxOutput = std::size_t{16} << 20;
constexpr int kPoll_ms = 100;
constexpr std::size_t kErrorLines = 5;

class Pipe {
public:
    Pipe() {
        if (pipe2(ends_.data(), O_CLOEXEC) != 0) {
            ends_ = {-1, -1};
        }
    }
    ~Pipe() {
        close_end(0);
        close_end(1);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    bool is_open() const { return ends_[0] >= 0; }
    int reading() const { return ends_[0]; }
    int writing() const { return ends_[1]; }
    void close_end(std::size_t end) {
        if (ends_.at(end) >= 0) {
            close(std::exchange(ends_.at(end), -1));
        }
    }

private:
    std::array<int, 2> ends_ = {-1, -1};
};

/// One child process with its two streams.
class Child {
public:
    Result<void> start(const std::string& command) {
        if (!out_.is_open() || !err_.is_open()) {
            return fail(ErrorCode::kIo, fmt::format("cannot run a command: {}", errno_text(errno)));
        }
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions, out_.writing(), STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions, err_.writing(), STDERR_FILENO);
        posix_spawnattr_t attributes;
        posix_spawnattr_init(&attributes);
        sigset_t defaults; // wm ignores these two; a program that it runs expects them
        sigemptyset(&defaults);
        sigaddset(&defaults, SIGPIPE);
        sigaddset(&defaults, SIGXFSZ);
        posix_spawnattr_setsigdefault(&attributes, &defaults);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
        std::string shell = "/bin/sh";
        std::string flag = "-c";
        std::string text = command;
        char* arguments[] = {shell.data(), flag.data(), text.data(), nullptr};
        const int status = posix_spawn(&pid_, shell.c_str(), &actions, &attributes, arguments, environ);
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
        out_.close_end(1);
        err_.close_end(1);
        return status == 0 ? Result<void>{}
                           : fail(ErrorCode::kIo, fmt::format("cannot run {}: {}", command, errno_text(status)));
    }

    /// Reads both streams to their ends; false when told to stop.
    bool collect(const std::function<bool()>& goes_on) {
        std::array<pollfd, 2> streams = {pollfd{out_.reading(), POLLIN, 0}, pollfd{err_.reading(), POLLIN, 0}};
        while (streams[0].fd >= 0 || streams[1].fd >= 0) {
            if (goes_on && !goes_on()) {
                kill(-pid_, SIGKILL);
                return false;
            }
            if (poll(streams.data(), streams.size(), kPoll_ms) <= 0) {
                continue;
            }
            take(streams[0], outcome_.output, kMaxOutput);
            take(streams[1], outcome_.errors, kMaxErrors);
        }
        return true;
    }

    ProcessOutcome wait() {
        int status = 0;
        struct rusage usage = {};
        while (wait4(pid_, &status, 0, &usage) < 0 && errno == EINTR) {
        }
        outcome_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        const auto seconds = [](const timeval& time) {
            return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
        };
        outcome_.cpu_s = seconds(usage.ru_utime) + seconds(usage.ru_stime);
        return std::move(outcome_);
    }

private:
    /// Appends what has come, keeping the last `most` bytes; a stream at its end leaves the poll.
    static void take(pollfd& stream, std::string& text, std::size_t most) {
        if (stream.fd < 0 || stream.revents == 0) {
            return;
        }
        std::array<char, 8192> bytes;
        const ssize_t count = read(stream.fd, bytes.data(), bytes.size());
        if (count > 0) {
            text.append(bytes.data(), static_cast<std::size_t>(count));
            text.erase(0, text.size() > most ? text.size() - most : 0);
        } else if (count == 0 || errno != EINTR) {
            stream.fd = -1;
        }
    }

    Pipe out_;
    Pipe err_;
    pid_t pid_ = -1;
    ProcessOutcome outcome_;
};

std::string quoted(const std::string& text) {
    std::string result = "'";
    for (const char c : text) {
        result += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return result + "'";
}

} // namespace

Result<ProcessOutcome> run_command(const std::string& command, const std::function<bool()>& goes_on) {
    Child child;
    if (Result<void> started = child.start(command); !started) {
        return tl::unexpected(started.error());
    }
    const bool is_whole = child.collect(goes_on);
    ProcessOutcome outcome = child.wait();
    if (!is_whole) {
        return fail(ErrorCode::kCancelled, fmt::format("stopped: {}", command));
    }
    return outcome;
}

std::string fill_command(const std::string& pattern, const std::map<std::string, std::string>& values) {
    std::string command;
    for (std::size_t at = 0; at < pattern.size();) {
        const std::size_t end = pattern[at] == '{' ? pattern.find('}', at) : std::string::npos;
        const auto value = end == std::string::npos ? values.end() : values.find(pattern.substr(at + 1, end - at - 1));
        if (value != values.end()) {
            command += quoted(value->second);
            at = end + 1;
        } else {
            command += pattern[at++];
        }
    }
    return command;
}

std::string describe_failure(const ProcessOutcome& outcome) {
    std::string_view errors = outcome.errors;
    while (!errors.empty() && (errors.back() == '\n' || errors.back() == ' ')) {
        errors.remove_suffix(1);
    }
    std::size_t start = errors.size();
    for (std::size_t line = 0; line < kErrorLines && start != 0 && start != std::string_view::npos; ++line) {
        start = errors.rfind('\n', start - 1);
    }
    if (start != std::string_view::npos && start < errors.size() && errors[start] == '\n') {
        errors.remove_prefix(start + 1);
    }
    return fmt::format("exit code {}{}{}", outcome.exit_code, errors.empty() ? ", and no message" : ": ", errors);
}

} // namespace wm
