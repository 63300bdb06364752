#include "passphrase.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include "interrupt.h"

namespace wm::cli {
namespace {

constexpr char kVariable[] = "WM_PASSPHRASE";

/// The terminal of the person who runs the program, with echo off while this lives.
class SilentTerminal {
public:
    SilentTerminal() : fd_(open("/dev/tty", O_RDWR | O_CLOEXEC)) {
        if (fd_ >= 0 && tcgetattr(fd_, &before_) == 0) {
            termios silent = before_;
            silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
            is_silent_ = tcsetattr(fd_, TCSAFLUSH, &silent) == 0;
        }
    }
    ~SilentTerminal() {
        if (is_silent_) {
            tcsetattr(fd_, TCSAFLUSH, &before_);
        }
        if (fd_ >= 0) {
            close(fd_);
        }
    }
    SilentTerminal(const SilentTerminal&) = delete;
    SilentTerminal& operator=(const SilentTerminal&) = delete;

    bool is_silent() const { return is_silent_; }

    /// Asks, and reads a line; shorter when a signal or the end of input broke it off.
    std::string ask(const std::string& question) const {
        write_all(question);
        std::string answer;
        for (char c = 0; read(fd_, &c, 1) == 1 && c != '\n';) {
            answer += c;
        }
        write_all("\n");
        return answer;
    }

private:
    void write_all(const std::string& text) const {
        const char* next = text.data();
        const char* end = next + text.size();
        while (next < end) {
            const ssize_t written = write(fd_, next, static_cast<std::size_t>(end - next));
            if (written <= 0) {
                return; // a terminal that is gone: the read that follows ends the question
            }
            next += written;
        }
    }

    int fd_;
    termios before_ = {};
    bool is_silent_ = false;
};

Result<std::string> ask_passphrase(const std::string& question, bool twice) {
    const SilentTerminal terminal;
    if (!terminal.is_silent()) {
        return fail(ErrorCode::kKey, fmt::format("a passphrase is needed and there is no terminal to ask at: "
                                                 "use --passphrase-file or {}",
                                                 kVariable));
    }
    const std::string answer = terminal.ask(question);
    if (interrupted()) {
        return fail(ErrorCode::kCancelled, "interrupted");
    }
    if (twice && terminal.ask("Once more: ") != answer) {
        return fail(ErrorCode::kUsage, "the two passphrases differ: nothing was written");
    }
    if (answer.empty()) {
        return fail(ErrorCode::kUsage, "an empty passphrase protects nothing");
    }
    return answer;
}

std::string environment_passphrase() {
    const char* value = std::getenv(kVariable); // NOLINT(concurrency-mt-unsafe): no thread changes the environment
    return value == nullptr ? "" : value;
}

/// The passphrase that needs nobody to type it; empty when there is none.
Result<std::string> prepared_passphrase(const std::string& file) {
    return file.empty() ? environment_passphrase() : read_passphrase_file(file);
}

/// The *.key files of a folder; or the path itself, when it is none.
Result<std::vector<std::string>> key_files(const std::string& path) {
    std::error_code ignored; // what cannot be looked at is taken for a file: opening it says what is wrong
    if (!std::filesystem::is_directory(path, ignored)) {
        return std::vector<std::string>{path};
    }
    Result<std::vector<std::string>> files = key_files_in(path);
    if (files && files->empty()) {
        return fail(ErrorCode::kUsage, fmt::format("the folder {} holds no *.key file", path));
    }
    return files;
}

} // namespace

Result<std::string> read_passphrase_file(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line) && !file.eof()) {
        return fail(ErrorCode::kIo, fmt::format("cannot read the passphrase file {}", path));
    }
    if (!line.empty() && line.back() == '\r') {
        line.pop_back();
    }
    if (line.empty()) {
        return fail(ErrorCode::kUsage, fmt::format("the first line of the passphrase file {} is empty", path));
    }
    return line;
}

bool passphrase_is_prepared(const std::string& file) {
    return !file.empty() || !environment_passphrase().empty();
}

Result<std::string> new_passphrase(const std::string& file) {
    Result<std::string> passphrase = prepared_passphrase(file);
    return passphrase && passphrase->empty() ? ask_passphrase("Passphrase for the new key: ", true) : passphrase;
}

Result<Key> load_key(const std::string& path, const std::string& file, Console& console) {
    if (key_file_is_exposed(path).value_or(false)) {
        console.warn(fmt::format("{} can be read by others: chmod 600 {}", path, path));
    }
    const Result<bool> is_protected = key_needs_passphrase(path);
    if (!is_protected) {
        return tl::unexpected(is_protected.error());
    }
    if (!*is_protected) {
        return Key::load(path);
    }
    Result<std::string> passphrase = prepared_passphrase(file);
    if (passphrase && passphrase->empty()) {
        passphrase = ask_passphrase(fmt::format("Passphrase of {}: ", path), false);
    }
    return passphrase.and_then([&](const std::string& text) { return Key::load(path, text); });
}

Result<std::vector<Key>> load_keys(const std::vector<std::string>& paths, const std::string& file, Console& console) {
    std::vector<Key> keys;
    for (const std::string& path : paths) {
        const Result<std::vector<std::string>> files = key_files(path);
        if (!files) {
            return tl::unexpected(files.error());
        }
        for (const std::string& key_file : *files) {
            Result<Key> key = load_key(key_file, file, console);
            if (!key) {
                return tl::unexpected(key.error());
            }
            const auto same = [&](const Key& known) { return known.id() == key->id(); };
            if (std::none_of(keys.begin(), keys.end(), same)) {
                keys.push_back(*std::move(key));
            }
        }
    }
    return keys;
}

} // namespace wm::cli
