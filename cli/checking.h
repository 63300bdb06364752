#pragma once

/// Checking one recording after another against a registry, and keeping what is to outlast the run.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "check_question.h"
#include "exit_code.h"
#include "line_log.h"
#include "wm/evidence.h"
#include "wm/upload_signals.h"

namespace wm::cli {

/// One recording and what is asked about it.
struct CheckTask {
    std::string input;
    AskedQuestion asked;
    Upload upload; ///< as a manifest describes it
};

struct CheckOptions {
    std::string registry; ///< one of these two is given
    std::string snapshot;
    std::string manifest;  ///< whose journal is kept; empty or `-`: none is
    bool resume = false;   ///< take from the journal what still holds
    std::string receipt;   ///< where the signed verdict goes; empty: nowhere
    std::string identity;  ///< who signs it
    std::string usage_log; ///< what is appended to; empty: nothing
};

/// What came of one recording.
struct CheckResult {
    ExitCode code = kFailed;
    Document document;
    std::string text;
    std::string error;
    Upload upload; ///< the task's, with what was found in it
};

/// A verdict, and the claims that it was made of.
struct Judgement {
    std::vector<ClaimHistory> claims;
    Verdict verdict;
};

/// errors   as Registry::find()
Result<Judgement> judge(const Registry& registry, const Evidence& evidence, const TreeHead& head,
                        const AskedQuestion& asked);

/// One run's registry, keys and files.
///
/// threads  any, for run()
class Checker {
public:
    /// errors   kUsage (a snapshot that is none, another run with the same files), kIo, kFormat (a snapshot that was changed)
    static Result<std::unique_ptr<Checker>> open(CheckOptions options, std::vector<Key> keys);

    /// Checks the recording, unless the journal has its verdict; and keeps what the options ask to be kept.
    CheckResult run(const CheckTask& task, const Progress& progress);

private:
    Checker(CheckOptions options, std::vector<Key> keys);

    Result<Registry> open_registry() const;
    Result<void> check_snapshot() const;
    Result<void> open_logs();
    Result<Verdict> check(const CheckTask& task, const Progress& progress, Upload& upload) const;
    Result<void> keep(const CheckTask& task, const Document& task_line, const Verdict& verdict,
                      const CheckResult& result);
    Result<void> write_receipt(const std::string& name, const Verdict& verdict) const;
    Document task_document(const CheckTask& task) const;

    const CheckOptions options_;
    const EvidenceSources sources_;
    std::unique_ptr<LineLog> journal_;
    std::map<std::string, Document> earlier_; // results, by task
    std::unique_ptr<LineLog> usage_log_;
};

} // namespace wm::cli
