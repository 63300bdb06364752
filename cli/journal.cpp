#include "journal.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "wm/id.h"

namespace wm::cli {
namespace {

constexpr char kName[] = "wm-journal.ndjson";
constexpr char kSchema[] = "wm.journal/1";

std::string path_in(const std::string& folder) {
    return (std::filesystem::path(folder) / kName).string();
}

Result<std::string> read_all(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(file), {});
    if (!file.is_open() && errno != ENOENT) {
        return fail(ErrorCode::kIo, fmt::format("cannot read {}: {}", path, std::generic_category().message(errno)));
    }
    return text;
}

/// The text under `name`; empty when there is none, or no text.
std::string text_at(const Document& document, const char* name) {
    const auto value = document.find(name);
    return value != document.end() && value->is_string() ? value->get<std::string>() : std::string();
}

} // namespace

Result<std::unique_ptr<Journal>> Journal::read(const std::string& folder) {
    const std::string path = path_in(folder);
    const Result<std::string> text = read_all(path);
    if (!text) {
        return tl::unexpected(text.error());
    }
    std::unique_ptr<Journal> journal(new Journal(path, -1));
    journal->learn(*text);
    return journal;
}

Result<std::unique_ptr<Journal>> Journal::open(const std::string& folder) {
    const std::string path = path_in(folder);
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0) {
        return fail(ErrorCode::kIo, fmt::format("cannot write {}: {}", path, std::generic_category().message(errno)));
    }
    std::unique_ptr<Journal> journal(new Journal(path, fd));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        return fail(ErrorCode::kUsage, fmt::format("another run is at work in {}: wait for it to end", folder));
    }
    const Result<std::string> text = read_all(path);
    if (!text) {
        return tl::unexpected(text.error());
    }
    journal->learn(*text);
    if (!text->empty() && text->back() != '\n' && ::write(fd, "\n", 1) != 1) { // a line that a killed run left torn
        return fail(ErrorCode::kIo, fmt::format("cannot write {}: {}", path, std::generic_category().message(errno)));
    }
    return journal;
}

Journal::~Journal() {
    if (fd_ >= 0) {
        close(fd_);
    }
}

void Journal::learn(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const Document record = Document::parse(line, nullptr, false);
        if (!record.is_object() || text_at(record, "schema") != kSchema || !record.contains("task")) {
            continue; // torn by a kill
        }
        const Document& task = record["task"];
        const Result<std::uint64_t> id = parse_id(text_at(record, "id"));
        if (id && task.is_object()) {
            entries_[text_at(task, "output")] = JournalEntry{task, *id, text_at(record, "audio_hash")};
        }
    }
}

std::optional<JournalEntry> Journal::find(const std::string& output, const Document& task) const {
    const auto entry = entries_.find(output);
    return entry != entries_.end() && entry->second.task == task ? std::optional(entry->second) : std::nullopt;
}

Result<void> Journal::append_planned(const Document& task, std::uint64_t id) {
    return append({{"schema", kSchema}, {"event", "planned"}, {"id", format_id(id)}, {"task", task}});
}

Result<void> Journal::append_marked(const Document& task, const Document& embed_document) {
    Document record = {{"schema", kSchema}, {"event", "marked"}, {"id", embed_document["id"]}, {"task", task}};
    record["audio_hash"] = embed_document.value("audio_hash", "");
    record["result"] = embed_document;
    return append(record);
}

Result<void> Journal::append(const Document& record) {
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
        return fail(ErrorCode::kIo, fmt::format("cannot write {}: {}", path_, std::generic_category().message(reason)));
    }
    return {};
}

} // namespace wm::cli
