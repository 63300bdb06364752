#pragma once

/// A file that only grows, one JSON document a line: what a run did, so that a later one can go on.

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "documents.h"

namespace wm::cli {

class LineLog {
public:
    /// Hands what stands in the file, if there is one, to `learn`; nothing can be appended. Lines that are no JSON objects
    /// (torn by a kill) are left out.
    static Result<std::unique_ptr<LineLog>> read(const std::string& path,
                                                 const std::function<void(const Document&)>& learn);

    /// The same, and keeps the file for appending; made when missing. One run at a time may hold it.
    /// errors   kIo; kUsage when another run holds it
    static Result<std::unique_ptr<LineLog>> open(const std::string& path,
                                                 const std::function<void(const Document&)>& learn);

    ~LineLog();
    LineLog(const LineLog&) = delete;
    LineLog& operator=(const LineLog&) = delete;

    /// Returns when the line is on the disk. threads: any
    Result<void> append(const Document& record);

private:
    LineLog(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}

    std::string path_;
    int fd_;
    std::mutex mutex_;
};

/// The text under `name`; empty when there is none, or no text.
std::string text_at(const Document& document, const char* name);

} // namespace wm::cli
