#pragma once

/// What a batch did, one JSON document a line, in wm-journal.ndjson in the output folder (docs/cli.md). A record of the id
/// is on the disk before the output that carries it, and the output is whole before the record that says so: a run that is
/// killed loses nothing, and --resume goes on with the same ids.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "line_log.h"

namespace wm::cli {

/// What the journal last said about one output.
struct JournalEntry {
    Document task; ///< what was asked for; another input, key or strength is another task
    std::uint64_t id = 0;
    std::string audio_hash; ///< of the output; empty when it was planned and not done
};

class Journal {
public:
    /// Reads what stands in the folder's journal, if there is one; nothing can be appended.
    static Result<std::unique_ptr<Journal>> read(const std::string& folder);

    /// Reads it and keeps it for appending; made when missing. One run at a time may hold it.
    /// errors   kIo; kUsage when another run holds it
    static Result<std::unique_ptr<Journal>> open(const std::string& folder);

    /// What it said about `output` when it was opened, if that was about the same task.
    std::optional<JournalEntry> find(const std::string& output, const Document& task) const;

    /// Each returns when the record is on the disk. threads: any
    Result<void> append_planned(const Document& task, std::uint64_t id);
    Result<void> append_marked(const Document& task, const Document& embed_document);

private:
    using LogOpener = Result<std::unique_ptr<LineLog>> (*)(const std::string& path,
                                                           const std::function<void(const Document&)>& learn);
    Journal() = default;
    static Result<std::unique_ptr<Journal>> start(const std::string& folder, LogOpener open_log);
    void learn(const Document& record);

    std::unique_ptr<LineLog> log_;
    std::map<std::string, JournalEntry> entries_; // by output
};

} // namespace wm::cli
