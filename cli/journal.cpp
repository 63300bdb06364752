#include "journal.h"

#include <filesystem>

#include "wm/id.h"

namespace wm::cli {
namespace {

constexpr char kName[] = "wm-journal.ndjson";
constexpr char kSchema[] = "wm.journal/1";

std::string path_in(const std::string& folder) {
    return (std::filesystem::path(folder) / kName).string();
}

} // namespace

Result<std::unique_ptr<Journal>> Journal::start(const std::string& folder, LogOpener open_log) {
    std::unique_ptr<Journal> journal(new Journal);
    return open_log(path_in(folder), [&](const Document& record) { journal->learn(record); })
        .map([&](std::unique_ptr<LineLog> log) {
            journal->log_ = std::move(log);
            return std::move(journal);
        });
}

Result<std::unique_ptr<Journal>> Journal::read(const std::string& folder) {
    return start(folder, LineLog::read);
}

Result<std::unique_ptr<Journal>> Journal::open(const std::string& folder) {
    return start(folder, LineLog::open);
}

void Journal::learn(const Document& record) {
    if (text_at(record, "schema") != kSchema || !record.contains("task")) {
        return;
    }
    const Document& task = record["task"];
    const Result<std::uint64_t> id = parse_id(text_at(record, "id"));
    if (id && task.is_object()) {
        entries_[text_at(task, "output")] = JournalEntry{task, *id, text_at(record, "audio_hash")};
    }
}

std::optional<JournalEntry> Journal::find(const std::string& output, const Document& task) const {
    const auto entry = entries_.find(output);
    return entry != entries_.end() && entry->second.task == task ? std::optional(entry->second) : std::nullopt;
}

Result<void> Journal::append_planned(const Document& task, std::uint64_t id) {
    return log_->append({{"schema", kSchema}, {"event", "planned"}, {"id", format_id(id)}, {"task", task}});
}

Result<void> Journal::append_marked(const Document& task, const Document& embed_document) {
    Document record = {{"schema", kSchema}, {"event", "marked"}, {"id", embed_document["id"]}, {"task", task}};
    record["audio_hash"] = embed_document.value("audio_hash", "");
    record["result"] = embed_document;
    return log_->append(record);
}

} // namespace wm::cli
