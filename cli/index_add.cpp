#include "index_add.h"

#include <array>
#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "documents.h"
#include "interrupt.h"
#include "parallel.h"
#include "text.h"
#include "wm/index.h"

namespace wm::cli {
namespace {

/// A batch is published when it holds this much: what a kill can lose.
constexpr std::size_t kBatchTracks = 32;
constexpr double kBatch_s = 3600;

const char* name_of(AddOutcome outcome) {
    constexpr std::array kNames = {"added", "there", "replaced", "conflict"};
    return kNames[static_cast<std::size_t>(outcome)];
}

/// One run of `wm index add`.
class Adder {
public:
    Adder(Index index, const IndexAddOptions& options, Console& console)
        : index_(std::move(index)), options_(options), console_(console) {}

    /// Which sources are not there as they stand. errors: kIo, kFormat
    Result<std::vector<IndexSource>> pending(const std::vector<IndexSource>& sources) {
        std::vector<IndexSource> rest;
        for (const IndexSource& source : sources) {
            const Result<std::optional<IndexTrack>> there =
                options_.resume ? index_.find(source.track.id) : std::optional<IndexTrack>();
            if (!there) {
                return tl::unexpected(there.error());
            }
            if (*there && (*there)->source == source_stamp(source.path)) {
                report(source, "skipped");
            } else {
                rest.push_back(source);
            }
        }
        return rest;
    }

    void take(const IndexSource& source, Result<Fingerprint> fingerprint) {
        if (failed_ || (!fingerprint && fingerprint.error().code == ErrorCode::kCancelled)) {
            return;
        }
        if (!fingerprint) {
            outcome_ = kFailed;
            console_.error_about(source.path, fingerprint.error().message);
            if (options_.ndjson) {
                console_.result(to_line(index_add_document(source.path, source.track.id, fingerprint.error())));
            }
            return;
        }
        IndexEntry entry{source.track, *std::move(fingerprint)};
        entry.track.source = source_stamp(source.path);
        batch_s_ += entry.fingerprint.duration_s();
        batch_.push_back(std::move(entry));
        batch_sources_.push_back(source);
        if (batch_.size() >= kBatchTracks || batch_s_ >= kBatch_s) {
            publish();
        }
    }

    void publish() {
        if (batch_.empty() || failed_) {
            return;
        }
        const Result<std::vector<AddOutcome>> outcomes = index_.add(batch_, options_.replace);
        if (!outcomes) {
            failed_ = true;
            outcome_ = kFailed;
            console_.error(outcomes.error().message);
            return;
        }
        for (std::size_t k = 0; k < batch_.size(); ++k) {
            report(batch_sources_[k], name_of((*outcomes)[k]));
            if ((*outcomes)[k] == AddOutcome::kConflict) {
                console_.error(
                    fmt::format("{}: the index has other audio under the id '{}': give it another id in a manifest, "
                                "or --replace",
                                batch_sources_[k].path, batch_[k].track.id));
                outcome_ = outcome_ == kFailed ? kFailed : kRefused;
            }
        }
        batch_.clear();
        batch_sources_.clear();
        batch_s_ = 0;
    }

    ExitCode outcome() const { return outcome_; }

private:
    void report(const IndexSource& source, const char* outcome) {
        if (options_.ndjson) {
            console_.result(to_line(index_add_document(source.path, source.track.id, outcome)));
        } else {
            console_.result(printable(fmt::format("{:8} {}\n", outcome, source.track.id)));
        }
    }

    Index index_;
    const IndexAddOptions& options_;
    Console& console_;
    std::vector<IndexEntry> batch_;
    std::vector<IndexSource> batch_sources_;
    double batch_s_ = 0;
    bool failed_ = false;
    ExitCode outcome_ = kDone;
};

Result<Index> open_or_create(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored) ? Index::open(path, Index::Mode::kWrite) : Index::create(path);
}

} // namespace

ExitCode run_index_add(const std::string& path, const std::vector<IndexSource>& sources, const IndexAddOptions& options,
                       Console& console) {
    Result<Index> index = open_or_create(path);
    if (!index) {
        console.error(index.error().message);
        return exit_code_of(index.error());
    }
    Adder adder(*std::move(index), options, console);
    const Result<std::vector<IndexSource>> pending = adder.pending(sources);
    if (!pending) {
        console.error(pending.error().message);
        return exit_code_of(pending.error());
    }
    console.set_num_files(pending->size());
    run_in_order<Result<Fingerprint>>(
        pending->size(), options.num_jobs,
        [&](std::size_t k) -> Result<Fingerprint> {
            if (interrupted()) {
                return fail(ErrorCode::kCancelled, "interrupted");
            }
            Result<Fingerprint> fingerprint = fingerprint_file((*pending)[k].path, console.progress_of(k));
            console.file_done(k);
            return fingerprint;
        },
        [&](std::size_t k, Result<Fingerprint> fingerprint) { adder.take((*pending)[k], std::move(fingerprint)); });
    adder.publish();
    return adder.outcome();
}

} // namespace wm::cli
