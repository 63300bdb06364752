#include <filesystem>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include "evaluate/systems/system.h"
#include "wm/index.h"

namespace wm {
namespace {

class FingerprintSystem final : public WatermarkSystem {
public:
    FingerprintSystem(std::vector<NamedRecording> recordings, std::string index_path)
        : recordings_(std::move(recordings)), index_path_(std::move(index_path)) {}

    const std::string& name() const override { return name_; }
    int num_bits() const override { return 0; }
    bool marks() const override { return false; }
    std::string description() const override {
        return fmt::format("an index of the first {} recordings", recordings_.size());
    }

    Result<double> embed(const std::string& /*input*/, const std::string& /*output*/, const std::string& /*message*/,
                         const std::function<bool()>& /*goes_on*/) override {
        return fail(ErrorCode::kInternal, "fingerprints mark nothing");
    }

    Result<SystemFinding> detect(const std::string& clip, WhichKey /*key*/, const std::string& message,
                                 const std::function<bool()>& goes_on) override {
        Result<Index> index = take_index(goes_on);
        if (!index) {
            return tl::unexpected(index.error());
        }
        const Result<IdentifyReport> report =
            index->identify_file(clip, {}, [&](double) { return !goes_on || goes_on(); });
        const std::lock_guard lock(mutex_);
        idle_.push_back(*std::move(index));
        return report.map([&](const IdentifyReport& found) { return finding_of(found, message); });
    }

private:
    /// An index that no other thread has.
    Result<Index> take_index(const std::function<bool()>& goes_on) {
        const std::lock_guard lock(mutex_);
        if (!is_built_) {
            if (Result<void> built = build(goes_on); !built) {
                return tl::unexpected(built.error());
            }
            is_built_ = true;
        }
        if (idle_.empty()) {
            return Index::open(index_path_, Index::Mode::kRead);
        }
        Result<Index> index = std::move(idle_.back());
        idle_.pop_back();
        return index;
    }

    /// Anew in each run: what an interrupted one left is not trusted.
    Result<void> build(const std::function<bool()>& goes_on) const {
        std::error_code failure;
        std::filesystem::remove(index_path_, failure);
        std::vector<IndexEntry> entries;
        for (const NamedRecording& recording : recordings_) {
            Result<Fingerprint> fingerprint =
                fingerprint_file(recording.path, [&](double) { return !goes_on || goes_on(); });
            if (fingerprint) {
                entries.push_back({{recording.name, "", "", "", 0}, *std::move(fingerprint)});
            } else if (fingerprint.error().code == ErrorCode::kCancelled) {
                return tl::unexpected(fingerprint.error());
            } // a recording that cannot be read is an error of its own trials
        }
        return Index::create(index_path_)
            .and_then([&](Index index) { return index.add(entries); })
            .map([](const std::vector<AddOutcome>&) {});
    }

    static SystemFinding finding_of(const IdentifyReport& report, const std::string& recording) {
        SystemFinding finding;
        finding.false_positive_bound = report.threshold;
        if (report.outcome == IdentifyOutcome::kInconclusive) {
            finding.outcome = TrialOutcome::kInconclusive;
            finding.message = report.reason;
        }
        if (!report.matches.empty()) {
            const Match& best = report.matches[0];
            finding.outcome = best.track.id == recording ? TrialOutcome::kDetected : TrialOutcome::kWrong;
            finding.score = best.score;
            finding.log10_p_value = best.log10_p_value;
            finding.message = finding.outcome == TrialOutcome::kWrong ? best.track.id : "";
        }
        return finding;
    }

    std::string name_ = "fingerprint";
    std::vector<NamedRecording> recordings_;
    std::string index_path_;
    std::mutex mutex_;
    bool is_built_ = false;
    std::vector<Index> idle_;
};

} // namespace

std::unique_ptr<WatermarkSystem> make_fingerprint_system(std::vector<NamedRecording> recordings,
                                                         const std::string& work_folder) {
    return std::make_unique<FingerprintSystem>(std::move(recordings),
                                               (std::filesystem::path(work_folder) / "fingerprints.db").string());
}

} // namespace wm
