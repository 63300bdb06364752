#pragma once

/// The growing results of an evaluation: results.csv and times.csv get whole groups of trials, in the plan's order, each flushed
/// to the disk before the next. A run that is killed leaves at most one group torn, which the next one cuts off.

#include <memory>
#include <string>

#include "wm/evaluate.h"
#include "wm/result.h"

namespace wm::cli {

class ResultsFolder {
public:
    /// Makes the folder, or takes it up where it was left. One run at a time may hold it.
    /// errors   kIo; kUsage: another run holds it, or it has the results of another evaluation
    static Result<std::unique_ptr<ResultsFolder>> open(const std::string& folder, const Evaluation& evaluation);
    ~ResultsFolder();
    ResultsFolder(const ResultsFolder&) = delete;
    ResultsFolder& operator=(const ResultsFolder&) = delete;

    /// How many groups are whole.
    std::size_t num_groups() const { return num_groups_; }

    /// errors   kIo
    Result<void> append(const TrialGroup& group);

private:
    ResultsFolder() = default;

    int lock_ = -1;
    int results_ = -1;
    int times_ = -1;
    std::string folder_;
    std::size_t num_groups_ = 0;
};

} // namespace wm::cli
