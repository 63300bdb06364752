#include "results_folder.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

namespace wm::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kPlanName[] = "evaluation.txt";

tl::unexpected<Error> cannot(const char* what, const std::string& path) {
    return fail(ErrorCode::kIo, fmt::format("cannot {} {}: {}", what, path, std::generic_category().message(errno)));
}

std::string read_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

Result<void> write_whole(int fd, const std::string& text, const std::string& path) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written != static_cast<ssize_t>(text.size()) || fdatasync(fd) != 0) {
        errno = written >= 0 && written < static_cast<ssize_t>(text.size()) ? ENOSPC : errno;
        return cannot("write", path);
    }
    return {};
}

/// The bytes of the header and of `num_lines` lines after it, as far as they are there and ended.
std::size_t size_of_lines(const std::string& text, std::size_t num_lines) {
    std::size_t end = 0;
    for (std::size_t line = 0; line <= num_lines; ++line) {
        end = text.find('\n', end) + 1;
    }
    return end;
}

std::size_t count_rows(const std::string& text) {
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    return lines == 0 ? 0 : lines - 1;
}

/// Opens a file of lines for appending; a new one gets `header`.
Result<int> open_lines(const std::string& path, const std::string& header) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0) {
        return cannot("write", path);
    }
    if (read_text(path).find('\n') == std::string::npos) { // new, or torn within its header
        if (ftruncate(fd, 0) != 0) {
            return cannot("write", path);
        }
        if (Result<void> begun = write_whole(fd, header, path); !begun) {
            return tl::unexpected(begun.error());
        }
    }
    return fd;
}

/// Checks that the folder holds this evaluation; a new folder gets its description.
Result<void> check_plan(const std::string& folder, const std::string& description) {
    const std::string path = (fs::path(folder) / kPlanName).string();
    const std::string before = read_text(path);
    if (before == description) {
        return {};
    }
    const bool has_results = fs::exists(fs::path(folder) / "results.csv");
    if (has_results && !before.empty()) {
        return fail(
            ErrorCode::kUsage,
            fmt::format("{} has the results of another evaluation ({} says which): name another folder, or remove it",
                        folder, path));
    }
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) {
        return cannot("write", path);
    }
    Result<void> written = write_whole(fd, description, path);
    close(fd);
    return written;
}

} // namespace

Result<std::unique_ptr<ResultsFolder>> ResultsFolder::open(const std::string& folder, const Evaluation& evaluation) {
    std::error_code failure;
    fs::create_directories(folder, failure);
    std::unique_ptr<ResultsFolder> results(new ResultsFolder);
    results->folder_ = folder;
    results->lock_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (results->lock_ < 0) {
        return cannot("open the folder", folder);
    }
    if (flock(results->lock_, LOCK_EX | LOCK_NB) != 0) {
        return fail(ErrorCode::kUsage, fmt::format("another run is at work in {}: wait for it to end", folder));
    }
    if (Result<void> checked = check_plan(folder, evaluation.description()); !checked) {
        return tl::unexpected(checked.error());
    }
    const std::string results_path = (fs::path(folder) / "results.csv").string();
    const std::string times_path = (fs::path(folder) / "times.csv").string();
    const Result<int> rows = open_lines(results_path, evaluation.results_header());
    const Result<int> times = open_lines(times_path, evaluation.times_header());
    if (!rows || !times) {
        return tl::unexpected((rows ? times : rows).error());
    }
    results->results_ = *rows;
    results->times_ = *times;
    // A group counts when all its lines are in both files; what follows the last one that does is cut off.
    const std::size_t per_group = evaluation.trials_per_group();
    const std::string rows_text = read_text(results_path);
    const std::string times_text = read_text(times_path);
    results->num_groups_ = std::min(count_rows(rows_text), count_rows(times_text)) / per_group;
    const std::size_t num_lines = results->num_groups_ * per_group;
    if (ftruncate(*rows, static_cast<off_t>(size_of_lines(rows_text, num_lines))) != 0 ||
        ftruncate(*times, static_cast<off_t>(size_of_lines(times_text, num_lines))) != 0) {
        return cannot("mend", results_path);
    }
    return results;
}

ResultsFolder::~ResultsFolder() {
    for (const int fd : {results_, times_, lock_}) {
        if (fd >= 0) {
            close(fd);
        }
    }
}

Result<void> ResultsFolder::append(const TrialGroup& group) {
    return write_whole(times_, group.times, folder_ + "/times.csv")
        .and_then([&] { return write_whole(results_, group.rows, folder_ + "/results.csv"); })
        .map([&] { ++num_groups_; });
}

} // namespace wm::cli
