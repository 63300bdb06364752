#include "duplicate_search.h"

#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "base/scratch_folder.h"
#include "duplicate_journal.h"
#include "index_sources.h"
#include "interrupt.h"
#include "line_log.h"
#include "parallel.h"
#include "signed_folder.h"
#include "text_file.h"
#include "wm/registry.h"

namespace wm::cli {
namespace {

/// A search for each upload is many searches, and one false match joins two groups: stricter than wm identify.
constexpr double kSameSound = 8e-6;

namespace fs = std::filesystem;

constexpr const char* kJournalSchema = "wm.duplicates-journal/1";

/// How many uploads may be done before a slow one that they wait for.
constexpr std::size_t kMaxWaiting = 64;
/// Fingerprints are published together: each time costs a flush of the disk.
constexpr std::size_t kBatchTracks = 32;

/// An upload with what its examination leaves, or why the run cannot go on.
struct Examination {
    ExaminedUpload examined;
    Fingerprint fingerprint;
    Result<void> outcome;
};

/// What a search for one recording found, or why the run cannot go on.
struct Finding {
    DistinctSound sound;
    Result<void> outcome;
};

/// One run of find_duplicates().
class DuplicateSearch {
public:
    DuplicateSearch(const DuplicateOptions& options, Console& console, const std::string& folder)
        : options_(options), console_(console), folder_(folder),
          index_path_((fs::path(folder) / "uploads.index").string()) {}

    Result<DuplicateTable> run() {
        return find_uploads(options_.uploads)
            .and_then([&](std::vector<ExaminedUpload> uploads) {
                uploads_ = std::move(uploads);
                console_.set_num_files(2 * uploads_.size());
                return open_registry();
            })
            .and_then([&] { return open_journal(); })
            .and_then([&] { return examine_all(); })
            .and_then([&] { return search_all(); })
            .and_then([&] { return group_duplicates(uploads_, sounds_, options_.profile.signals); });
    }

private:
    /// Before the first recording is registered there is no index, and nothing to be found.
    Result<void> open_registry() {
        if (options_.registry.empty()) {
            return {};
        }
        return Registry::open(options_.registry, Registry::Mode::kRead)
            .and_then([](const Registry& registry) { return registry.head(std::nullopt); })
            .map([&](const TreeHead& head) {
                std::error_code ignored;
                registered_path_ = index_path_of(options_.registry);
                registered_path_ = fs::exists(registered_path_, ignored) ? registered_path_ : "";
                registry_root_ = head.root;
            });
    }

    Document head_document() const {
        return {{"schema", kJournalSchema},
                {"uploads", options_.uploads},
                {"registry", registry_root_},
                {"policy", options_.profile.hash()}};
    }

    Result<void> open_journal() {
        Result<void> fits;
        Document head;
        Result<std::unique_ptr<LineLog>> log =
            LineLog::open((fs::path(folder_) / "journal.ndjson").string(), [&](const Document& line) {
                if (head.is_null()) {
                    head = line;
                } else {
                    fits = fits.and_then([&] { return take_up_line(line); });
                }
            });
        if (!log || !fits) {
            return log ? fits : tl::unexpected(log.error());
        }
        journal_ = *std::move(log);
        if (head.is_null()) {
            return journal_->append(head_document());
        }
        if (!options_.resume) {
            return fail(ErrorCode::kUsage,
                        fmt::format("an earlier run left {}: go on with --resume, or remove it", folder_));
        }
        return head == head_document()
                   ? Result<void>()
                   : fail(ErrorCode::kUsage, fmt::format("the run in {} was about something else: remove it", folder_));
    }

    Result<void> take_up_line(const Document& line) {
        if (line.contains("searched")) {
            if (num_searched_ < sounds_.size() && sounds_[num_searched_].sound == text_at(line, "searched")) {
                take_up(line, sounds_[num_searched_++]);
            }
            return {};
        }
        const std::string file = text_at(line, "file");
        const bool is_there =
            num_examined_ < uploads_.size() && to_line(uploads_[num_examined_].upload.file) == to_line(file);
        if (!is_there || source_stamp(uploads_[num_examined_].upload.file) != text_at(line, "stamp")) {
            return fail(ErrorCode::kUsage,
                        fmt::format("{} is not what it was when the run in {} began: remove that", file, folder_));
        }
        ExaminedUpload& examined = uploads_[num_examined_++];
        take_up(line, examined);
        add_sound(examined);
        return {};
    }

    bool add_sound(const ExaminedUpload& examined) {
        const std::string& sound = examined.upload.sound;
        if (sound.empty() || !places_.emplace(sound, sounds_.size()).second) {
            return false;
        }
        sounds_.push_back({sound, examined.duration_s, {}, "", "", ""});
        files_.push_back(examined.upload.file);
        return true;
    }

    /// Examines what the journal does not have. A batch is in the index before the journal: adding it again changes nothing.
    Result<void> examine_all() {
        if (num_searched_ > 0) {
            return {}; // the index is whole
        }
        std::error_code ignored;
        Result<Index> index = fs::exists(index_path_, ignored) ? Index::open(index_path_, Index::Mode::kWrite)
                                                               : Index::create(index_path_);
        if (!index) {
            return tl::unexpected(index.error());
        }
        Result<void> outcome;
        std::size_t next = num_examined_;
        run_stream_in_order<std::size_t, Examination>(
            options_.num_jobs, kMaxWaiting,
            [&] { return outcome && !interrupted() && next < uploads_.size() ? std::optional(next++) : std::nullopt; },
            [&](const std::size_t& k) { return examine(k); },
            [&](const std::size_t& k, Examination examination) {
                outcome = outcome.and_then([&] { return examination.outcome; }).and_then([&] {
                    uploads_[k] = examination.examined;
                    waiting_.push_back(k);
                    if (add_sound(uploads_[k])) {
                        batch_.push_back(
                            {{uploads_[k].upload.sound, "", "", "", 0}, std::move(examination.fingerprint)});
                    }
                    return waiting_.size() >= kBatchTracks ? publish(*index) : Result<void>();
                });
            });
        outcome = outcome.and_then([&] { return publish(*index); });
        if (outcome && interrupted()) {
            return fail(ErrorCode::kCancelled, "interrupted: go on with --resume");
        }
        // One segment, whatever the batches were: what is found does not depend on where a run was stopped.
        return outcome.and_then([&] { return index->compact(); });
    }

    Result<void> publish(Index& index) {
        const Result<std::vector<AddOutcome>> added = index.add(batch_);
        Result<void> written = added.map([](const auto&) {});
        for (const std::size_t k : waiting_) {
            written = written.and_then(
                [&] { return journal_->append(line_of(uploads_[k], source_stamp(uploads_[k].upload.file))); });
        }
        batch_.clear();
        waiting_.clear();
        return written;
    }

    Examination examine(std::size_t k) const {
        Examination examination{uploads_[k], {}, {}};
        ExaminedUpload& examined = examination.examined;
        if (!examined.problem.empty()) {
            return examination;
        }
        const std::string& file = examined.upload.file;
        Result<SoundRecord> sound = record_sound(file, console_.progress_of(k));
        console_.file_done(k);
        if (!sound) {
            const Error& error = sound.error();
            if (error.code == ErrorCode::kCancelled) {
                examination.outcome = tl::unexpected(error);
            }
            examined.problem = error.message;
            return examination;
        }
        examined.upload.sound = sound->audio_hash;
        examined.duration_s = sound->fingerprint.duration_s();
        examined.signals = signals_of(shape_of(sound->fingerprint), options_.profile.signals);
        examination.fingerprint = std::move(sound->fingerprint);
        return examination;
    }

    Result<void> search_all() {
        Result<void> outcome;
        std::size_t next = num_searched_;
        run_stream_in_order<std::size_t, Finding>(
            options_.num_jobs, kMaxWaiting,
            [&] { return outcome && !interrupted() && next < sounds_.size() ? std::optional(next++) : std::nullopt; },
            [&](const std::size_t& k) { return search(k); },
            [&](const std::size_t& k, Finding finding) {
                outcome = outcome.and_then([&] { return finding.outcome; }).and_then([&] {
                    sounds_[k] = std::move(finding.sound);
                    return journal_->append(line_of(sounds_[k]));
                });
            });
        return outcome && interrupted() ? fail(ErrorCode::kCancelled, "interrupted: go on with --resume") : outcome;
    }

    Finding search(std::size_t k) const {
        Finding finding{sounds_[k], {}};
        const auto progress = console_.progress_of(uploads_.size() + k);
        IdentifyOptions among_uploads;
        among_uploads.largest_p_value = kSameSound;
        among_uploads.excluded_track = finding.sound.sound;
        const Result<std::vector<Match>> near = identify(index_path_, files_[k], among_uploads, progress);
        IdentifyOptions among_registered;
        among_registered.largest_p_value = kSameSound;
        const Result<std::vector<Match>> known =
            registered_path_.empty() ? std::vector<Match>()
                                     : identify(registered_path_, files_[k], among_registered, progress);
        console_.file_done(uploads_.size() + k);
        if (!near || !known) {
            finding.outcome = tl::unexpected(near ? known.error() : near.error());
            return finding;
        }
        std::map<std::string, std::vector<Match>> by_other;
        for (const Match& match : *near) {
            by_other[match.track.id].push_back(match);
        }
        for (const auto& [other, matches] : by_other) {
            finding.sound.near.push_back(resemblance_of(matches, finding.sound.duration_s));
        }
        if (!known->empty()) {
            const IndexTrack& track = known->front().track;
            finding.sound.claim = track.id;
            finding.sound.isrc = track.isrc;
            finding.sound.title = track.title;
        }
        return finding;
    }

    static Result<std::vector<Match>> identify(const std::string& index_path, const std::string& file,
                                               const IdentifyOptions& options, const Progress& progress) {
        return Index::open(index_path, Index::Mode::kRead)
            .and_then([&](const Index& index) { return index.identify_file(file, options, progress); })
            .and_then([&](IdentifyReport report) -> Result<std::vector<Match>> {
                if (report.rows_answered < report.rows_asked) {
                    return fail(ErrorCode::kFormat, fmt::format("the index {} is damaged", index_path));
                }
                return std::move(report.matches);
            });
    }

    const DuplicateOptions& options_;
    Console& console_;
    const std::string folder_;
    const std::string index_path_;
    std::string registered_path_; ///< of the registry's index; empty: nothing is registered
    std::string registry_root_;
    std::unique_ptr<LineLog> journal_;
    std::vector<ExaminedUpload> uploads_;
    std::vector<DistinctSound> sounds_;
    std::vector<std::string> files_; ///< the first upload of each sound
    std::map<std::string, std::size_t> places_;
    std::size_t num_examined_ = 0; ///< of uploads_, by an earlier run
    std::size_t num_searched_ = 0; ///< of sounds_
    std::vector<IndexEntry> batch_;
    std::vector<std::size_t> waiting_; ///< uploads that are examined and in no journal
};

Result<DuplicateTable> find_and_print(const DuplicateOptions& options, Console& console) {
    return ScratchFolder::create().and_then([&](const ScratchFolder& folder) {
        return DuplicateSearch(options, console, folder.path("")).run().map([&](DuplicateTable table) {
            console.result(table.csv);
            return table;
        });
    });
}

} // namespace

Result<DuplicateTable> find_duplicates(const DuplicateOptions& options, Console& console) {
    if (options.out == "-") {
        return find_and_print(options, console);
    }
    std::error_code ignored;
    if (fs::exists(options.out, ignored)) {
        return fail(ErrorCode::kUsage, fmt::format("{} exists already, and is not overwritten", options.out));
    }
    const std::string folder = options.out + ".wm-duplicates";
    return make_folder(folder)
        .and_then([&] { return DuplicateSearch(options, console, folder).run(); })
        .and_then([&](DuplicateTable table) {
            return write_text_file(options.out, table.csv).map([&] {
                fs::remove_all(folder, ignored); // the table is whole: what is left of the folder does no harm
                return std::move(table);
            });
        });
}

} // namespace wm::cli
