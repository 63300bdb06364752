#include "console.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include <fmt/format.h>
#include <unistd.h>

#include "interrupt.h"
#include "text.h"

namespace wm::cli {

using std::chrono::steady_clock;

Console::Console(bool quiet, std::size_t num_files)
    : quiet_(quiet), show_bar_(!quiet && isatty(STDERR_FILENO) != 0), start_(steady_clock::now()),
      shares_done_(num_files, 0.0), last_drawn_(start_) {}

Console::~Console() {
    clear();
}

void Console::set_num_files(std::size_t num_files) {
    shares_done_.assign(num_files, 0.0);
}

void Console::error(const std::string& message) {
    line("wm: ", message);
}

void Console::error_about(const std::string& file, const std::string& message) {
    error(message.find(file) == std::string::npos ? fmt::format("{}: {}", file, message) : message);
}

void Console::warn(const std::string& message) {
    if (!quiet_) {
        line("wm: warning: ", message);
    }
}

void Console::note(const std::string& message) {
    if (!quiet_) {
        line("wm: ", message);
    }
}

void Console::line(const char* prefix, const std::string& message) {
    const std::lock_guard lock(mutex_);
    clear();
    fmt::print(stderr, "{}{}\n", prefix, printable(message));
}

void Console::result(const std::string& text) {
    const std::lock_guard lock(mutex_);
    clear();
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

Progress Console::progress_of(std::size_t file_index) {
    return [this, file_index](double share_done) {
        update(file_index, share_done);
        return !interrupted();
    };
}

void Console::file_done(std::size_t file_index) {
    update(file_index, 1.0);
}

void Console::update(std::size_t file_index, double share_done) {
    if (!show_bar_) {
        return;
    }
    const std::lock_guard lock(mutex_);
    shares_done_[file_index] = std::clamp(share_done, 0.0, 1.0);
    if (steady_clock::now() - last_drawn_ > std::chrono::milliseconds(100)) {
        draw();
    }
}

void Console::draw() {
    last_drawn_ = steady_clock::now();
    const double done = std::accumulate(shares_done_.begin(), shares_done_.end(), 0.0);
    const double share = done / static_cast<double>(shares_done_.size());
    const double elapsed_s = std::chrono::duration<double>(last_drawn_ - start_).count();
    constexpr int kWidth = 30;
    const int filled = static_cast<int>(share * kWidth);
    const std::string left = share > 0.01 ? minutes_seconds(elapsed_s * (1 - share) / share) + " left" : "";
    fmt::print(stderr, "\r\033[K[{:=<{}}{:{}}] {:3.0f} %  {}", "", filled, "", kWidth - filled, 100 * share, left);
    std::fflush(stderr);
    bar_drawn_ = true;
}

void Console::clear() {
    if (bar_drawn_) {
        fmt::print(stderr, "\r\033[K");
        std::fflush(stderr);
        bar_drawn_ = false;
    }
}

} // namespace wm::cli
