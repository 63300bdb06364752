#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <optional>

#include <fmt/format.h>

#include "watermark/desync_search.h"
#include "watermark/joint_reading.h"
#include "watermark/plain_search.h"
#include "watermark/tile_reader.h"
#include "watermark/window_keeper.h"
#include "wm/watermark.h"

namespace wm {
namespace {

constexpr double kWindow_s = 12.0;
constexpr std::size_t kMostWindows = 5;
/// Shorter audio than this holds no whole block.
constexpr double kLeastAudible_s = 2.0;
/// The plain search's share of the work, for progress.
constexpr double kPlainShare = 0.6;

/// One run of detect_file.
class DetectRun {
public:
    DetectRun(const std::vector<Key>& keys, const DetectOptions& options, const Progress& progress)
        : keys_(keys), options_(options), progress_(progress), log_bound_(std::log(options.false_positive_bound)) {
        if (options.public_notices) {
            notice_index_ = keys_.size();
            keys_.push_back(Key::of_public_notices());
        }
        layouts_ = std::vector<ChipLayout>(keys_.begin(), keys_.end());
    }

    Result<DetectReport> run(const std::string& input) {
        const Result<std::unique_ptr<AudioReader>> reader = AudioReader::open(input);
        if (!reader) {
            return tl::unexpected(reader.error());
        }
        TileReader samples(**reader);
        PlainSearch plain(samples.num_channels(), layouts_, log_bound_);
        WindowKeeper keeper(samples.num_channels(), static_cast<std::size_t>(kWindow_s * kTileRate_hz), kMostWindows);
        const Result<bool> is_read = samples.read_all(
            [&](const float* const* channels, std::size_t count) {
                plain.push(channels, count);
                keeper.push(channels, count);
            },
            [this](double share) { return !progress_ || progress_(share * kPlainShare); });
        if (!is_read) {
            return tl::unexpected(is_read.error());
        }
        if (!*is_read) {
            return cancelled();
        }
        plain.finish();
        findings_ = plain.findings();
        const std::size_t num_windows = std::max<std::size_t>(1, keeper.windows().size());
        DesyncSearch desync(samples.num_channels(), layouts_, log_bound_, num_windows);
        if (options_.desync != DesyncRange::kNone && plain.audible_s() >= kLeastAudible_s &&
            !search_windows(desync, keeper)) {
            return cancelled();
        }
        return report(plain, desync, num_windows);
    }

private:
    static Result<DetectReport> cancelled() {
        return fail(ErrorCode::kCancelled, "stopped before the search was complete");
    }

    std::vector<bool> missing_keys() const {
        std::vector<bool> missing(keys_.size(), true);
        for (const Finding& finding : findings_) {
            missing[finding.key_index] = false;
        }
        if (notice_index_ && !findings_.empty()) { // a notice would have been found as the mark was
            missing[*notice_index_] = false;
        }
        return missing;
    }

    /// Searches for the keys that the plain search did not find: the lines in every window first, and then the plane, which
    /// costs more. Once a geometry is known, the other windows are searched around it only. What no window shows by itself is
    /// looked for in all of them together.
    bool search_windows(DesyncSearch& desync, const WindowKeeper& keeper) {
        const std::vector<bool> wanted = missing_keys();
        if (std::find(wanted.begin(), wanted.end(), true) == wanted.end()) {
            return true;
        }
        std::vector<std::vector<LatticeGeometry>> stages{desync_lines()};
        if (options_.desync == DesyncRange::kPlane) {
            stages.push_back(desync_plane());
        }
        std::vector<Finding> found;
        const auto num_steps = static_cast<double>(stages.size() * keeper.windows().size());
        double num_done = 0.0;
        const std::vector<const WindowKeeper::Window*> windows = from_the_middle(keeper.windows());
        for (const std::vector<LatticeGeometry>& stage : stages) {
            GeometryTally tally(keys_.size(), stage.size());
            for (const WindowKeeper::Window* window : windows) {
                set_window(desync, *window);
                if (found.empty()) {
                    desync.search(stage, wanted, found, &tally);
                    tally.end_window();
                } else {
                    desync.search({LatticeGeometry::nearest(found.front().geometry)}, wanted, found);
                }
                num_done += 1.0;
                if (progress_ && !progress_(kPlainShare + num_done / num_steps * (1.0 - kPlainShare))) {
                    return false;
                }
            }
            if (found.empty()) {
                read_jointly(desync, windows, stage, tally, found);
            }
            if (!found.empty()) {
                break;
            }
        }
        findings_.insert(findings_.end(), found.begin(), found.end());
        return true;
    }

    static std::vector<const WindowKeeper::Window*> from_the_middle(const std::vector<WindowKeeper::Window>& windows) {
        std::vector<const WindowKeeper::Window*> order;
        for (const WindowKeeper::Window& window : windows) {
            order.push_back(&window);
        }
        std::rotate(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(order.size() / 2), order.end());
        return order;
    }

    static void set_window(DesyncSearch& desync, const WindowKeeper::Window& window) {
        std::vector<const float*> channels;
        for (const std::vector<float>& channel : window.samples) {
            channels.push_back(channel.data());
        }
        desync.set_window(channels.data(), window.samples[0].size(), static_cast<double>(window.start) / kTileRate_hz);
    }

    void read_jointly(DesyncSearch& desync, const std::vector<const WindowKeeper::Window*>& windows,
                      const std::vector<LatticeGeometry>& stage, const GeometryTally& tally,
                      std::vector<Finding>& found) const {
        for (std::size_t key = 0; key < keys_.size() && windows.size() > 1; ++key) {
            for (const GeometryTally::Lead& lead : tally.leads(key)) {
                set_window(desync, *windows[lead.window]);
                const std::optional<Sighting> best = desync.sight(stage[lead.geometry], key, false);
                JointReading reading(layouts_[key], windows.size());
                for (const WindowKeeper::Window* window : windows) {
                    set_window(desync, *window);
                    if (const auto sighting = best ? desync.sight(best->lattice, key, true) : std::nullopt) {
                        reading.add(*sighting);
                    }
                }
                if (const auto finding =
                        best ? reading.read(key, best->lattice, log_bound_, keys_.size()) : std::nullopt) {
                    merge_finding(found, *finding);
                    break;
                }
            }
        }
    }

    DetectReport report(const PlainSearch& plain, const DesyncSearch& desync, std::size_t num_windows) const {
        DetectReport report;
        report.duration_s = plain.duration_s();
        report.false_positive_bound = options_.false_positive_bound;
        report.threshold = threshold_statistic(log_bound_, plain.log_hypotheses());
        report.hypotheses = std::exp(plain.log_hypotheses());
        if (options_.desync != DesyncRange::kNone) {
            report.threshold = threshold_statistic(log_bound_, desync.log_hypotheses());
            report.hypotheses +=
                std::exp(desync.log_hypotheses()) + std::exp(JointReading::log_hypotheses(num_windows, keys_.size()));
        }
        for (const Finding& finding : findings_) {
            report.marks.push_back(mark(finding));
        }
        std::sort(report.marks.begin(), report.marks.end(),
                  [](const Mark& a, const Mark& b) { return a.log10_p_value < b.log10_p_value; });
        if (!report.marks.empty()) {
            report.outcome = DetectOutcome::kFound;
        } else if (plain.audible_s() < kLeastAudible_s) {
            report.outcome = DetectOutcome::kInconclusive;
            report.reason =
                report.duration_s < kLeastAudible_s
                    ? fmt::format("too short: {:.1f} s, and a mark needs {:.0f} s at the least", report.duration_s,
                                  kLeastAudible_s)
                    : fmt::format("too quiet: only {:.1f} s of {:.1f} s are loud and wide enough to hold a mark",
                                  plain.audible_s(), report.duration_s);
        }
        return report;
    }

    Mark mark(const Finding& finding) const {
        Mark mark;
        mark.id = finding.payload;
        mark.key_name = keys_[finding.key_index].name();
        mark.key_id = keys_[finding.key_index].id();
        mark.p_value = std::exp(finding.log_p);
        mark.log10_p_value = finding.log_p / std::numbers::ln10;
        mark.start_s = finding.start_s;
        mark.end_s = finding.end_s;
        mark.tempo = finding.geometry.tempo;
        mark.pitch_semitones = 12.0 * std::log2(finding.geometry.pitch);
        mark.speed = finding.geometry.speed();
        mark.score = finding.evidence.statistic();
        mark.payload_to_pilot = finding.evidence.pilot > 0 ? finding.evidence.payload / finding.evidence.pilot : 1;
        return mark;
    }

    std::vector<Key> keys_;
    std::optional<std::size_t> notice_index_; ///< of the notices' key
    const DetectOptions& options_;
    const Progress& progress_;
    double log_bound_;
    std::vector<ChipLayout> layouts_;
    std::vector<Finding> findings_;
};

} // namespace

Result<DetectReport> detect_file(const std::string& input, const std::vector<Key>& keys, const DetectOptions& options,
                                 const Progress& progress) {
    if (keys.empty() && !options.public_notices) {
        return fail(ErrorCode::kUsage, "no key to look for: name at least one key file");
    }
    if (!(options.false_positive_bound >= 1e-15 && options.false_positive_bound <= 1e-3)) {
        return fail(ErrorCode::kUsage,
                    fmt::format("the false-positive bound {} is outside 1e-15 to 1e-3", options.false_positive_bound));
    }
    return DetectRun(keys, options, progress).run(input);
}

} // namespace wm
