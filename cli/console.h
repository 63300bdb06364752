#pragma once

/// What people see on standard error: messages, and a progress bar with the time left when it is a terminal.

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "wm/result.h"
#include "wm/watermark.h"

namespace wm::cli {

/// threads  any number, for all members
class Console {
public:
    /// quiet   no warnings, no progress; errors are still printed
    /// num_files  the bar shows the share done of this many files
    explicit Console(bool quiet, std::size_t num_files = 1);
    ~Console();
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

    /// For when the number of files is known later only; before any progress.
    void set_num_files(std::size_t num_files);

    void error(const std::string& message);

    /// The same about a file, named first unless the message names it.
    void error_about(const std::string& file, const std::string& message);
    void warn(const std::string& message);
    void note(const std::string& message);

    /// Prints results to standard output, clear of the bar.
    void result(const std::string& text);

    /// The progress function for file `file_index`; it stops the work when the program was interrupted.
    Progress progress_of(std::size_t file_index);

    /// Counts file `file_index` as done, whatever came of it.
    void file_done(std::size_t file_index);

private:
    void line(const char* prefix, const std::string& message);
    void update(std::size_t file_index, double share_done);
    void draw();
    void clear();

    const bool quiet_;
    const bool show_bar_;
    const std::chrono::steady_clock::time_point start_;
    std::mutex mutex_;
    std::vector<double> shares_done_;
    std::chrono::steady_clock::time_point last_drawn_;
    bool bar_drawn_ = false;
};

} // namespace wm::cli
